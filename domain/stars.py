"""Stars of a learner (a person, per stage): thresholds, conditions and the level they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from domain.completing import Condition, LearningRecord
from domain.hours import rounded_up
from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.rules import StarLevel, StarTrack
from domain.suspension import is_suspension, suspension
from domain.totals import Totals

TERMS_PER_YEAR = 2
HOURS = "hours"

Conditions = Mapping[int, tuple[Condition, ...]]


class Star(NamedTuple):
    """A star as it was awarded: from which day, and the hours that it asked for by which rules.

    One that came with another record (`taken_over_from`) was judged there.
    """

    from_day: date
    rulebook_version: str
    min_hours: int | None
    taken_over_from: UUID | None


class StarNotDue(Refused):
    """The learner's record asks for no star that the school could propose or grant now."""

    code = "star_not_due"


def terms_remaining(rulebook: Rulebook, stage: str, year_of_stage: int, term_no: int) -> int:
    """Terms of a stage that lie ahead of somebody who enters in its n-th year, that term included.

    Raises UnknownStage.
    """
    _, track = rulebook.stars.track_of(stage)
    return track.terms - (year_of_stage - 1) * TERMS_PER_YEAR - (term_no - 1)


def star_conditions(
    record: LearningRecord, rulebook: Rulebook, annual_completions: int
) -> Conditions:
    """Every level's own conditions with value and threshold. Raises UnknownStage."""
    name, track = rulebook.stars.track_of(record.enrolment.stage)
    totals = record.of_stage()
    values = _values(record, totals, rulebook, annual_completions)
    rounding = rulebook.stars.late_joiner_rounding
    entry = record.enrolment.terms_remaining_at_entry
    remaining = track.terms if entry is None else entry
    return {
        number: tuple(
            Condition(
                ref=f"stars.tracks.{name}.levels.{number}.{what}",
                value=totals.counted(rulebook, threshold) if what == HOURS else values[what],
                threshold=threshold,
            )
            for what, threshold in _thresholds(level, _hours(track, level, remaining, rounding))
        )
        for number, level in track.levels.items()
    }


@dataclass(frozen=True, slots=True)
class StarJudgement:
    """The level that the rules award, and whether the next one waits for the school's proposal."""

    level: int
    needs_proposal: bool
    conditions: tuple[Condition, ...]

    @property
    def proposable(self) -> int | None:
        """The level that the school may propose now."""
        return self.level + 1 if self.needs_proposal else None

    def same_outcome(self, other: StarJudgement) -> bool:
        """Values may grow without it: only a level or a condition met is worth a fact."""
        return (self.level, self.needs_proposal, self.is_suspended, self._met()) == (
            other.level,
            other.needs_proposal,
            other.is_suspended,
            other._met(),
        )

    def hours_asked(self, level: int) -> int | None:
        """The hours that a level asked for; None where it was not judged."""
        asked = (c.threshold for c in self.conditions if c.ref.endswith(f".{level}.{HOURS}"))
        return next(asked, None)

    @property
    def is_suspended(self) -> bool:
        """Whether no new star is awarded or proposed for the time being."""
        return any(is_suspension(each) for each in self.conditions)

    def _met(self) -> frozenset[str]:
        return frozenset(condition.ref for condition in self.conditions if condition.met)


def judge_stars(
    record: LearningRecord, rulebook: Rulebook, annual_completions: int, held_level: int
) -> StarJudgement:
    """What a record is worth in stars. A level held is never lowered. Raises UnknownStage."""
    conditions = star_conditions(record, rulebook, annual_completions)
    waits = suspension(record, rulebook)
    _, track = rulebook.stars.track_of(record.enrolment.stage)
    reached = _reached(conditions) if all(each.met for each in waits) else held_level
    free = (n for n, level in track.levels.items() if n <= reached and not level.needs_proposal)
    level = max([held_level, *free])
    return StarJudgement(
        level=level,
        needs_proposal=reached > level,
        conditions=(*waits, *(each for asked in conditions.values() for each in asked)),
    )


def _reached(conditions: Conditions) -> int:
    """The highest level whose conditions, and those of every level below, are met."""
    levels = sorted(conditions)
    met = takewhile(lambda number: all(c.met for c in conditions[number]), levels)
    return max(met, default=0)


def _hours(track: StarTrack, level: StarLevel, remaining: int, rounding: int) -> int:
    """Whoever joins late needs the part of the hours that the terms left make of the stage.

    Rounded up, and never less than one star asks of everybody.
    """
    part = -(-level.hours * min(remaining, track.terms) // track.terms)
    return max(min(rounded_up(part, rounding), level.hours), track.levels[1].hours)


def _thresholds(level: StarLevel, hours: int) -> Iterator[tuple[str, int]]:
    """What a level asks for. Zero asks for nothing."""
    yield HOURS, hours
    for what in ("exams_passed", "annual_completions", "families", "theme_activities", "shares"):
        if threshold := getattr(level, what):
            yield what, threshold


def _values(
    record: LearningRecord, totals: Totals, rulebook: Rulebook, annual_completions: int
) -> dict[str, int]:
    """What does not depend on how much a level asks for."""
    return {
        "exams_passed": record.exams_in(record.enrolment.school_years),
        "annual_completions": annual_completions,
        "families": len(totals.families.keys() & rulebook.course_families.known),
        "theme_activities": totals.theme_activities,
        "shares": totals.shares,
    }
