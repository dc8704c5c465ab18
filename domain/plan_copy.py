"""Copying a plan: the same week and weekday of another term, past the days that are off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from domain.calendar import Term

WEEK = timedelta(days=7)


class CopiedDay(NamedTuple):
    """Where a session comes to lie; `off` are the days it was meant for first, and that are off."""

    day: date
    off: tuple[date, ...] = ()


def copied_day(day: date, of: Term, to: Term, days_off: Collection[date]) -> CopiedDay:
    """The day in the same week of `to`, or the same weekday of the next week that is not off.

    It may lie outside the term: the city's terms are not equally long.
    """
    found = to.day_of(of.week_of(day), day.weekday())
    off: list[date] = []
    while found in days_off:
        off.append(found)
        found += WEEK
    return CopiedDay(found, tuple(off))
