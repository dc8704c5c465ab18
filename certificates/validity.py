"""How long a certificate is valid: for ever, to the end of a stage, or for 180 days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from domain.grades import Stage, grade_named

STATEMENT_DAYS = 180
_YEARS = {
    Stage.KINDERGARTEN: 3,
    Stage.PRIMARY: 6,
    Stage.JUNIOR: 3,
    Stage.SENIOR: 3,
}
_LAST_MONTH, _LAST_DAY = 8, 31


def end_of_stage(grade: str, school_year: int) -> date:
    """The 31st of August on which a child leaves, who is in this grade in this school year."""
    found = grade_named(grade)
    return date(school_year + _YEARS[found.stage] - found.year + 1, _LAST_MONTH, _LAST_DAY)


def last_end_of_stage(places: Iterable[tuple[str, int]]) -> date | None:
    """Of several children (grade and school year each) the one that stays longest counts."""
    return max((end_of_stage(grade, year) for grade, year in places), default=None)


def statement_ends(issued_on: date) -> date:
    """The last valid day of a statement of hours."""
    return issued_on + timedelta(days=STATEMENT_DAYS)
