"""The cycle in counts, school by school, above the schools: no small groups, nobody named."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from api.access.policy import CITY
from api.bootstrap import Runtime
from api.teacher_report import CycleReport
from domain.calendar import CITY_ZONE, local_day
from domain.suppressing import hidden_rows, sums_beside
from domain.teacher_cycle import CycleStanding
from projections.schools import School, standing_on


@dataclass(frozen=True)
class CycleCounts:
    """How many teachers, and how they stand; None where fewer than ten would be told."""

    teachers: int | None = None
    trained: int | None = None
    closed: int | None = None
    standings: tuple[tuple[CycleStanding, int], ...] = ()

    @property
    def counts(self) -> dict[CycleStanding, int | None]:
        return {standing: dict(self.standings).get(standing) for standing in CycleStanding}


HIDDEN = CycleCounts()


def counts_of(report: CycleReport) -> CycleCounts:
    """As they are: for the school itself."""
    return CycleCounts(
        len(report.teachers), report.trained, report.closed, tuple(report.counts.items())
    )


def counts_of_schools(report: CycleReport) -> tuple[dict[str, CycleCounts], CycleCounts]:
    """The schools of a region by code, and all of them together: neither tells the other's few."""
    reports = report.of_schools()
    rows = {code: groups(each) for code, each in reports.items()}
    hidden = hidden_rows(rows)
    schools = {
        code: HIDDEN if code in hidden else counts_of(each) for code, each in reports.items()
    }
    return schools, counts_of(report) if sums_beside(rows) is not None else HIDDEN


def schools_shown(runtime: Runtime, region: str, counted: Container[str]) -> list[School]:
    """The schools of a region: those of today, and whichever have teachers in the cycle."""
    known = runtime.models.schools.schools(None if region == CITY else region)
    return standing_on(known, local_day(runtime.now(), CITY_ZONE), counted)


def groups(report: CycleReport) -> tuple[int, ...]:
    """Every group that the counts tell of, and the rest of each."""
    teachers = len(report.teachers)
    pairs = (report.trained, report.closed)
    return (*pairs, *(teachers - each for each in pairs), *report.counts.values())
