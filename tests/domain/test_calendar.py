"""The day where people live, the school year and the term it belongs to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.calendar import DayOutsideTerms, Term, last_day_of, local_day, school_year_of, term_of
from tests.domain.refusing import refused

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 28))
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 3, 1), ends=date(2027, 8, 31))
MIDNIGHT = datetime(2026, 9, 10, 16, 0, tzinfo=UTC)  # 2026-09-11 00:00 in Guangzhou


@given(seconds=st.integers(-2, 2))
def test_a_day_begins_at_midnight_in_guangzhou(seconds: int) -> None:
    at = MIDNIGHT + timedelta(seconds=seconds)
    assert local_day(at, "Asia/Shanghai") == date(2026, 9, 10 if seconds < 0 else 11)


@given(days=st.integers(-3, 3))
def test_a_school_year_begins_on_the_first_of_september(days: int) -> None:
    day = date(2026, 9, 1) + timedelta(days=days)
    assert school_year_of(day) == (2025 if days < 0 else 2026)


@given(days=st.integers(-2, 2), boundary=st.sampled_from(["begin", "middle", "end"]))
def test_every_day_of_a_school_year_has_one_term(days: int, boundary: str) -> None:
    anchor = {"begin": FIRST.begins, "middle": SECOND.begins, "end": SECOND.ends}[boundary]
    day = anchor + timedelta(days=days)
    if day < FIRST.begins or day > SECOND.ends:
        with refused(DayOutsideTerms, day=day):
            term_of(day, [FIRST, SECOND])
    else:
        assert term_of(day, [FIRST, SECOND]).code == ("2026-1" if day < SECOND.begins else "2026-2")


def test_a_term_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        Term(school_year=2026, term_no=1, begins=date(2026, 9, 2), ends=date(2026, 9, 1))


@given(days=st.integers(-3, 3))
def test_the_last_day_of_a_school_year_is_the_eve_of_the_next_one(days: int) -> None:
    day = date(2026, 9, 1) + timedelta(days=days)
    assert (last_day_of(2025) < day) == (school_year_of(day) == 2026)
