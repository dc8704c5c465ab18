"""The document of the rules shows every figure of the rulebook that the program ships with."""

from __future__ import annotations

import pytest

from domain.figures import Figure, Unit
from tests.domain.given import RULES
from tools import ROOT, rule_docs


def test_the_document_fits_the_rulebook() -> None:
    [(path, text)] = rule_docs.documents().items()
    assert (ROOT / path).read_text(encoding="utf-8") == text, "make schemas writes it anew"


def test_every_figure_is_documented() -> None:
    [text] = rule_docs.documents().values()
    assert {figure.ref for figure in RULES.figures() if f"| `{figure.ref}` |" not in text} == set()


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (400, Unit.HOURS, "4.00"),
        (75, Unit.PERCENT, "75 %"),
        (True, None, "yes"),
        (False, None, "no"),
        (("a", "b"), None, "`a`, `b`"),
        (3, None, "3"),
        ("once", None, "once"),
    ],
)
def test_a_figure_is_written_with_its_unit(value: object, unit: Unit | None, words: str) -> None:
    assert rule_docs.value_of(Figure("ref", value, "LOCAL", unit)) == words
