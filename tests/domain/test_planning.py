"""What may be announced, at its edges; the doors' own tests show each refusal from outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import Term
from domain.planning import ClassHoursExceedTime, DateOutsideTerm, GradesNeeded, must_be_sound
from tests.domain.given import EVENING
from tests.domain.sessions import plan

TERM = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))


def test_class_hours_fill_the_time_to_the_second() -> None:
    must_be_sound(plan(ends_at=EVENING + timedelta(minutes=80)), TERM, ["primary"])
    with pytest.raises(ClassHoursExceedTime):
        must_be_sound(plan(ends_at=EVENING + timedelta(minutes=80, seconds=-1)), TERM, ["primary"])


def test_a_term_begins_and_ends_at_the_city_s_midnight() -> None:
    midnight = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
    lasts = timedelta(minutes=80)
    must_be_sound(plan(begins_at=midnight, ends_at=midnight + lasts), TERM, ["primary"])
    early = midnight - timedelta(seconds=1)
    with pytest.raises(DateOutsideTerm):
        must_be_sound(plan(begins_at=early, ends_at=early + lasts), TERM, ["primary"])


def test_the_whole_school_is_meant_only_where_it_has_one_stage() -> None:
    must_be_sound(plan(grades=()), TERM, ["primary"])
    with pytest.raises(GradesNeeded):
        must_be_sound(plan(grades=()), TERM, ["primary", "junior"])
