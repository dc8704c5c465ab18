"""Completing: the conditions of an annual completion and of a stage completion (结业)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.crediting import Credit
from domain.rulebook import Rulebook
from domain.rules import AnnualCompletion
from domain.totals import Totals


class Condition(BaseModel):
    """One condition as it was judged: the figure it stands on, its value, the value it asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    value: int
    threshold: int

    @property
    def met(self) -> bool:
        return self.value >= self.threshold


class PassedExam(BaseModel):
    """An exam that was passed by the rules of its day: it stays passed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exam_id: UUID
    school_year: int


@dataclass(frozen=True, slots=True)
class StageEnrolment:
    """A learner's time in a stage: the school years enrolled so far, and how late it began.

    `terms_remaining_at_entry` of None: from the first term on. `finished`: the stage is over.
    """

    stage: str
    school_years: tuple[int, ...]
    terms_remaining_at_entry: int | None = None
    finished: bool = False


@dataclass(frozen=True, slots=True)
class LearningRecord:
    """All that an evaluation looks at.

    `held` are the entries under verification: they reach nothing new and withdraw nothing.
    `offered` are the hours offered to the learner's grade; known when the school year is closed.
    """

    credits: tuple[Credit, ...]
    exams_passed: tuple[PassedExam, ...]
    enrolment: StageEnrolment
    held: frozenset[UUID] = frozenset()
    offered: int | None = None

    def free(self) -> LearningRecord:
        """The record without what is under verification."""
        kept = tuple(c for c in self.credits if c.entry_id not in self.held)
        return LearningRecord(kept, self.exams_passed, self.enrolment, offered=self.offered)

    def of_year(self, school_year: int) -> Totals:
        """A year's hours, whatever the stage: a parent of children in two stages is one person."""
        return Totals.of(c for c in self.credits if c.school_year == school_year)

    def of_stage(self) -> Totals:
        return Totals.of(c for c in self.credits if c.stage == self.enrolment.stage)

    def exams_in(self, school_years: Iterable[int]) -> int:
        years = frozenset(school_years)
        return sum(exam.school_year in years for exam in self.exams_passed)


def annual_conditions(
    record: LearningRecord, rulebook: Rulebook, school_year: int
) -> tuple[Condition, ...]:
    """What an annual completion asks for, and how far the learner is."""
    annual = rulebook.completion.annual
    totals = record.of_year(school_year)
    counted = totals.counted(rulebook.no_double_credit.online_max_percent)
    return (
        Condition(
            ref="completion.annual.min_hours",
            value=counted,
            threshold=_min_hours(annual, record.offered),
        ),
        Condition(
            ref="completion.annual.min_face_to_face_hours",
            value=totals.face_to_face,
            threshold=annual.min_face_to_face_hours,
        ),
        *_family_conditions(totals, rulebook),
        Condition(
            ref="completion.annual.exams_passed",
            value=record.exams_in([school_year]),
            threshold=annual.exams_passed,
        ),
    )


def stage_conditions(
    record: LearningRecord, rulebook: Rulebook, completed: Iterable[int]
) -> tuple[Condition, ...]:
    """What a stage completion asks for, given the school years that were completed in it."""
    rules = rulebook.completion.stage
    enrolled = record.enrolment.school_years
    years = frozenset(completed) & frozenset(enrolled)
    return (
        Condition(
            ref="completion.stage.years_numerator",
            value=len(years),
            threshold=-(-len(enrolled) * rules.years_numerator // rules.years_denominator),
        ),
        Condition(
            ref="completion.stage.in_last_year",
            value=int(max(enrolled, default=None) in years),
            threshold=int(rules.in_last_year),
        ),
    )


def still_met(reached: Iterable[Condition], now: Iterable[Condition]) -> bool:
    """Whether what was reached still holds, by the thresholds of the day it was reached.

    Later rules change nothing about it: only values that fell do.
    """
    values = {condition.ref: condition.value for condition in now}
    return all(values.get(c.ref, c.threshold) >= c.threshold for c in reached)


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
