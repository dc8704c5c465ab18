"""The dates of a term: no day is of two terms, and what was closed or recorded keeps them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from domain.calendar import Term
from domain.term import (
    BoundDates,
    SchoolTerm,
    TermDatesClosed,
    TermLeavesOut,
    TermsOverlap,
    must_not_overlap,
)
from tests.acting import envelope

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
LONGER = FIRST.model_copy(update={"ends": date(2027, 2, 28)})
ID = UUID(int=1)
DAY = timedelta(days=1)


def opened() -> SchoolTerm:
    return SchoolTerm(**FIRST.model_dump(), envelope=envelope())


@pytest.mark.parametrize(
    ("begins", "ends", "is_free"),
    [
        (FIRST.ends + DAY, FIRST.ends + 9 * DAY, True),
        (FIRST.ends, FIRST.ends + 9 * DAY, False),
        (FIRST.begins - 9 * DAY, FIRST.begins - DAY, True),
        (FIRST.begins - 9 * DAY, FIRST.begins, False),
        (FIRST.begins + DAY, FIRST.ends - DAY, False),
        (FIRST.begins - DAY, FIRST.ends + DAY, False),
    ],
)
def test_a_day_is_of_one_term(begins: date, ends: date, *, is_free: bool) -> None:
    other = Term(school_year=2026, term_no=2, begins=begins, ends=ends)
    if is_free:
        must_not_overlap(other, [FIRST, other])
        return
    with pytest.raises(TermsOverlap) as refusal:
        must_not_overlap(other, [FIRST, other])
    assert refusal.value.facts["term"] == "2026-1"


def test_dates_are_corrected_once_and_remembered_in_order() -> None:
    term = opened()
    term.correct_dates(LONGER, BoundDates(), ID, envelope())
    term.correct_dates(LONGER, BoundDates(), uuid4(), envelope())

    assert term.has(LONGER)
    assert [(each.id, each.ends) for each in term.corrections] == [(ID, LONGER.ends)]


@pytest.mark.parametrize(
    ("bound", "refusal"),
    [
        (BoundDates(closed_by=("4401040001",)), TermDatesClosed),
        (BoundDates(sessions=(ID,), days=(FIRST.ends,)), TermLeavesOut),
        (BoundDates(days=(FIRST.ends,)), TermLeavesOut),
    ],
)
def test_what_was_closed_or_would_be_left_out_keeps_the_dates(
    bound: BoundDates, refusal: type[TermDatesClosed | TermLeavesOut]
) -> None:
    term = opened()
    with pytest.raises(refusal):
        term.correct_dates(LONGER, bound, ID, envelope())
    assert term.has(FIRST)
    term.correct_dates(FIRST, bound, ID, envelope())  # its own dates are no news
