"""What a dry run found, school by school, without telling of few: cells below ten are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.rehearsal import Totals
from domain.suppressing import SMALLEST_SHOWN

COLUMNS = ("gaining", "losing")


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school: how many gain and lose, None where it is too few to be shown."""

    school_code: str
    gaining: int | None
    losing: int | None


def school_rows(schools: Mapping[str, Totals]) -> list[SchoolRow]:
    """The schools in the order of their codes. A lone hidden cell hides a second one with it.

    Otherwise the total would tell it.
    """
    hidden = {column: hidden_in(column, schools) for column in COLUMNS}
    return [
        SchoolRow(
            code,
            None if code in hidden["gaining"] else totals.gaining,
            None if code in hidden["losing"] else totals.losing,
        )
        for code, totals in sorted(schools.items())
    ]


def hidden_in(column: str, schools: Mapping[str, Totals]) -> set[str]:
    counts = {code: int(getattr(totals, column)) for code, totals in schools.items()}
    few = {code for code, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    others = sorted((count, code) for code, count in counts.items() if count >= SMALLEST_SHOWN)
    if len(few) == 1 and others:
        few.add(others[0][1])
    return few
