"""What may be announced: a plan that fits its term, its school and its own time. New plans only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from domain.calendar import CITY_ZONE, Term, local_day
from domain.carriers import Mode
from domain.grades import GRADES
from domain.plan import SessionPlan
from domain.refusals import Refused


class CancelReason(StrEnum):
    """Why a session is not held."""

    LECTURER_ABSENT = "lecturer_absent"
    PLACE_NOT_FREE = "place_not_free"
    WEATHER_OR_EMERGENCY = "weather_or_emergency"
    SCHOOL_AFFAIRS = "school_affairs"
    ENTERED_IN_ERROR = "entered_in_error"


class ModeNotPlanned(Refused):
    """No session is held in that mode: a talk of a parent, a home visit, hours earned elsewhere."""

    code = "mode_not_planned"


class DateOutsideTerm(Refused):
    """The session does not begin in the term it is planned for (`begins` to `ends`)."""

    code = "date_outside_term"


class StageNotOfThisSchool(Refused):
    """The school has no such stage (`stage`)."""

    code = "grade_not_of_this_school"


class UnknownGrade(Refused):
    """No grade has that name (`grade`)."""

    code = "grade_unknown"


class GradesOfTwoStages(Refused):
    """A grade is of another stage than the session (`grade`)."""

    code = "grades_of_two_stages"


class GradesNeeded(Refused):
    """A school of several stages names the grades: the whole school would be of two stages."""

    code = "grades_needed"


class ClassHoursExceedTime(Refused):
    """The class hours are longer than the session (`minutes`)."""

    code = "class_hours_exceed_time"


class SessionClashes(Refused):
    """Another session (`session_id`) has the same parents or the same room at that time."""

    code = "session_clashes"


_NO_SESSION: Final = frozenset(mode.value for mode in Mode if not mode.is_a_session)
_STAGE_OF: Final = {grade.name: grade.stage.value for grade in GRADES}


def must_be_sound(plan: SessionPlan, term: Term, stages: Collection[str]) -> None:
    """Asked before a plan is announced or changed, never of recorded facts.

    `term` is the one that the plan names, `stages` are its school's. Raises what is above.
    """
    if plan.mode in _NO_SESSION:
        raise ModeNotPlanned(mode=plan.mode)
    if local_day(plan.begins_at, CITY_ZONE) not in term:
        raise DateOutsideTerm(begins=term.begins, ends=term.ends)
    must_be_of_one_stage(plan.stage, plan.grades, stages)
    _must_fit_its_time(plan)


def must_be_of_one_stage(stage: str, grades: Iterable[str], stages: Collection[str]) -> None:
    """Hours count for one stage, so what earns them is for grades of one; `stages` the school has.

    Raises StageNotOfThisSchool, GradesNeeded, UnknownGrade, GradesOfTwoStages.
    """
    named = tuple(grades)
    if stage not in stages:
        raise StageNotOfThisSchool(stage=stage)
    if not named and len(stages) > 1:
        raise GradesNeeded
    for grade in named:
        if grade not in _STAGE_OF:
            raise UnknownGrade(grade=grade)
        if _STAGE_OF[grade] != stage:
            raise GradesOfTwoStages(grade=grade)


def _must_fit_its_time(plan: SessionPlan) -> None:
    """Class hours are fixed in advance and must fit; a push takes no time of anybody's evening."""
    seconds = int((plan.ends_at - plan.begins_at).total_seconds())
    # Class hours are hundredths, hence both sides in hundredths of a second.
    needed = plan.class_hours * plan.class_hour_minutes * 60
    if plan.mode != Mode.INFO_PUSH and needed > seconds * 100:
        raise ClassHoursExceedTime(minutes=seconds // 60)
