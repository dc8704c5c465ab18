"""School years and terms of a day. The dates of terms are announced, hence data: never computed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator

from domain.refusals import Refused

_DAYS_OF_A_WEEK = 7
CITY_ZONE = "Asia/Shanghai"  # the city's clocks; every edition of the rulebook names it too


class DayOutsideTerms(Refused):
    """No announced term holds that day."""

    code = "day_outside_terms"


class Term(BaseModel):
    """One term, holidays included: the winter holiday belongs to term 1, the summer to term 2."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_year: int
    term_no: int
    begins: date
    ends: date

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.ends < self.begins:
            raise ValueError("a term ends before it begins")
        return self

    @property
    def code(self) -> str:
        """`2026-1` is 2026学年第一学期."""
        return f"{self.school_year}-{self.term_no}"

    def __contains__(self, day: date) -> bool:
        return self.begins <= day <= self.ends

    def week_of(self, day: date) -> int:
        """Which week of the term holds a day, the one it begins in being the first."""
        return (_monday(day) - _monday(self.begins)).days // _DAYS_OF_A_WEEK + 1

    def day_of(self, week: int, weekday: int) -> date:
        """A weekday (0: Monday) of a week of the term."""
        days = (week - 1) * _DAYS_OF_A_WEEK + weekday
        return _monday(self.begins) + timedelta(days=days)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def local_day(at: datetime, zone: str) -> date:
    """The calendar day of an instant where people live: 16:30 UTC is the next day in Guangzhou."""
    return at.astimezone(ZoneInfo(zone)).date()


def school_year_of(day: date, begins: str = "09-01") -> int:
    """The year in which the school year began: 2026 is 2026-09-01 to 2027-08-31."""
    return day.year if day.isoformat()[5:] >= begins else day.year - 1


def first_day_of(school_year: int, begins: str = "09-01") -> date:
    return date.fromisoformat(f"{school_year}-{begins}")


def last_day_of(school_year: int, begins: str = "09-01") -> date:
    return first_day_of(school_year + 1, begins) - timedelta(days=1)


def whole_terms_since(since: date, day: date, terms: Iterable[Term]) -> int:
    """How many announced terms began after one day and were over before another."""
    return sum(since < term.begins and term.ends < day for term in terms)


def term_of(day: date, terms: Iterable[Term]) -> Term:
    """The announced term that holds a day. Raises DayOutsideTerms."""
    for term in terms:
        if day in term:
            return term
    raise DayOutsideTerms(day=day)
