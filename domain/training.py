"""The trainings of a teacher: which programme on which days, and what may stand beside it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.identity import derived
from domain.refusals import Refused
from domain.teacher_cycle import CycleRules, Period, overfull

Key = tuple[UUID, date, date]


class HoursMalformed(Refused):
    """Training hours are positive, and the last day does not come before the first."""

    code = "teacher_hours_malformed"


class HoursDiffer(Refused):
    """Another number of hours is recorded for that programme and those days."""

    code = "teacher_hours_differ"


class TrainingNotOver(Refused):
    """Hours are awarded when the training is over."""

    code = "teacher_training_not_over"


class PeriodCrossesCycles(Refused):
    """A training counts in one cycle: days of two cycles are two entries."""

    code = "teacher_period_crosses_cycles"


class DayFull(Refused):
    """A day holds no more hours (rulebook: teacher_programme.max_hours_per_day)."""

    code = "teacher_day_full"


class ReversedBefore(Refused):
    """A file brings hours that were taken back: they come back by a person's entry only."""

    code = "teacher_hours_reversed_before"


class UnknownHours(Refused):
    """The teacher has no such award."""

    code = "teacher_hours_unknown"


class HoursAlreadyReversed(Refused):
    """The award was taken back before: a reversal is whole and happens once."""

    code = "teacher_hours_already_reversed"


class Source(StrEnum):
    """Who says so: a file of the province's platform, or a person at the school."""

    PLATFORM_FILE = "platform_file"
    STAFF_ENTRY = "staff_entry"


class Training(BaseModel):
    """Hours of one programme on some days. The words of the programme lie in the vault.

    `file_sha256` and `row` say where in which file it stands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme_id: UUID
    begins: date
    ends: date
    hours: int
    source: Source
    file_sha256: str | None = None
    row: int | None = None

    @property
    def key(self) -> Key:
        """What one award is about: the programme and the days, never the number of hours."""
        return self.programme_id, self.begins, self.ends

    @property
    def period(self) -> Period:
        return Period(self.begins, self.ends, self.hours)


class Trainings:
    """What was awarded to one teacher: what stands, with its cycle, and what was taken back."""

    def __init__(self) -> None:
        self.standing: dict[UUID, tuple[str, Training]] = {}
        self.reversed: dict[UUID, Training] = {}

    def hours(self, cycle: str) -> int:
        return sum(each.hours for code, each in self.standing.values() if code == cycle)

    def same_as(self, training: Training) -> UUID | None:
        """The award that says the same. Raises HoursMalformed, HoursDiffer."""
        if training.hours <= 0 or training.ends < training.begins:
            raise HoursMalformed(hours=training.hours)
        for award_id, (_, known) in self.standing.items():
            if known.key == training.key:
                if known.hours != training.hours:
                    raise HoursDiffer(recorded=known.hours)
                return award_id
        return None

    def require_room(self, training: Training, rules: CycleRules, today: date) -> None:
        """Raises TrainingNotOver, PeriodCrossesCycles, ReversedBefore, DayFull."""
        if training.ends > today:
            raise TrainingNotOver(ends=training.ends)
        if not (rules.cycle.holds(training.begins) and rules.cycle.holds(training.ends)):
            raise PeriodCrossesCycles(cycle=rules.cycle.code)
        if training.source is Source.PLATFORM_FILE and training.hours in self._reversed(training):
            raise ReversedBefore
        periods = [training.period, *(each.period for _, each in self.standing.values())]
        if full := overfull(periods, rules.programme.max_hours_per_day):
            raise DayFull(begins=full[0], ends=full[1])

    def next_id(self, teacher_id: UUID, training: Training) -> UUID:
        """The one award for a programme and its days; after a reversal it is the next one."""
        generation = len(self._reversed(training))
        days = (training.begins.isoformat(), training.ends.isoformat())
        return derived("teacher_award", teacher_id, training.programme_id, *days, generation)

    def overlapping(self, training: Training) -> tuple[UUID, ...]:
        """Awards that share a day with it: allowed within the day's hours, and worth a look."""
        return tuple(
            award_id
            for award_id, (_, known) in self.standing.items()
            if known.period.overlaps(training.period)
        )

    def get(self, award_id: UUID) -> tuple[str, Training]:
        """An award that stands, with its cycle. Raises UnknownHours, HoursAlreadyReversed."""
        if award_id in self.reversed:
            raise HoursAlreadyReversed(award_id=award_id)
        if award_id not in self.standing:
            raise UnknownHours(award_id=award_id)
        return self.standing[award_id]

    def _reversed(self, training: Training) -> list[int]:
        """The hours of each award for the same programme and days that was taken back."""
        return [known.hours for known in self.reversed.values() if known.key == training.key]


def programme_id_of(title: str, organiser: str) -> UUID:
    """The same programme of the same organiser, whoever writes it down."""
    return derived("training_programme", title, organiser)
