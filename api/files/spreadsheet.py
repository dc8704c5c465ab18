"""A spreadsheet's values into the words of a cell, as its owner reads them on the screen."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any, Final

MOST_DIGITS: Final = 10**15  # beyond these a spreadsheet keeps zeros in the place of digits


def words_of(value: Any) -> tuple[str, str | None]:
    """The words of a value, and what is wrong with it if anything is."""
    match value:
        case None:
            return "", None
        case bool():
            return ("是" if value else "否"), None
        case int() | float():
            return number(value)
        case datetime() | date() | time() | timedelta():
            return moment(value), None
        case _:
            return str(value), None


def number(value: float) -> tuple[str, str | None]:
    """1.00E+10 and 10012345678.0 are the digits that were typed."""
    if not math.isfinite(value) or abs(value) >= MOST_DIGITS:
        return str(value), "digits_lost"
    return (str(int(value)) if value == int(value) else f"{value:.15g}"), None


def moment(value: datetime | date | time | timedelta) -> str:
    """A day, a time of day, or both; midnight is not said beside a day."""
    match value:
        case datetime():
            rounded = value + timedelta(microseconds=500_000)
            day = rounded.date().isoformat()
            return day if rounded.time() < time(0, 0, 1) else f"{day} {clock(rounded.time())}"
        case date():
            return value.isoformat()
        case time():
            return clock(value)
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def clock(at: time) -> str:
    return at.strftime("%H:%M:%S").removesuffix(":00")
