"""Classes, their families and their hours (学时登记表); who moves, and whose care changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.compliance import term_called
from api.exports.handing_out import (
    FileName,
    Listing,
    Row,
    Saying,
    handed_out,
    hours,
    moment,
    numbered,
    saying,
    term_named,
)
from api.families import left_this_year
from api.pages import (
    staff_classes,
    staff_custody,
    staff_departures,
    staff_statements,
    staff_transfers,
)
from api.reaching import either
from domain.envelope import Envelope
from projections.account_statement import StatementLine

router = APIRouter(include_in_schema=False)

CLASSES = {"序号": 6, "学段": 12, "年级": 12, "班级": 12, "学生": 8, "家长": 8}
FAMILIES = {
    "序号": 6, "学校标识码": 14, "年级": 12, "班级": 12, "学生姓名": 18, "家长姓名": 18,
    "与学生关系": 14, "是否监护人": 12,
}  # fmt: skip
HOURS = {
    "序号": 6, "班级": 12, "学生姓名": 18, "家长姓名": 18, "与学生关系": 12, "学年": 8, "学期": 6,
    "日期": 12, "活动名称": 28, "课程类别": 16, "载体": 12, "方式": 12, "课时": 8, "认定学时": 10,
    "考勤情况": 14, "考核成绩": 10, "累计学时": 10, "登记人": 12, "备注": 18,
}  # fmt: skip
MOVES = {
    "序号": 6, "学生姓名": 18, "转出学校": 24, "转入学校": 24, "转出日期": 12, "年级": 12,
    "班级": 12, "状态": 16, "变动时间": 18,
}  # fmt: skip
LEFT = {
    "序号": 6, "学生姓名": 18, "年级": 12, "班级": 12, "离校日期": 12, "原因": 16,
}  # fmt: skip
CARE = {"序号": 6, "家长姓名": 18, "学生姓名": 18, "理由": 20, "恢复日期": 12, "提出": 18}
PARTED = {"序号": 6, "家长姓名": 18, "学生姓名": 18, "理由": 20, "终止日期": 12}
OfClass = tuple[str, int, str, str]  # school, school year, grade, group
TERM = r"^([0-9]{4}-[12])?$"


@router.get("/staff/classes/{school_code}/list.xlsx")
def classes(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.LEARNER_READ, school_code)
    models, year, say = asking.runtime.models, staff_classes.year_of(asking), saying(request)
    school = models.schools.school(school_code)
    rows = numbered(
        (
            say.named("stage", each.stage), each.grade, each.class_group, each.children,
            each.learners, f"{school_code} {year} {each.grade}{each.class_group}",
        )
        for each in models.roster.classes_with_counts(school_code, year)
    )  # fmt: skip
    name = FileName("班级与家庭", school, period=f"{year}学年")
    return handed_out(request, asking, name, [Listing(name.title, CLASSES, rows)])


@router.get("/staff/classes/{school_code}/families.xlsx")
def families(
    request: Request, asking: InAsking, school_code: str, grade: str, group: str
) -> Response:
    by = asking.may(Action.LEARNER_READ, school_code)
    places = staff_classes.places_in(asking, school_code, grade, group)
    found, say = staff_classes.families_of(asking, by, places), saying(request)
    rows = numbered(
        (
            school_code, grade, group, family.child_name, adult.name,
            say.named("relation", adult.relation_code),
            say.text("是" if adult.is_guardian else "否"), str(adult.learner_id),
        )
        for family in found
        for adult in family.adults
    )  # fmt: skip
    school = asking.runtime.models.schools.school(school_code)
    name = FileName(f"家长学员花名册-{grade}{group}", school)
    return handed_out(request, asking, name, [Listing("家长学员花名册", FAMILIES, rows)])


@router.get("/staff/schools/{school_code}/statements.xlsx")
def statements(
    request: Request,
    asking: InAsking,
    school_code: str,
    grade: str,
    group: str,
    term: Annotated[str, Query(pattern=TERM)] = "",
) -> Response:
    """The hours of a class, of one term or of all (学时登记表)."""
    by = staff_statements.issuing(asking, school_code)
    if term:
        term_called(asking.runtime, term)
    of_class = school_code, staff_classes.year_of(asking), grade, group
    listing = hours_listing(asking, of_class, by, saying(request), term)
    school = asking.runtime.models.schools.school(school_code)
    period = term_named(term) if term else ""
    name = FileName(f"03家长学时登记表-{grade}{group}", school, period=period)
    return handed_out(request, asking, name, [listing])


def hours_listing(
    asking: Asking, of_class: OfClass, by: Envelope, say: Saying, term: str = ""
) -> Listing:
    found = hours_of(asking, of_class, by, say)
    rows = numbered(row for line, row in found if not term or line.term == term)
    return Listing("家长学时登记表", HOURS, rows)


def hours_of(
    asking: Asking, of_class: OfClass, by: Envelope, say: Saying
) -> Iterator[tuple[StatementLine, Row]]:
    """Every line of every account of the class, by the child's name."""
    school_code, year, grade, group = of_class
    models = asking.runtime.models
    places = models.roster.class_list(school_code, year, grade, group)
    relations = {place.learner_id: place.relation_code for place in places}
    sessions = models.sessions.sessions_of(school_code)
    carriers = {each.session_id: say.named("carrier", each.carrier) for each in sessions}
    people = staff_statements.candidates(asking, school_code, (year, grade, group), by)
    for person in people:
        relation = say.named("relation", relations[person.learner_id])
        who = (f"{grade}{group}", person.child_name, person.name, relation)
        for line in models.accounts.statement(person.learner_id):
            carrier = carriers.get(line.session_id) if line.session_id else None
            yield line, (*who, *hours_row(line, carrier, say))


