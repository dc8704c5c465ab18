"""A row of a sheet means whom it was printed for, and a stay within the session."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.sheet import ListedRow, PaperRow, Sheet
from domain.sheet_refusals import SheetRowWrong
from tests.domain.given import CHEN, EVENING, LIN, by
from tests.domain.refusing import refused

CLOSED = EVENING + timedelta(minutes=80)


def sheet() -> Sheet:
    """Row 1 is Chen's, row 2 is blank."""
    return Sheet(
        session_id=LIN,
        school_code="4401040001",
        number=1,
        listed=(ListedRow(learner_id=CHEN, child_id=uuid4()),),
        blank_rows=1,
        envelope=by(),
    )


def row(number: int = 1, came: float = 0, left: float | None = None, who: UUID = CHEN) -> PaperRow:
    return PaperRow(
        row=number,
        learner_id=who,
        came_at=EVENING + timedelta(minutes=came),
        left_at=None if left is None else EVENING + timedelta(minutes=left),
    )


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([row(who=LIN)], 1),
        ([row(2)], 2),
        ([row(2, who=LIN), row(2, who=uuid4())], 2),
        ([row(0)], 0),
        ([row(3, who=LIN)], 3),
        ([row(came=80)], 1),
        ([row(came=20, left=20)], 1),
        ([row(came=-60 * 24)], 1),
        ([row(left=60 * 48)], 1),
    ],
    ids=[
        "another",
        "listed already",
        "row twice",
        "no row",
        "below the last",
        "after",
        "no time",
        "another evening",
        "another morning",
    ],
)
def test_a_row_that_cannot_be_is_named(rows: list[PaperRow], wrong: int) -> None:
    typed = sheet()
    with refused(SheetRowWrong, row=wrong):
        typed.enter(rows, CLOSED, by())
    assert typed.rows == frozenset()


def test_a_listed_row_and_a_guest_on_a_blank_one_are_read() -> None:
    typed, rows = sheet(), [row(2, who=LIN), row(came=79.9, left=200)]
    typed.enter(rows, CLOSED, by())
    assert typed.rows == frozenset(rows)
    assert (typed.learner_of(1), typed.learner_of(2)) == (CHEN, None)
