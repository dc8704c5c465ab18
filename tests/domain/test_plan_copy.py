"""Copying a plan: the same week and weekday, past days off; weeks of a term both ways."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Term
from domain.plan_copy import copied_day

BEFORE = Term(school_year=2025, term_no=1, begins=date(2025, 9, 1), ends=date(2026, 2, 8))
TERM = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 20))
FRIDAY = date(2025, 10, 3)  # of the fifth week


def test_a_session_keeps_its_week_and_its_weekday() -> None:
    copied = copied_day(FRIDAY, BEFORE, TERM, frozenset())

    assert (copied.day, copied.off) == (date(2026, 10, 2), ())
    assert TERM.week_of(copied.day) == BEFORE.week_of(FRIDAY) == 5


def test_a_day_off_sends_it_a_week_on_and_is_named() -> None:
    holidays = {date(2026, 10, 1) + timedelta(days=n) for n in range(9)}

    copied = copied_day(FRIDAY, BEFORE, TERM, holidays)

    assert copied.day == date(2026, 10, 16)
    assert copied.off == (date(2026, 10, 2), date(2026, 10, 9))


@given(st.dates(BEFORE.begins, BEFORE.ends), st.sets(st.dates(TERM.begins, TERM.ends)))
def test_no_copy_lies_on_a_day_off_and_none_changes_its_weekday(day: date, off: set[date]) -> None:
    copied = copied_day(day, BEFORE, TERM, off)

    assert copied.day not in off
    assert copied.day.weekday() == day.weekday()
    assert set(copied.off) <= off
    weeks = TERM.week_of(copied.day) - BEFORE.week_of(day)
    assert weeks == len(copied.off)


@given(st.dates(TERM.begins, TERM.ends))
def test_a_day_is_found_again_by_its_week_and_weekday(day: date) -> None:
    assert TERM.day_of(TERM.week_of(day), day.weekday()) == day
