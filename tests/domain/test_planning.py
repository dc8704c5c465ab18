"""What may be announced, at its edges; the doors' own tests show each refusal from outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import Term
from domain.planning import (
    ClassHoursExceedTime,
    DateOutsideTerm,
    GradesNeeded,
    GradesOfTwoStages,
    ModeNotPlanned,
    StageNotOfThisSchool,
    UnknownGrade,
    must_be_sound,
)
from domain.refusals import Refused
from tests.domain.given import EVENING
from tests.domain.refusing import refused
from tests.domain.sessions import plan

TERM = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))


def test_class_hours_fill_the_time_to_the_second() -> None:
    must_be_sound(plan(ends_at=EVENING + timedelta(minutes=80)), TERM, ["primary"])
    with refused(ClassHoursExceedTime, minutes=79):
        must_be_sound(plan(ends_at=EVENING + timedelta(minutes=80, seconds=-1)), TERM, ["primary"])


def test_a_term_begins_and_ends_at_the_city_s_midnight() -> None:
    midnight = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)
    lasts = timedelta(minutes=80)
    must_be_sound(plan(begins_at=midnight, ends_at=midnight + lasts), TERM, ["primary"])
    early = midnight - timedelta(seconds=1)
    with refused(DateOutsideTerm, begins=TERM.begins, ends=TERM.ends):
        must_be_sound(plan(begins_at=early, ends_at=early + lasts), TERM, ["primary"])


def test_the_whole_school_is_meant_only_where_it_has_one_stage() -> None:
    must_be_sound(plan(grades=()), TERM, ["primary"])
    with pytest.raises(GradesNeeded):
        must_be_sound(plan(grades=()), TERM, ["primary", "junior"])


@pytest.mark.parametrize(
    ("different", "refusal", "facts"),
    [
        ({"mode": "parent_lecturer"}, ModeNotPlanned, {"mode": "parent_lecturer"}),
        ({"stage": "senior"}, StageNotOfThisSchool, {"stage": "senior"}),
        ({"grades": ("三年级", "启智班")}, UnknownGrade, {"grade": "启智班"}),
        ({"grades": ("三年级", "七年级")}, GradesOfTwoStages, {"grade": "七年级"}),
        ({"grades": ()}, GradesNeeded, {}),
    ],
)
def test_a_plan_that_does_not_fit_its_school_is_refused(
    different: dict[str, object], refusal: type[Refused], facts: dict[str, object]
) -> None:
    with refused(refusal, **facts):
        must_be_sound(plan(**different), TERM, ["primary", "junior"])
