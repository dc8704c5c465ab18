"""Where each refusal is tested: the test files that name its class or its code."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

from domain.refusals import Refused
from tools import ROOT

TESTS: Final = ROOT / "tests"
WORD: Final = re.compile(r"[\"'/]?\b\w+")


@cache
def _words() -> dict[str, Counter[str]]:
    """How often each test file says a word; a word behind a quote or a slash keeps that as `/`."""
    return {
        path.relative_to(ROOT).as_posix(): Counter(
            re.sub(r"^[\"']", "/", word) for word in WORD.findall(path.read_text(encoding="utf-8"))
        )
        for path in sorted(TESTS.rglob("test_*.py"))
    }


def tests_of(kind: type[Refused]) -> list[str]:
    """The files that say what a refusal is called; the one that names it most comes first."""
    asked = (kind.__name__, f"/{kind.__name__}", f"/{kind.code}")
    counts = {name: sum(words[each] for each in asked) for name, words in _words().items()}
    return sorted((name for name in counts if counts[name]), key=lambda name: -counts[name])
