"""Plan check: what a parent who comes to everything a school plans can reach, grade by grade.

The parent is made up: nobody's record is looked at, and nobody is measured by the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from domain.assessing import Result
from domain.completing import (
    Condition,
    LearningRecord,
    PassedExam,
    StageEnrolment,
    all_met,
    annual_conditions,
)
from domain.compliance import best_runs
from domain.crediting import Credit, credited
from domain.earned import Seat, seat_claim
from domain.grades import GRADES, Grade, grade_called
from domain.identity import derived
from domain.plan import SessionPlan
from domain.rulebook import Rulebook
from domain.settling import Claimed, granted_in_order
from domain.standing import Standing
from domain.stars import star_conditions, terms_remaining

SHARES = "shares"  # what a parent gives, and no plan can hold
_FULL = "attendance.full_credit_min_percent"


@dataclass(frozen=True, slots=True)
class Offered:
    """A session that was held or still may be, with the rules that credit it."""

    session_id: UUID
    plan: SessionPlan
    rulebook: Rulebook

    @property
    def course_id(self) -> UUID:
        return self.plan.course_id

    @property
    def class_hours(self) -> int:
        return self.plan.class_hours

    @property
    def begins_at(self) -> datetime:
        return self.plan.begins_at


@dataclass(frozen=True, slots=True)
class Supply:
    """What a school offers in a school year, and did in those before; the years with an exam."""

    school_year: int
    sessions: tuple[Offered, ...]
    exam_years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class StarOutlook:
    """A level by the end of the stage. `beyond` is what a parent brings and no plan can."""

    level: int
    conditions: tuple[Condition, ...]
    beyond: tuple[Condition, ...]
    needs_proposal: bool

    @property
    def missing(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if not condition.met)


@dataclass(frozen=True, slots=True)
class GradeOutlook:
    """What a family of a grade can reach: the completion of the year, and each star."""

    grade: str
    completion: tuple[Condition, ...]
    stars: tuple[StarOutlook, ...]

    @property
    def missing(self) -> tuple[Condition, ...]:
        """What lacks for the completion of the year."""
        return tuple(condition for condition in self.completion if not condition.met)

    @property
    def highest_star(self) -> int:
        """The highest level for which the plan suffices, and for all below it."""
        enough = takewhile(lambda star: not star.missing, self.stars)
        return max((star.level for star in enough), default=0)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year of a stage as somebody goes through it."""

    school_year: int
    credits: tuple[Credit, ...]
    has_exam: bool


def is_offered(standing: Standing, ends_at: datetime, at: datetime) -> bool:
    """Whether a session was held, or still may be."""
    return not standing.is_off and (standing is not Standing.SCHEDULED or at < ends_at)


def plan_check(supply: Supply, grades: Iterable[str], rulebook: Rulebook) -> list[GradeOutlook]:
    """Judge a plan for each grade, by the figures of a completion and of the stars of its stage.

    A star takes years: those before count as the school held them for these children, from the
    first one it knows of; those to come are taken to be like this one. The guard of a year that
    offered too little is for its end: a plan does not count on it.
    """
    return [_outlook(supply, grade, rulebook) for grade in grades]


def credits_of(supply: Supply, school_year: int, grade: str) -> tuple[Credit, ...]:
    """What comes of everything that is open to a grade in a year, within every limit.

    Of the runs of one course the longest is chosen; the rest is granted in the order of the year.
    """
    open_to = (
        each
        for each in supply.sessions
        if each.plan.school_year == school_year and each.plan.is_open_to(grade)
    )
    runs = sorted(best_runs(open_to).values(), key=lambda run: (run.begins_at, run.session_id))
    rules = {run.rulebook.version: run.rulebook for run in runs}
    settled = granted_in_order(map(claimed_whole, runs), rules.__getitem__)
    return tuple(
        credited(got.claimed.claim, got.hours, rules[got.claimed.rulebook_version])
        for got in settled.values()
        if got.hours
    )


def claimed_whole(offered: Offered) -> Claimed:
    """What somebody claims who is there from the beginning to the end."""
    plan, key = offered.plan, offered.session_id
    minutes = int((plan.ends_at - plan.begins_at).total_seconds()) // 60
    seat = Seat(key, key, minutes, Result.FULL, _FULL)
    return Claimed(seat_claim(key, plan, seat, offered.rulebook), offered.rulebook.version)


def _outlook(supply: Supply, name: str, rulebook: Rulebook) -> GradeOutlook:
    grade = grade_called(name)
    if grade is None:  # a class of no year of its own (启智班): no stage is gone through
        only = _record("", [_year_of(supply, supply.school_year, name)], None)
        return GradeOutlook(name, annual_conditions(only, rulebook, supply.school_year), ())
    stage, years = grade.stage.value, list(_stage_of(supply, grade))
    known = (number for number, year in enumerate(years[: grade.year], 1) if year.credits)
    entry = next(known, grade.year)
    ahead = terms_remaining(rulebook, stage, entry, term_no=1)
    record = _record(stage, years[entry - 1 :], ahead)
    completion = annual_conditions(record, rulebook, supply.school_year)
    return GradeOutlook(name, completion, tuple(_stars(record, rulebook)))


def _stars(record: LearningRecord, rulebook: Rulebook) -> Iterator[StarOutlook]:
    _, track = rulebook.stars.track_of(record.enrolment.stage)
    completed = sum(
        all_met(annual_conditions(record, rulebook, year)) for year in record.enrolment.school_years
    )
    for number, asked in star_conditions(record, rulebook, completed).items():
        beyond = tuple(each for each in asked if each.ref.endswith(f".{SHARES}"))
        planned = tuple(each for each in asked if each not in beyond)
        yield StarOutlook(number, planned, beyond, track.levels[number].needs_proposal)


def _record(stage: str, years: Iterable[_Year], ahead: int | None) -> LearningRecord:
    through = tuple(years)
    return LearningRecord(
        credits=tuple(credit for year in through for credit in year.credits),
        exams_passed=tuple(
            PassedExam(
                exam_id=derived("plan_check", year.school_year), school_year=year.school_year
            )
            for year in through
            if year.has_exam
        ),
        enrolment=StageEnrolment(stage, tuple(year.school_year for year in through), ahead),
    )


def _stage_of(supply: Supply, grade: Grade) -> Iterator[_Year]:
    """Every year of a grade's stage, the first one first."""
    for each in GRADES:
        if each.stage is grade.stage:
            yield _year_of(supply, supply.school_year + each.year - grade.year, each.name)


def _year_of(supply: Supply, school_year: int, grade: str) -> _Year:
    """A year to come repeats what the same grade has now."""
    told = min(school_year, supply.school_year)
    credits = credits_of(supply, told, grade)
    if told != school_year:
        credits = tuple(each.model_copy(update={"school_year": school_year}) for each in credits)
    return _Year(school_year, credits, told in supply.exam_years)
