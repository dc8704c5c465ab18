"""Working days: the city's calendar, a year at a time, and deadlines that are counted in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar, Self
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused

DAY = timedelta(days=1)
SATURDAY = 5
UNPUBLISHED = 0


class CalendarMalformed(Refused):
    """A day of the calendar cannot stand where it stands: `row` and `column` say where."""

    code = "calendar_malformed"


class CalendarDropsDays(Refused):
    """A file leaves out days (`days`) that the year has: it is the whole year, not a change."""

    code = "calendar_drops_days"


class Deadline(BaseModel):
    """The last day for something, fixed when it is set: a revised calendar does not move it.

    `calendar` names the revision of each year it was counted in, as in `2026.1,2027.0`; revision
    0 is a year whose holidays nobody had published: only its weekends were left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    counted_from: date
    working_days: int
    last_day: date
    calendar: str

    @property
    def is_estimated(self) -> bool:
        return any(year.endswith(f".{UNPUBLISHED}") for year in self.calendar.split(","))

    def is_over(self, today: date) -> bool:
        """The last day belongs to the time allowed."""
        return today > self.last_day


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday without the days off, and the weekend days that are worked instead."""

    days_off: frozenset[date] = frozenset()
    extra: frozenset[date] = frozenset()
    revisions: Mapping[int, int] = field(default_factory=dict[int, int])

    @classmethod
    def of(cls, years: Iterable[CalendarYear]) -> Self:
        known = tuple(years)
        return cls(
            days_off=frozenset(day for year in known for day in year.days_off),
            extra=frozenset(day for year in known for day in year.extra),
            revisions={year.year: year.revision for year in known},
        )

    def is_working(self, day: date) -> bool:
        if day in self.extra:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def after(self, day: date, count: int) -> date:
        """The last of so many working days; the first one counted is the one after `day`."""
        while count:
            day += DAY
            count -= self.is_working(day)
        return day

    def deadline(self, day: date, count: int) -> Deadline:
        """So many working days from a day on, with the revisions of the years they lie in."""
        last_day = self.after(day, count)
        years = range(day.year, last_day.year + 1)
        calendar = ",".join(f"{year}.{self.revisions.get(year, UNPUBLISHED)}" for year in years)
        return Deadline(counted_from=day, working_days=count, last_day=last_day, calendar=calendar)

    def no_earlier(self, told: Deadline) -> date:
        """The last day of a parent's own window: a later holiday adds to it, nothing takes away."""
        return max(told.last_day, self.after(told.counted_from, told.working_days))

    def left(self, today: date, last_day: date) -> int:
        """How many working days come after today, the last day included."""
        days = range(1, (last_day - today).days + 1)
        return sum(self.is_working(today + DAY * number) for number in days)


class CalendarYear(LedgerAggregate):
    """What the State Council announces for a year: holidays, and weekends worked instead (调休)."""

    TOPIC: ClassVar[str] = "calendar"

    class YearPublished(LedgerCreated):
        TOPIC = "calendar.year_published"

        year: int
        days_off: tuple[date, ...]
        extra_working_days: tuple[date, ...]

    class YearRevised(LedgerEvent):
        TOPIC = "calendar.year_revised"

        year: int
        revision: int
        days_off: tuple[date, ...]
        extra_working_days: tuple[date, ...]

    @staticmethod
    def create_id(year: int) -> UUID:
        return derived("calendar", year)

    @event(YearPublished)
    def __init__(
        self,
        year: int,
        days_off: tuple[date, ...],
        extra_working_days: tuple[date, ...],
        envelope: Envelope,
    ) -> None:
        self.year = year
        self.days_off = days_off
        self.extra = extra_working_days
        self.revision = 1

    @classmethod
    def publish(cls, days: DaysOfYear, envelope: Envelope) -> Self:
        """Say which days of a year are off, and which weekend days are worked."""
        return cls(
            year=days.year,
            days_off=days.days_off,
            extra_working_days=days.extra_working_days,
            envelope=envelope,
        )

    def dropped(self, days: DaysOfYear) -> tuple[date, ...]:
        """The days that were off, or worked, and would be like any other."""
        known = {*self.days_off, *self.extra}
        return tuple(sorted(known - {*days.days_off, *days.extra_working_days}))

    def revise(self, days: DaysOfYear, envelope: Envelope) -> None:
        """Say it anew; the same days are no news. What was counted before stays as it is."""
        if (days.days_off, days.extra_working_days) != (self.days_off, self.extra):
            self._revised(
                year=self.year,
                revision=self.revision + 1,
                days_off=days.days_off,
                extra_working_days=days.extra_working_days,
                envelope=envelope,
            )

    @event(YearRevised)
    def _revised(
        self,
        year: int,
        revision: int,
        days_off: tuple[date, ...],
        extra_working_days: tuple[date, ...],
        envelope: Envelope,
    ) -> None:
        self.days_off = days_off
        self.extra = extra_working_days
        self.revision = revision


@dataclass(frozen=True)
class DaysOfYear:
    """The days of one year as they are handed in, in order and each once."""

    year: int
    days_off: tuple[date, ...]
    extra_working_days: tuple[date, ...]

    @classmethod
    def of(cls, year: int, days_off: Iterable[date], extra_working_days: Iterable[date]) -> Self:
        """Raises CalendarMalformed: another year's day, a day on both lists, a weekday worked."""
        off, extra = sorted(set(days_off)), sorted(set(extra_working_days))
        for column, days in (("days_off", off), ("extra_working_days", extra)):
            for row, day in enumerate(days, start=1):
                if day.year != year:
                    raise CalendarMalformed(row=row, column=column, day=day, rule="other_year")
        for row, day in enumerate(extra, start=1):
            if day in off:
                raise CalendarMalformed(
                    row=row, column="extra_working_days", day=day, rule="on_both_lists"
                )
            if day.weekday() < SATURDAY:
                raise CalendarMalformed(
                    row=row, column="extra_working_days", day=day, rule="works_anyway"
                )
        return cls(year, tuple(off), tuple(extra))