def hours_row(line: StatementLine, carrier: str | None, say: Saying) -> Row:
    note = say.word("reasons", line.reason_code) if line.reason_code else ""
    return (
        line.school_year, int(line.term[-1]) if line.term else None, line.day, line.title,
        say.named("family", line.family), carrier, say.named("mode", line.mode),
        hours(line.class_hours), hours(line.hours), say.word("lines", line.kind), None,
        hours(line.balance), None, note, str(line.entry_id),
    )  # fmt: skip


@router.get("/staff/transfers/{school_code}/list.xlsx")
def transfers(request: Request, asking: InAsking, school_code: str) -> Response:
    by = either(asking, staff_transfers.EITHER, school_code)
    models, say = asking.runtime.models, saying(request)
    found = models.transfers.of_school(school_code)
    children: set[UUID] = {row.child_id for row in found}
    names = staff_transfers.names_of(asking, school_code, found, children, by)
    schools = staff_transfers.schools_of(asking, found)
    rows = numbered(
        (
            names[row.child_id], schools.get(row.from_school_code, row.from_school_code),
            schools.get(row.to_school_code or row.announced_to or "", ""), row.effective_on,
            row.grade, row.class_group, say.word("transfers", row.state), moment(row.changed_at),
            str(row.transfer_id),
        )
        for row in found
    )  # fmt: skip
    name = FileName("转学与离校", models.schools.school(school_code))
    return handed_out(request, asking, name, [Listing(name.title, MOVES, rows)])


@router.get("/staff/departures/{school_code}/list.xlsx")
def departures(request: Request, asking: InAsking, school_code: str) -> Response:
    by, say = asking.may(Action.TRANSFER_RELEASE, school_code), saying(request)
    left = left_this_year(asking, school_code).values()
    names = staff_departures.names_of(asking, left, by)
    rows = numbered(
        (
            names[place.child_id], place.grade, place.class_group, place.ended_on,
            say.word("leaving", place.end_reason or ""), str(place.child_id),
        )
        for place in left
    )  # fmt: skip
    name = FileName("已离校的学生", asking.runtime.models.schools.school(school_code))
    return handed_out(request, asking, name, [Listing(name.title, LEFT, rows)])


@router.get("/staff/custody/{school_code}/list.xlsx")
def custody(request: Request, asking: InAsking, school_code: str) -> Response:
    by = either(asking, staff_custody.EITHER, school_code)
    say = saying(request)
    rows = numbered(
        (
            row.name, row.child_name,
            say.word("restorations" if row.holds_from else "custody", row.reason_code),
            row.holds_from, moment(row.proposed_at), f"{row.learner_id} {row.child_id}",
        )
        for row in staff_custody.rows_of(asking, school_code, by)
    )  # fmt: skip
    parted = numbered(
        (
            row.name, row.child_name, say.word("custody", row.reason_code), row.ended_on,
            f"{row.learner_id} {row.child_id}",
        )
        for row in staff_custody.ended_of(asking, school_code, by)
    )  # fmt: skip
    name = FileName("监护关系变更", asking.runtime.models.schools.school(school_code))
    listings = [Listing(name.title, CARE, rows), Listing("已终止的监护关系", PARTED, parted)]
    return handed_out(request, asking, name, listings)
