"""The teaching plan of a term (教学计划): its table, on paper and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.closing import ReadModelsBehind
from api.compliance import TermOfSchool, asked, has_rules, term_called, term_of_school
from api.files.formula import defused
from api.files.template import TEMPLATES, Kind
from api.pages.compliance_words import LIGHT_LOOKS
from api.pages.staff_words import staff_page
from api.reaching import may_too
from api.rendering import local
from domain.calendar import CITY_ZONE, Term, local_day
from domain.carriers import Carrier, CourseFamily, LecturerKind, Mode
from domain.envelope import Envelope
from domain.hours import as_short_text
from domain.standing import Standing
from ledger.registry import UnknownTerm
from projections.schools import School
from projections.session_board import SessionRow

router = APIRouter(include_in_schema=False)

PURPOSE = "term_plan"

People = Mapping[UUID, Mapping[str, str]]


@dataclass(frozen=True)
class Line:
    """A session in the table of its term; `people` speak and answer for it."""

    week: int
    session: SessionRow
    people: Mapping[str, str]
    may_change: bool

    @property
    def is_off(self) -> bool:
        return Standing(self.session.standing).is_off


@router.get("/staff/plans/{school_code}")
def newest(asking: InAsking, school_code: str) -> Response:
    """The term of today, else the next one, else the last."""
    asking.may(Action.SESSION_READ, school_code)
    today = local_day(asking.runtime.now(), CITY_ZONE)
    terms = asking.runtime.models.schools.terms()
    if not terms:
        raise UnknownTerm
    term = next((each for each in terms if today <= each.ends), terms[-1])
    return RedirectResponse(f"/staff/plans/{school_code}/{term.code}", status_code=303)


@router.get("/staff/plans/{school_code}/{term}")
def plan(request: Request, asking: InAsking, school_code: str, term: str) -> Response:
    by, called = asking.may(Action.SESSION_READ, school_code), term_called(asking.runtime, term)
    may_plan = may_too(asking, Action.SESSION_SCHEDULE, school_code)
    return staff_page(
        request,
        "plan.html",
        school=school_of(asking, school_code),
        term=called,
        terms=list(reversed(asking.runtime.models.schools.terms())),
        lines=lines_of(asking, school_code, called, by if may_plan else None),
        duty=duty_of(asking, school_code, called),
        light_looks=LIGHT_LOOKS,
        may_plan=may_plan,
        may_bring=may_too(asking, Action.PLAN_IMPORT, school_code),
    )


@router.get("/staff/plans/{school_code}/{term}/plan.csv")
def as_file(asking: InAsking, school_code: str, term: str) -> Response:
    """The plan in the columns of its template: changed there, it can be brought again."""
    by = asking.may(Action.PLAN_IMPORT, school_code)
    called = term_called(asking.runtime, term)
    lines = lines_of(asking, school_code, called, by)
    name = f"term-plan-{school_code}-{called.code}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    content = file_of(called, (line for line in lines if not line.is_off))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def school_of(asking: Asking, school_code: str) -> School:
    school = asking.runtime.models.schools.school(school_code)
    if school is None:  # the ledger knows a right there before the pages know the school
        raise ReadModelsBehind
    return school


def duty_of(asking: Asking, school_code: str, term: Term) -> TermOfSchool | None:
    """How the school stands to its duty, for those who answer for it; None without rules."""
    may_read = may_too(asking, Action.COMPLIANCE_READ, school_code)
    if not may_read or not has_rules(asking.runtime, term):
        return None
    return term_of_school(asking.runtime, school_code, asked(asking.runtime, term.code))


def lines_of(asking: Asking, school_code: str, term: Term, by: Envelope | None) -> list[Line]:
    """The sessions of a term in its weeks. Only those who plan (`by`) see who speaks."""
    runtime = asking.runtime
    rows = runtime.models.term_plans.of_term(school_code, term.school_year, term.term_no)
    people: People = people_of(asking, [row.session_id for row in rows], by) if by else {}
    return [
        Line(
            week=term.week_of(local_day(row.begins_at, CITY_ZONE)),
            session=row,
            people=people.get(row.session_id, {}),
            may_change=by is not None
            and row.standing == Standing.SCHEDULED
            and runtime.now() < row.begins_at,
        )
        for row in rows
    ]


def people_of(asking: Asking, ids: Iterable[UUID], by: Envelope) -> People:
    """Who speaks and answers for sessions, from the vault, where the reading is recorded."""
    found = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return {key: subject.fields for key, subject in found.items()}


def file_of(term: Term, lines: Iterable[Line]) -> bytes:
    """A CSV for spreadsheets: UTF-8 with BOM, formulas as plain text."""
    file = io.StringIO(newline="")
    columns = TEMPLATES[Kind.PLAN].columns
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    for number, line in enumerate(lines, start=1):
        cells = {"序号": str(number), **cells_of(term, line)}
        writer.writerow({column: defused(cells[column]) for column in columns})
    return file.getvalue().encode("utf-8-sig")


def cells_of(term: Term, line: Line) -> dict[str, str]:
    session, people = line.session, line.people
    return {
        "学年": str(term.school_year),
        "学期": str(term.term_no),
        "周次": str(line.week),
        "计划日期": local(session.begins_at, "%Y-%m-%d"),
        "开始时间": local(session.begins_at, "%H:%M"),
        "结束时间": local(session.ends_at, "%H:%M"),
        "活动主题": session.title,
        "课程类别": CourseFamily(session.family).zh,
        "面向年级": "、".join(session.grades) or "全校",
        "载体": Carrier(session.carrier).zh,
        "方式": Mode(session.mode).zh,
        "课时": as_short_text(session.announced_class_hours),
        "主讲人": people.get("lecturer", ""),
        "主讲人身份": LecturerKind.of(people.get("lecturer_kind", "")).zh,
        "地点": session.place,
        "责任人": people.get("responsible", ""),
    }
