"""Where each refusal is tested: the test files that name its class or its code."""

from __future__ import annotations

import re
from functools import cache

from domain.refusals import Refused
from tools import ROOT

TESTS = ROOT / "tests"


@cache
def _texts() -> dict[str, str]:
    """Every test file by its path; the table of doors names codes of its own."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TESTS.rglob("test_*.py"))
    }


def tests_of(kind: type[Refused]) -> list[str]:
    """The files that say what a refusal is called; the one that names it most comes first."""
    said = re.compile(rf"\b{kind.__name__}\b|[\"'/]{kind.code}\b")
    counts = {name: len(said.findall(text)) for name, text in _texts().items()}
    return sorted((name for name in counts if counts[name]), key=lambda name: -counts[name])
