"""Completing: the conditions of an annual completion and of a stage completion (结业)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.crediting import Credit
from domain.rulebook import Rulebook
from domain.rules import AnnualCompletion
from domain.totals import Totals

MIN_HOURS = "completion.annual.min_hours"
MIN_IN_PERSON = "completion.annual.min_face_to_face_hours"


class CompletionKind(StrEnum):
    """Of a school year, or of a whole stage."""

    ANNUAL = "annual"
    STAGE = "stage"


class Condition(BaseModel):
    """One condition as it was judged: the figure it stands on, its value, the value it asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    value: int
    threshold: int

    @property
    def met(self) -> bool:
        return self.value >= self.threshold


class Completion(NamedTuple):
    """A completion as it was reached; of a stage with the school year in which it ended."""

    conditions: tuple[Condition, ...]
    rulebook_version: str
    last_year: int | None = None
    reached_on: date | None = None


Completions = Mapping[tuple[CompletionKind, str], Completion]


class PassedExam(BaseModel):
    """An exam that was passed by the rules of its day: it stays passed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exam_id: UUID
    school_year: int


@dataclass(frozen=True, slots=True)
class StageEnrolment:
    """A learner's time in a stage: the school years enrolled so far, and how late it began.

    `terms_remaining_at_entry` of None: from the first term on. `finished` are the school years
    that were closed with a child of the learner in the stage's last grade.
    """

    stage: str
    school_years: tuple[int, ...]
    terms_remaining_at_entry: int | None = None
    finished: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LearningRecord:
    """All that an evaluation looks at.

    `held` are the entries under verification: they reach nothing new and withdraw nothing.
    `offered` are the hours that the learner's schools offered, by school year: known for those
    that are closed. `terms_since_fraud` are the whole terms over since fraud was confirmed;
    None: it never was. `merged` is what each of the person's other records had completed.
    """

    credits: tuple[Credit, ...]
    exams_passed: tuple[PassedExam, ...]
    enrolment: StageEnrolment
    held: frozenset[UUID] = frozenset()
    offered: Mapping[int, int] = field(default_factory=dict[int, int])
    terms_since_fraud: int | None = None
    merged: tuple[Completions, ...] = ()

    def free(self) -> LearningRecord:
        """The record without what is under verification."""
        kept = tuple(c for c in self.credits if c.entry_id not in self.held)
        return replace(self, credits=kept, held=frozenset())

    def of_year(self, school_year: int) -> Totals:
        """A year's hours, whatever the stage: a parent of children in two stages is one person."""
        return Totals.of(c for c in self.credits if c.school_year == school_year)

    def of_stage(self) -> Totals:
        return Totals.of(c for c in self.credits if c.stage == self.enrolment.stage)

    def exams_in(self, school_years: Iterable[int]) -> int:
        years = frozenset(school_years)
        return sum(exam.school_year in years for exam in self.exams_passed)


def annual_conditions(
    record: LearningRecord,
    rulebook: Rulebook,
    school_year: int,
    reached: Iterable[Condition] = (),
) -> tuple[Condition, ...]:
    """What an annual completion asks for, and how far the learner is.

    What was reached is measured against what was asked then: how many recognised hours count hangs
    on it.
    """
    annual, totals = rulebook.completion.annual, record.of_year(school_year)
    then = {condition.ref: condition.threshold for condition in reached}
    hours = then.get(MIN_HOURS, _min_hours(annual, record.offered.get(school_year)))
    in_person = then.get(MIN_IN_PERSON, annual.min_face_to_face_hours)
    return (
        Condition(ref=MIN_HOURS, value=totals.counted(rulebook, hours), threshold=hours),
        Condition(
            ref=MIN_IN_PERSON, value=totals.in_person(rulebook, in_person), threshold=in_person
        ),
        *_family_conditions(totals, rulebook),
        Condition(
            ref="completion.annual.exams_passed",
            value=record.exams_in([school_year]),
            threshold=annual.exams_passed,
        ),
    )


def stage_conditions(
    record: LearningRecord, rulebook: Rulebook, completed: Iterable[int], end: int
) -> tuple[Condition, ...]:
    """What a stage completion asks for at an end of the stage, given the school years completed.

    With several children the stage ends several times. Years that a younger child adds later never
    take a completion away.
    """
    rules = rulebook.completion.stage
    enrolled = [year for year in record.enrolment.school_years if year <= end]
    years = frozenset(completed) & frozenset(enrolled)
    return (
        Condition(
            ref="completion.stage.years_numerator",
            value=len(years),
            threshold=-(-len(enrolled) * rules.years_numerator // rules.years_denominator),
        ),
        Condition(
            ref="completion.stage.in_last_year",
            value=int(end in years),
            threshold=int(rules.in_last_year),
        ),
    )


def all_met(conditions: Iterable[Condition]) -> bool:
    return all(condition.met for condition in conditions)


def still_met(reached: Iterable[Condition], now: Iterable[Condition]) -> bool:
    """Whether what was reached still holds, by the thresholds of the day it was reached.

    Later rules change nothing about it: only values that fell do.
    """
    values = {condition.ref: condition.value for condition in now}
    return all(values.get(c.ref, c.threshold) >= c.threshold for c in reached)


def measured(reached: Iterable[Condition], values: Mapping[str, int]) -> tuple[Condition, ...]:
    """What was asked for then, with the values of now."""
    return tuple(
        each.model_copy(update={"value": values.get(each.ref, each.threshold)}) for each in reached
    )


def _min_hours(annual: AnnualCompletion, offered: int | None) -> int:
    """Less is asked for where the school offered less than it must, once its year is closed."""
    guard = annual.supply_guard
    if offered is None or offered >= guard.expected_offer:
        return annual.min_hours
    return min(max(offered * guard.share_percent // 100, guard.floor), annual.min_hours)


def _family_conditions(totals: Totals, rulebook: Rulebook) -> Iterator[Condition]:
    families = rulebook.course_families
    yield Condition(
        ref="course_families.required_for_completion",
        value=len(totals.families.keys() & families.known),
        threshold=families.required_for_completion,
    )
    for family, times in families.must_include.items():
        yield Condition(
            ref=f"course_families.must_include.{family}",
            value=totals.families.get(family, 0),
            threshold=times,
        )
