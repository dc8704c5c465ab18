"""Where the teachers' cycle stands, as JSON: a school's list, a district's counts, one's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import Asking, DistrictCode, InAsking
from api.teacher_counts import CycleCounts, counts_of, counts_of_schools
from api.teacher_reaching import own_teacher, teacher_for
from api.teacher_report import (
    CycleReport,
    Named,
    TeacherInCycle,
    cycle_report,
    district_report,
    in_order,
    names_of,
    rules_asked,
    today_of,
)
from domain.teacher_cycle import CycleStanding
from projections.teachers import Whom

router = APIRouter(prefix="/api/v1", tags=["teachers"])

CycleAsked = Annotated[str | None, Query(description="As in 2024-2026; today's by default.")]


class TeacherState(BaseModel):
    """One teacher in the cycle. Hours are hundredths; the order is by number and name."""

    teacher_id: UUID
    name: str
    staff_no: str
    hours: int
    required: int
    by_year: dict[int, int]
    standing: CycleStanding
    closed: bool


class Counts(BaseModel):
    """A school's cycle in numbers; `trained` of `teachers` have any training of the cycle.

    Null, above the school: fewer than ten would be told.
    """

    school_code: str
    teachers: int | None
    trained: int | None
    closed: int | None
    standings: dict[CycleStanding, int | None]


class SchoolCycle(Counts):
    """The counts, and every teacher: for the school alone, never for a notice board."""

    cycle: str
    as_of: date
    rulebook_version: str
    members: list[TeacherState]


class DistrictCycle(BaseModel):
    """Counts by school: nobody is named above the school."""

    cycle: str
    as_of: date
    rulebook_version: str
    schools: list[Counts]


class AwardState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    award_id: UUID
    programme_id: UUID
    cycle: str
    begins: date
    ends: date
    hours: int
    source: str
    beside: tuple[UUID, ...]
    entered_at: datetime
    reversed_at: datetime | None
    reason_code: str | None


class ServiceState(BaseModel):
    """A time in service at a school; without an end it goes on."""

    model_config = ConfigDict(from_attributes=True)

    school_code: str
    begins: date
    ends: date | None


class TeacherHours(BaseModel):
    """One teacher's cycle, every award, the newest training first, and the times in service."""

    teacher_id: UUID
    school_code: str
    cycle: str
    hours: int
    required: int
    by_year: dict[int, int]
    standing: CycleStanding
    closed: bool
    awards: list[AwardState]
    services: list[ServiceState]


class OwnHours(BaseModel):
    """One's own hours; none for a member of staff who is not linked to a teacher."""

    own: TeacherHours | None


@router.get("/schools/{school_code}/teachers")
def teachers_of(school_code: str, asking: InAsking, cycle: CycleAsked = None) -> SchoolCycle:
    """The school's cycle, by staff number and name. For the school's own leaders."""
    by = asking.may(Action.TEACHER_READ, school_code)
    rules = rules_asked(asking.runtime, cycle)
    report = cycle_report(asking.runtime, rules, school_code=school_code)
    names = names_of(asking.runtime, [each.teacher_id for each in report.teachers], by)
    listed = [state_of(*pair) for pair in in_order(report.teachers, names)]
    return SchoolCycle(
        **heading(report), **counts(school_code, counts_of(report)).model_dump(), members=listed
    )


@router.get("/districts/{district_code}/teacher-cycle")
def district(
    district_code: DistrictCode, asking: InAsking, cycle: CycleAsked = None
) -> DistrictCycle:
    """How many teachers of each school have met the cycle, are on track, or short."""
    report = district_report(asking, district_code, cycle)
    schools = [counts(code, each) for code, each in counts_of_schools(report)[0].items()]
    return DistrictCycle(**heading(report), schools=schools)


@router.get("/staff/my-hours")
def own(asking: InAsking, cycle: CycleAsked = None) -> OwnHours:
    teacher = own_teacher(asking)
    return OwnHours(own=hours_of(asking, teacher.teacher_id, cycle) if teacher else None)


@router.get("/teachers/{teacher_id}")
def teacher(teacher_id: UUID, asking: InAsking, cycle: CycleAsked = None) -> TeacherHours:
    found, _ = teacher_for(asking, teacher_id, Action.TEACHER_READ)
    return hours_of(asking, found.teacher_id, cycle)


def hours_of(asking: Asking, teacher_id: UUID, cycle: str | None) -> TeacherHours:
    rules = rules_asked(asking.runtime, cycle)
    [found] = cycle_report(asking.runtime, rules, teacher_id=teacher_id).teachers
    awards = asking.runtime.models.teacher_cycle.awards_of(teacher_id)
    served = asking.runtime.models.teachers.services(
        Whom(today_of(asking.runtime), teacher_id=teacher_id)
    )
    return TeacherHours(
        **figures(found),
        school_code=found.school_code,
        cycle=rules.cycle.code,
        awards=[AwardState.model_validate(each) for each in awards],
        services=[ServiceState.model_validate(each) for each in served],
    )


def state_of(each: TeacherInCycle, named: Named) -> TeacherState:
    return TeacherState(**figures(each), name=named.name, staff_no=named.staff_no)


def figures(each: TeacherInCycle) -> dict[str, Any]:
    return {
        "teacher_id": each.teacher_id,
        "hours": each.hours,
        "required": each.required,
        "by_year": each.by_year,
        "standing": each.standing,
        "closed": each.closing is not None,
    }


def heading(report: CycleReport) -> dict[str, Any]:
    return {
        "cycle": report.rules.cycle.code,
        "as_of": report.day,
        "rulebook_version": report.rules.rulebook_version,
    }


def counts(school_code: str, found: CycleCounts) -> Counts:
    return Counts(
        school_code=school_code,
        teachers=found.teachers,
        trained=found.trained,
        closed=found.closed,
        standings=found.counts,
    )
