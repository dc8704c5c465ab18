"""The teachers' cycle of a school or a district, registering, and corrections that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import Asking, DistrictCode, InAsking
from api.pages.staff_words import staff_page
from api.proposed import is_waiting
from api.reaching import may_in, may_too
from api.teacher_counts import counts_of_schools, schools_shown
from api.teacher_reaching import correction_for
from api.teacher_report import (
    UNNAMED,
    cycle_report,
    district_report,
    in_order,
    names_of,
    rules_asked,
    today_of,
)
from api.teacher_typing import teacher_typed
from domain.envelope import Envelope
from ledger.teachers import NewTeacher
from projections.schools import School
from projections.teacher_corrections import CorrectionLine

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Waiting:
    """A correction that waits, with the words for it."""

    line: CorrectionLine
    name: str
    programme: str
    is_own: bool

    @property
    def waits_for_hearing(self) -> bool:
        return is_waiting(self.line)


@router.get("/staff/teachers/{school_code}")
def teachers(
    request: Request, asking: InAsking, school_code: str, cycle: str | None = None
) -> Response:
    by = asking.may(Action.TEACHER_READ, school_code)
    runtime = asking.runtime
    report = cycle_report(runtime, rules_asked(runtime, cycle), school_code=school_code)
    names = names_of(runtime, [each.teacher_id for each in report.teachers], by)
    return staff_page(
        request,
        "teachers.html",
        school=runtime.models.schools.school(school_code),
        report=report,
        cycles=cycles_until_today(asking),
        rows=in_order(report.teachers, names),
        waiting=waiting_of(asking, school_code, by),
        may_register=may_too(asking, Action.TEACHER_REGISTER, school_code),
    )


@router.post("/staff/teachers/{school_code}")
def register(
    asking: InAsking,
    school_code: str,
    name: Annotated[str, Form(min_length=2, max_length=40)],
    in_service_from: Annotated[date, Form()],
    staff_no: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    by = asking.may(Action.TEACHER_REGISTER, school_code)
    named = teacher_typed(school_code, name, staff_no)
    book = asking.runtime.book
    teacher_id = book.teachers.register(NewTeacher(named, in_service_from), by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/teachers/of/{teacher_id}", status_code=303)


@router.post("/staff/teachers/corrections/{change_id}")
def decide(
    asking: InAsking, change_id: UUID, decision: Annotated[str, Form(max_length=10)]
) -> Response:
    """Agree or disagree, as a second person."""
    found, by = correction_for(asking, change_id)
    book = asking.runtime.book
    if decision == "confirm":
        book.teacher_corrections.confirm(change_id, by)
    else:
        book.teacher_corrections.decline(change_id, by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/teachers/{found.school_code}", status_code=303)


@router.get("/staff/teachers/regions/{district_code}")
def region(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    cycle: str | None = None,
) -> Response:
    """How many of each school: nobody is named above the school."""
    report = district_report(asking, district_code, cycle)
    by_school, total = counts_of_schools(report)
    known = schools_shown(asking.runtime, district_code, by_school)
    return staff_page(
        request,
        "teachers_region.html",
        region=district_code,
        report=report,
        cycles=cycles_until_today(asking),
        by_school=by_school,
        total=total,
        schools=known,
        opened={each.school_code for each in known if may_open(asking, each)},
    )


def may_open(asking: Asking, school: School) -> bool:
    place = Organisation(school=school.school_code, district=school.district_code)
    return may_in(asking, Action.TEACHER_READ, place)


def cycles_until_today(asking: Asking) -> list[str]:
    programmes = asking.runtime.book.teachers.programmes
    return [rules.cycle.code for rules in programmes.begun(today_of(asking.runtime))]


def waiting_of(asking: Asking, school_code: str, by: Envelope) -> list[Waiting]:
    runtime = asking.runtime
    lines = runtime.models.teacher_corrections.open_of(school_code)
    names = names_of(runtime, [line.teacher_id for line in lines], by)
    words = runtime.book.vault.open(line.programme_id for line in lines if line.programme_id)
    titles = {key: subject.fields["title"] for key, subject in words.items()}
    return [
        Waiting(
            line,
            names.get(line.teacher_id, UNNAMED).name,
            titles.get(line.programme_id, "") if line.programme_id else "",
            line.proposed_by == by.actor.id,
        )
        for line in lines
    ]
