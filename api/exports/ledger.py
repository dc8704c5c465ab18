"""A learner's account and everything recorded about them, and the calendar of working days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.policy import LoginRequired, PrincipalKind
from api.access.record_codes import learner_code, staff_code
from api.asking import InAsking
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
)
from api.facts import FactRow, reach
from api.pages.days import day_of
from api.pages.parent_words import WEEKDAYS
from api.pages.staff_calendar import this_year
from api.pages.staff_facts import Asked as AskedFacts
from api.pages.staff_facts import chosen_facts, paged, subject_of
from api.pages.staff_learners import PURPOSE, AccountRow, Asked, schools_of, statement_of
from api.reaching import learner_for
from domain.envelope import Role
from projections.history import HistoryLine

router = APIRouter(include_in_schema=False)

ACCOUNT = {
    "序号": 6, "日期": 12, "活动名称": 28, "账目": 14, "理由": 16, "课程类别": 16, "方式": 12,
    "课时": 8, "认定时长": 10, "认定学时": 10, "结余": 10, "认定规则": 22, "封顶规则": 22,
    "规则版本": 12, "发生时间": 18, "记录时间": 18, "被冲正": 10,
}  # fmt: skip
TRAIL = {
    "序号": 8, "事项": 24, "事件": 28, "发生时间": 18, "记录时间": 18, "角色": 14, "机构": 14,
    "渠道": 14, "规则版本": 12, "操作人": 38, "原始事件": 60,
}  # fmt: skip
DAYS = {"序号": 6, "日期": 12, "星期": 10, "类型": 8}


@router.get("/staff/learners/{learner_id}/account.xlsx")
def account(
    request: Request, asking: InAsking, learner_id: UUID, day: str = "", known: bool = False
) -> Response:
    """The lines of an account, without names."""
    reached, asked = learner_for(asking, learner_id), Asked(day_of(day), known)
    by, log = reached.by, asking.runtime.book.vault.access_log
    log.note([reached.learner_id], by.actor, PURPOSE, by.at)
    rows = account_rows(statement_of(asking, reached.learner_id, asked), saying(request))
    school = asking.runtime.models.schools.school(schools_of(reached)[0])
    title = f"学员账本-{learner_code(reached.learner_id)}"
    name = FileName(title, school, period=str(asked.day or ""))
    return handed_out(request, asking, name, [Listing("学时账目", ACCOUNT, numbered(rows))])


@router.get("/staff/facts/{stream_id}/list.xlsx")
def facts(
    request: Request, asking: InAsking, stream_id: UUID, asked: Annotated[AskedFacts, Query()]
) -> Response:
    """The facts that pass the filter of the page, every page of it."""
    about = reach(asking, stream_id)
    rows = paged(chosen_facts(asking, about, asked), asked.model_copy(update={"page": 0})).rows
    listing = Listing("留痕记录", TRAIL, numbered(fact_rows(rows, saying(request))))
    title = f"留痕记录-{subject_of(asking, about)}"
    name = FileName(title, period=asked.term or asked.day)
    return handed_out(request, asking, name, [listing])


def account_rows(found: Iterable[AccountRow], say: Saying) -> Iterator[Row]:
    for row in found:
        line = row.line
        yield (
            line.day, line.title, say.word("lines", line.kind),
            say.word("reasons", line.reason_code), say.named("family", line.family),
            say.named("mode", line.mode), hours(line.class_hours), line.minutes, hours(line.hours),
            hours(line.balance), line.rule_ref, line.cap_ref, line.rulebook_version,
            moment(line.occurred_at), moment(line.recorded_at),
            f"#{row.reversed_by}" if row.reversed_by else None, f"#{line.position} {line.entry_id}",
        )  # fmt: skip


def fact_rows(found: Iterable[FactRow], say: Saying) -> Iterator[Row]:
    for row in found:
        line = row.line
        yield (
            say.word("topics", line.topic), line.topic, moment(line.occurred_at),
            moment(line.recorded_at), say.word("roles", line.role), line.organisation,
            say.word("channels", line.channel), line.rulebook_version, actor_code(line),
            orjson.dumps(orjson.loads(row.facts)).decode(),
            f"#{line.position} {line.originator_id}/{line.version}",
        )  # fmt: skip


def actor_code(line: HistoryLine) -> str:
    """Of a person their code, as in the log of looks; a program and the command line have none."""
    if line.role in {Role.MACHINE, Role.SYSTEM, Role.OPERATOR}:
        return str(line.actor_id)
    return (learner_code if line.role == Role.PARENT else staff_code)(line.actor_id)


@router.get("/staff/calendar.xlsx")
def calendar(request: Request, asking: InAsking, year: int | None = None) -> Response:
    """The days off, and the weekend days that are worked."""
    if asking.principal is None or asking.principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    wanted, say = year or this_year(asking), saying(request)
    found = asking.runtime.book.calendars.year(wanted)
    days = [(day, "休") for day in found.days_off] if found else []
    days += [(day, "班") for day in found.extra] if found else []
    rows = numbered(
        (
            day, say.text(WEEKDAYS[day.weekday()]), say.text(kind),
            f"{found.id if found else ''} {found.revision if found else ''}",
        )
        for day, kind in sorted(days)
    )  # fmt: skip
    name = FileName("工作日历", period=f"{wanted}年")
    return handed_out(request, asking, name, [Listing(name.title, DAYS, rows, about_parents=False)])
