"""Judging: by which rules a record is judged on a day, and what they make of a year and a stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.completing import (
    CompletionKind,
    Condition,
    LearningRecord,
    annual_conditions,
    stage_conditions,
    still_met,
)
from domain.rulebook import Rulebook

Completions = Mapping[tuple[CompletionKind, str], tuple[Condition, ...]]


@dataclass(frozen=True, slots=True)
class RulesOfDay:
    """Today's rulebook for stars; each school year to be judged with the one of its last day."""

    day: date
    rulebook: Rulebook
    years: Mapping[int, Rulebook]


@dataclass(frozen=True, slots=True)
class CompletionJudgement:
    """A completion under judgement: whether it is reached now, and whether it still stands."""

    kind: CompletionKind
    period: str
    hours: int
    face_to_face_hours: int
    reaches: bool
    stands: bool
    conditions: tuple[Condition, ...]
    rulebook_version: str


def judge_year(
    record: LearningRecord, rulebook: Rulebook, school_year: int, completions: Completions
) -> CompletionJudgement:
    """What is under verification neither reaches a completion nor withdraws it.

    A year in which the learner has no place in the stage is no year of it.
    """
    kind, period, free = CompletionKind.ANNUAL, str(school_year), record.free()
    reached = completions.get((kind, period))
    asked = annual_conditions(free, rulebook, school_year)
    held = annual_conditions(record, rulebook, school_year, reached or ())
    enrolled = school_year in record.enrolment.school_years
    return CompletionJudgement(
        kind=kind,
        period=period,
        hours=asked[0].value,
        face_to_face_hours=free.of_year(school_year).face_to_face,
        reaches=reached is None and enrolled and _all_met(asked),
        stands=reached is None or (enrolled and (still_met(reached, held) or _all_met(asked))),
        conditions=asked if reached is None else held,
        rulebook_version=rulebook.version,
    )


def judge_stage(
    record: LearningRecord, rulebook: Rulebook, completed: Iterable[int], completions: Completions
) -> CompletionJudgement:
    kind, period = CompletionKind.STAGE, record.enrolment.stage
    reached = completions.get((kind, period))
    asked = stage_conditions(record, rulebook, completed)
    over, totals = bool(record.enrolment.finished), record.free().of_stage()
    return CompletionJudgement(
        kind=kind,
        period=period,
        hours=totals.counted(rulebook),
        face_to_face_hours=totals.face_to_face,
        reaches=reached is None and over and _all_met(asked),
        stands=reached is None or (over and (still_met(reached, asked) or _all_met(asked))),
        conditions=asked,
        rulebook_version=rulebook.version,
    )


def _all_met(conditions: Iterable[Condition]) -> bool:
    return all(condition.met for condition in conditions)
