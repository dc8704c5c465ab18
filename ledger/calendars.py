"""Commands of the working-day calendar: publish a year, and count in what is published."""

from __future__ import annotations

from datetime import date
from typing import cast

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.working_days import CalendarDropsDays, CalendarYear, DaysOfYear, WorkingDays
from ledger.ledger import Ledger


class Calendars:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def publish(self, days: DaysOfYear, by: Envelope, *, may_drop: bool = True) -> int:
        """Publish the days of a year, or revise them; the same days again are no news.

        Raises CalendarDropsDays where days are left out that nobody said `may_drop`.
        """

        def decide() -> list[LedgerAggregate]:
            there = self.year(days.year)
            if there is None:
                return [CalendarYear.publish(days, by)]
            if not may_drop and (dropped := there.dropped(days)):
                raise CalendarDropsDays(days=[day.isoformat() for day in dropped])
            there.revise(days, by)
            return [there]

        return self._ledger.commit(by.command_id, decide)

    def year(self, year: int) -> CalendarYear | None:
        """A year as it is published now, or None."""
        return self._ledger.find(CalendarYear, CalendarYear.create_id(year))

    def around(self, day: date) -> WorkingDays:
        """The working days before and after a day: its own year and those beside it."""
        years = range(day.year - 1, day.year + 2)
        found = self._ledger.load(CalendarYear.create_id(year) for year in years)
        return WorkingDays.of(cast("CalendarYear", year) for year in found.values())
