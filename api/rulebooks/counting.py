"""What a dry run found, school by school, without telling of few: cells below ten are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.rehearsal import Totals
from domain.suppressing import has_few, hidden_rows, sums_beside

COLUMNS = ("gaining", "losing")
PEOPLE = (
    *COLUMNS, "completions_gained", "completions_lost", "stars_gained", "stars_lost", "certificates"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school: how many gain and lose, None where it is too few to be shown."""

    school_code: str
    gaining: int | None
    losing: int | None


def school_rows(schools: Mapping[str, Totals]) -> list[SchoolRow]:
    """The schools in the order of their codes; the total of a column tells no hidden cell."""
    hidden = {column: hidden_rows(counts(column, schools)) for column in COLUMNS}
    return [
        SchoolRow(
            code,
            None if code in hidden["gaining"] else totals.gaining,
            None if code in hidden["losing"] else totals.losing,
        )
        for code, totals in sorted(schools.items())
    ]


def tells_of_few(totals: Totals, schools: Mapping[str, Totals]) -> bool:
    """Whether the totals are of fewer than ten, or would tell a school's few."""
    known = totals.model_dump()
    return has_few(known[name] for name in PEOPLE) or any(
        sums_beside(counts(column, schools)) is None for column in COLUMNS if schools
    )


def counts(column: str, schools: Mapping[str, Totals]) -> dict[str, tuple[int]]:
    return {code: (int(getattr(totals, column)),) for code, totals in schools.items()}
