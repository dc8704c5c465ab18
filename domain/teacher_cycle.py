"""The teachers' cycle: its years, what it asks of whom, and whether hours fit into their days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.hours import rounded_up
from domain.refusals import Refused
from domain.rules import TeacherProgramme
from domain.teacher_service import DAY, Service

WHOLE_HOUR = 100
MONTHS = 12


class CycleIsClosed(Refused):
    """The teacher's cycle is closed: its hours change by a correction of two persons."""

    code = "teacher_cycle_closed"


class CycleNotClosed(Refused):
    """The cycle is open: hours are entered and taken back without a second person."""

    code = "teacher_cycle_not_closed"


class CycleNotOver(Refused):
    """A cycle is closed after its last day."""

    code = "teacher_cycle_not_over"


class Cycle(NamedTuple):
    """Some calendar years, the first and the last day included."""

    begins: date
    ends: date

    @property
    def code(self) -> str:
        """`2024-2026`: how the city names it."""
        return f"{self.begins.year}-{self.ends.year}"

    @property
    def years(self) -> range:
        return range(self.begins.year, self.ends.year + 1)

    @property
    def months(self) -> tuple[tuple[date, date], ...]:
        """The first and the last day of each month."""
        firsts = [date(year, month, 1) for year in self.years for month in range(1, MONTHS + 1)]
        lasts = [*(first - DAY for first in firsts[1:]), self.ends]
        return tuple(zip(firsts, lasts, strict=True))

    def holds(self, day: date) -> bool:
        return self.begins <= day <= self.ends


def must_not_rewrite(closed: Iterable[str], last_day: date) -> None:
    """What a closed cycle (`2024-2026`) asked for rests on the time served in it.

    Raises CycleIsClosed where a service is to end before the cycle did.
    """
    for code in sorted(closed):
        if last_day < date(int(code.rpartition("-")[2]), MONTHS, 31):
            raise CycleIsClosed(cycle=code)


def must_not_restate(closed: Iterable[str], was: Service, now: Service) -> None:
    """Raises CycleIsClosed where other days in service would lie in a closed cycle."""
    for code in sorted(closed):
        first, last = code.split("-")
        span = date(int(first), 1, 1), date(int(last), MONTHS, 31)
        if was.within(*span) != now.within(*span):
            raise CycleIsClosed(cycle=code)


class Period(NamedTuple):
    """The days of a training, and its hours: nobody says on which of the days they lay."""

    begins: date
    ends: date
    hours: int

    @property
    def days(self) -> int:
        return (self.ends - self.begins).days + 1

    def overlaps(self, other: Period) -> bool:
        return self.begins <= other.ends and other.begins <= self.ends


class CycleStanding(StrEnum):
    """Where a teacher stands: done, as far as the time served asks, or behind it."""

    MET = "met"
    ON_TRACK = "on_track"
    SHORT = "short"


class CycleRules(NamedTuple):
    """A cycle with the programme that judges it: that of the edition in force on its last day."""

    cycle: Cycle
    programme: TeacherProgramme
    rulebook_version: str

    def required(self, services: Iterable[Service]) -> int:
        """The hours asked of somebody who was in service at those times.

        All of them for the whole cycle, else in proportion to the months, rounded up to whole hours
        (rulebook: teacher_programme).
        """
        served, whole = len(self.months_served(services)), len(self.cycle.months)
        if served == whole:
            return self.programme.min_hours
        return rounded_up(-(-self.programme.min_hours * served // whole), WHOLE_HOUR)

    def months_served(self, services: Iterable[Service]) -> list[tuple[date, date]]:
        """The months of the cycle with any day in service: a month begun is a month."""
        known = tuple(services)
        return [m for m in self.cycle.months if any(service.meets(*m) for service in known)]

    def standing(self, hours: int, services: Iterable[Service], today: date) -> CycleStanding:
        """On track: the hours keep up with the months in service that are over."""
        known = tuple(services)
        required, months = self.required(known), self.months_served(known)
        if hours >= required:
            return CycleStanding.MET
        over = sum(1 for _, last in months if last < today)
        if today <= self.cycle.ends and hours * len(months) >= required * over:
            return CycleStanding.ON_TRACK
        return CycleStanding.SHORT

    @property
    def closes_on(self) -> date:
        """The first day on which the cycle is closed."""
        return self.cycle.ends + DAY + DAY * self.programme.closes_days_after_end


def overfull(periods: Iterable[Period], cap: int) -> tuple[date, date] | None:
    """Days that would have to hold more hours than the cap, however the hours are laid; or None.

    Hours can be laid so that no day holds too many exactly if no stretch of days holds too many.
    """
    known = tuple(periods)
    for begins in sorted({period.begins for period in known}):
        for ends in sorted({period.ends for period in known if period.ends >= begins}):
            inside = (p.hours for p in known if begins <= p.begins and p.ends <= ends)
            if sum(inside) > cap * ((ends - begins).days + 1):
                return begins, ends
    return None
