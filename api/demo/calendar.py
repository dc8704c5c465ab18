"""The pilot's calendar: invented terms around today, and when its sessions take place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import CITY_ZONE, Term, local_day, school_year_of

CITY = ZoneInfo(CITY_ZONE)
LONGEST_AGO = 35  # days from the first evening of this school year to today, once it is that old


def taught_until(now: datetime) -> datetime:
    """The moment a pilot is loaded as of: in the weeks between two school years, before them."""
    here = now.astimezone(CITY)
    is_between = (8, 14) < (here.month, here.day) < (9, 14)
    return here.replace(month=8, day=14) if is_between else now


def terms_of(school_year: int) -> tuple[Term, Term]:
    """Two terms without a gap: holidays belong to the term before them."""
    first, second = date(school_year, 9, 1), date(school_year + 1, 2, 21)
    ends = second - timedelta(days=1), date(school_year + 1, 8, 31)
    return (
        Term(school_year=school_year, term_no=1, begins=first, ends=ends[0]),
        Term(school_year=school_year, term_no=2, begins=second, ends=ends[1]),
    )


@dataclass(frozen=True)
class Calendar:
    """Everything is counted from `now`; the pilot passes its own clock and nothing else does."""

    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now, CITY_ZONE)

    @property
    def school_year(self) -> int:
        return school_year_of(self.today)

    @property
    def terms(self) -> list[Term]:
        """Last school year's, and this one's."""
        return [*terms_of(self.school_year - 1), *terms_of(self.school_year)]

    def term_of(self, day: date) -> Term:
        return next(term for term in self.terms if term.begins <= day <= term.ends)

    @property
    def set_up(self) -> datetime:
        return evening(date(self.school_year - 1, 8, 20))

    def last_year(self, month: int, day: int) -> date:
        """A day of last school year: September to December of its first calendar year."""
        first = self.school_year - 1
        return date(first if month >= 9 else first + 1, month, day)  # noqa: PLR2004 - September

    def past(self, days: int) -> date:
        """A day of this school year before today, never before its roster was in.

        In September the days move together: no two evenings fall on one as soon as a week is over.
        """
        taught = min((self.today - date(self.school_year, 9, 6)).days, LONGEST_AGO)
        return self.today - timedelta(days=max(days * taught // LONGEST_AGO, 1))

    def moment(self, days: int, hour: int = 12) -> datetime:
        """An hour of a day of this school year that many days ago, and never to come."""
        return min(evening(self.past(days), hour), self.now - timedelta(hours=1))


def evening(day: date, hour: int = 19, minute: int = 0) -> datetime:
    """A time of day in the city."""
    return datetime.combine(day, time(hour, minute), tzinfo=CITY)
