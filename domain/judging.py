"""Judging: by which rules a record is judged on a day, and what they make of a year and a stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.completing import (
    MIN_HOURS,
    Completion,
    CompletionKind,
    Completions,
    Condition,
    LearningRecord,
    all_met,
    annual_conditions,
    measured,
    stage_conditions,
    still_met,
)
from domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class RulesOfDay:
    """Today's rulebook for stars; each school year to be judged with the one of its last day.

    `ends` are those of the last day of each school year in which a child ended the stage. `then`
    are the rules, by version, under which something was completed before.
    """

    day: date
    rulebook: Rulebook
    years: Mapping[int, Rulebook]
    then: Mapping[str, Rulebook] = field(default_factory=dict[str, Rulebook])
    ends: Mapping[int, Rulebook] = field(default_factory=dict[int, Rulebook])


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
    last_year: int | None = None


def judge_year(
    record: LearningRecord, rules: RulesOfDay, school_year: int, completions: Completions
) -> CompletionJudgement:
    """What a school year is worth, or what another record of the person had made of it."""
    judged = _judge_own_year(record, rules, school_year, completions)
    if school_year not in record.enrolment.school_years:
        return judged
    counted = record if (judged.kind, judged.period) in completions else record.free()

    def as_asked_there(other: Completion) -> tuple[Condition, ...]:
        then = rules.then.get(other.rulebook_version, rules.years[school_year])
        return annual_conditions(counted, then, school_year, other.conditions)

    return _or_as_merged(judged, record, completions, as_asked_there)


def _judge_own_year(
    record: LearningRecord, rules: RulesOfDay, school_year: int, completions: Completions
) -> CompletionJudgement:
    """What is under verification neither reaches a completion nor withdraws it.

    A year in which the learner has no place in the stage is no year of it. What was reached is
    counted by the rules it was reached under, or by those of today where they ask for less.
    """
    kind, period, free = CompletionKind.ANNUAL, str(school_year), record.free()
    rulebook, enrolled = rules.years[school_year], school_year in record.enrolment.school_years
    reached = completions.get((kind, period))
    asked = annual_conditions(free, rulebook, school_year)
    conditions, stands = asked, True
    if reached is not None:
        rulebook = rules.then.get(reached.rulebook_version, rulebook)
        conditions = annual_conditions(record, rulebook, school_year, reached.conditions)
        stands = enrolled and (still_met(reached.conditions, conditions) or all_met(asked))
    return CompletionJudgement(
        kind=kind,
        period=period,
        hours=asked[0].value,
        face_to_face_hours=free.of_year(school_year).face_to_face,
        reaches=reached is None and enrolled and all_met(asked),
        stands=stands,
        conditions=conditions,
        rulebook_version=rulebook.version,
    )


def judge_stage(
    record: LearningRecord, rules: RulesOfDay, completed: Iterable[int], completions: Completions
) -> CompletionJudgement:
    """The first end of the stage that suffices by the rules of then is taken, else the last.

    What was reached at one end is measured there: a younger child's later end takes nothing away.
    """
    kind, period, finished = CompletionKind.STAGE, record.enrolment.stage, record.enrolment.finished
    ends = sorted(finished) or [max(record.enrolment.school_years, default=0)]
    ruled = {end: rules.ends.get(end, rules.rulebook) for end in ends}
    asked = {end: stage_conditions(record, ruled[end], completed, end) for end in ends}
    end = next((each for each in ends if all_met(asked[each])), ends[-1])
    suffices, reached = bool(finished) and all_met(asked[end]), completions.get((kind, period))
    totals = record.free().of_stage()
    judged = CompletionJudgement(
        kind=kind,
        period=period,
        hours=totals.counted(ruled[end]),
        face_to_face_hours=totals.face_to_face,
        reaches=reached is None and suffices,
        stands=reached is None or suffices or (bool(finished) and _holds(reached, asked, end)),
        conditions=asked[end],
        rulebook_version=ruled[end].version,
        last_year=end,
    )
    if not finished:
        return judged
    return _or_as_merged(
        judged, record, completions, lambda other: asked.get(other.last_year or end)
    )


def _or_as_merged(
    judged: CompletionJudgement,
    record: LearningRecord,
    known: Completions,
    met_now: Callable[[Completion], tuple[Condition, ...] | None],
) -> CompletionJudgement:
    """What another record of the person had completed is reached, as it was, where it still holds.

    Less was asked for there, by other rules or at another school. One's own completion that would
    be withdrawn stands by it.
    """
    key = judged.kind, judged.period
    if judged.reaches or (key in known and judged.stands):
        return judged
    for completions in record.merged:
        other = completions.get(key)
        found = met_now(other) if other else None
        if other and found is not None and still_met(other.conditions, found):
            if key in known:
                return replace(judged, stands=True)
            values = {each.ref: each.value for each in found}
            return replace(
                judged,
                reaches=True,
                hours=values.get(MIN_HOURS, judged.hours),
                conditions=measured(other.conditions, values),
                rulebook_version=other.rulebook_version or judged.rulebook_version,
                last_year=other.last_year or judged.last_year,
            )
    return judged


def _holds(reached: Completion, asked: Mapping[int, tuple[Condition, ...]], last: int) -> bool:
    """Whether a stage stays completed at the end where it was; older facts do not name it."""
    now = asked.get(reached.last_year or last)
    return now is not None and still_met(reached.conditions, now)
