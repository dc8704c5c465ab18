"""The register of a session (签到表), the plan of a term (教学计划), and leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.record_codes import learner_code
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
from api.pages import staff_leaves, staff_register
from api.reaching import session_for
from api.rendering import local
from domain.calendar import Term
from domain.envelope import Envelope
from domain.hours import as_short_text
from projections.attendance_register import RegisterLine
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

REGISTER = {
    "序号": 6, "班级": 14, "学生姓名": 18, "家长姓名": 18, "与学生关系": 12, "签到时间": 18,
    "家长签名": 14, "签退时间": 18, "签退签名": 14, "代签说明": 14, "备注": 22,
}  # fmt: skip
PLAN = {
    "序号": 6, "学年": 8, "学期": 6, "周次": 6, "计划日期": 12, "开始时间": 10, "结束时间": 10,
    "活动主题": 30, "课程类别": 18, "面向年级": 18, "载体": 14, "方式": 12, "课时": 8, "主讲人": 12,
    "主讲人身份": 12, "地点": 16, "责任人": 12, "状态": 12,
}  # fmt: skip
LEAVES = {
    "序号": 6, "家长姓名": 18, "理由": 12, "提出": 18, "交来日期": 12, "状态": 12, "补课": 14,
    "补课截止": 12, "补课完成": 18,
}  # fmt: skip
DECIDED = {None: "等待决定", True: "已准假", False: "未准假"}
WAITING = {"序号": 6, "活动": 30, "时间": 18, "待处理的请假": 14}
OTHER_RECORD = "同一人的另一份记录 {code}，{time} 签到"
NO_CLASS = ("", "")
DAYS_OF_A_WEEK = 7


@router.get("/staff/sessions/{session_id}/register.xlsx")
def register(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_READ)
    listing = register_listing(asking, session, by, saying(request))
    return handed_out(request, asking, name_of(asking, session, "03签到表"), [listing])


def register_listing(asking: Asking, session: SessionOnBoard, by: Envelope, say: Saying) -> Listing:
    lines = staff_register.sheet_of(asking, session, by)
    rows = (register_row(line, say) for line in lines)
    return Listing("家长学校签到表", REGISTER, rows, head_of(session, say))


def register_row(row: staff_register.SheetRow, say: Saying) -> Row:
    line, notes = row.line, list(notes_of(row.line, say))
    for other in row.others:
        values = {
            "code": learner_code(other.learner_id),
            "time": local(other.checked_in_at, "%H:%M"),
        }
        notes += [say.text(OTHER_RECORD, **values), *notes_of(other, say)]
    return (
        row.number, row.class_name, row.child_name, row.name,
        say.named("relation", row.relation_code), moment(line.checked_in_at),
        say.word("channels", line.channel), moment(line.checked_out_at),
        say.word("channels", line.check_out_channel), None,
        " ".join(notes), " ".join(str(each.attendance_id) for each in (line, *row.others)),
    )  # fmt: skip


def notes_of(line: RegisterLine, say: Saying) -> Iterator[str]:
    if line.result:
        yield say.word("results", line.result)
    if line.minutes is not None:
        yield say.text("{minutes}分钟", minutes=line.minutes)
    if line.corrections:
        yield say.text("已更正")


def head_of(session: SessionOnBoard, say: Saying) -> str:
    present = session.checked_in if session.head_count is None else session.head_count
    facts = {
        "活动主题": session.title,
        "时间": f"{local(session.begins_at, '%Y-%m-%d %H:%M')}–{local(session.ends_at, '%H:%M')}",
        "地点": session.place,
        "课时": as_short_text(session.class_hours),
        "年级/班级": say.grades(session.grades),
        "应到": session.invited,
        "实到": present,
    }
    return "　".join(f"{say.text(key)} {value}" for key, value in facts.items())


def name_of(asking: Asking, session: SessionOnBoard, title: str) -> FileName:
    school = asking.runtime.models.schools.school(session.school_code)
    day = local(session.begins_at, "%Y%m%d")
    return FileName(f"{title}-{day}-{session.title}", school, period=term_named(session.term))


@router.get("/staff/schools/{school_code}/terms/{term}/plan.xlsx")
def plan(request: Request, asking: InAsking, school_code: str, term: str) -> Response:
    """The plan of a term as a plan is brought: what came of each session stands beside it."""
    asking.may(Action.SESSION_READ, school_code)
    listing = plan_listing(asking, school_code, term_called(asking.runtime, term), saying(request))
    school = asking.runtime.models.schools.school(school_code)
    name = FileName("02教学计划", school, period=term_named(term))
    return handed_out(request, asking, name, [listing])


def plan_listing(asking: Asking, school_code: str, term: Term, say: Saying) -> Listing:
    sessions = asking.runtime.models.sessions
    found = sessions.sessions_of(school_code, term.begins, term.ends)
    rows = numbered(plan_row(each, term.begins.toordinal(), say) for each in reversed(found))
    return Listing("家长学校教学计划", PLAN, rows, about_parents=False)


def plan_row(session: SessionOnBoard, first_day: int, say: Saying) -> Row:
    begins, ends = moment(session.begins_at), moment(session.ends_at)
    assert begins is not None
    assert ends is not None
    monday = first_day - (first_day - 1) % DAYS_OF_A_WEEK
    week = (begins.toordinal() - monday) // DAYS_OF_A_WEEK + 1
    return (
        session.school_year, session.term_no, week, begins.date(), f"{begins:%H:%M}",
        f"{ends:%H:%M}", session.title, say.named("family", session.family),
        say.grades(session.grades), say.named("carrier", session.carrier),
        say.named("mode", session.mode), hours(session.class_hours), None, None, session.place,
        None, say.word("standings", session.standing), str(session.session_id),
    )  # fmt: skip


@router.get("/staff/leaves/{school_code}/list.xlsx")
def waiting(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.LEAVE_DECIDE, school_code)
    models = asking.runtime.models
    rows = numbered(
        (each.title, moment(each.begins_at), each.waiting, str(each.session_id))
        for each in models.leaves.waiting_at(school_code)
    )
    name = FileName("待处理的请假", models.schools.school(school_code))
    return handed_out(request, asking, name, [Listing(name.title, WAITING, rows)])


@router.get("/staff/sessions/{session_id}/leaves.xlsx")
def leaves(request: Request, asking: InAsking, session_id: UUID) -> Response:
    """Those who asked for leave or have something to make up; nobody who was merely absent."""
    session, by = session_for(asking, session_id, Action.LEAVE_DECIDE)
    rows = numbered(
        leave_rows(staff_leaves.rows_of(asking, session, NO_CLASS, by), saying(request))
    )
    name = name_of(asking, session, "请假与补课")
    return handed_out(request, asking, name, [Listing("请假与补课", LEAVES, rows)])


def leave_rows(found: Iterable[staff_leaves.Row], say: Saying) -> Iterator[Row]:
    for row in found:
        leave, made = row.leave, row.make_up
        yield (
            row.name,
            say.word("leave_categories", leave.category) if leave else None,
            moment(leave.requested_at) if leave else None,
            leave.handed_in_on if leave else None,
            say.text(DECIDED[leave.is_granted]) if leave else None,
            say.word("make_up_reasons", made.reason) if made else None,
            made.until if made else None,
            moment(made.completed_at) if made else None,
            " ".join(str(i) for i in (leave and leave.leave_id, made and made.make_ups_id) if i),
        )
