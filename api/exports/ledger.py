"""A learner's account and everything recorded about them, and the calendar of working days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.policy import LoginRequired, PrincipalKind
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
from api.pages.days import day_of
from api.pages.parent_words import WEEKDAYS
from api.pages.staff_calendar import this_year
from api.pages.staff_learners import AccountRow, Asked, TrailRow, schools_of, statement_of, trail_of
from api.reaching import learner_for

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


@router.get("/staff/learners/{learner_id}/history.xlsx")
def history(
    request: Request, asking: InAsking, learner_id: UUID, day: str = "", known: bool = False
) -> Response:
    """Without names: the account, and for those who may see the history, the history."""
    reached, asked = learner_for(asking, learner_id), Asked(day_of(day), known)
    say, code = saying(request), schools_of(reached)[0]
    account = account_rows(statement_of(asking, reached.learner_id, asked), say)
    listings = [Listing("学时账目", ACCOUNT, numbered(account))]
    if reached.may_see_history:
        trail = trail_rows(trail_of(asking, reached.learner_id, asked), say)
        listings.append(Listing("留痕记录", TRAIL, numbered(trail)))
    school = asking.runtime.models.schools.school(code)
    name = FileName(f"学员账本-{str(reached.learner_id)[:8]}", school, period=str(asked.day or ""))
    return handed_out(request, asking, name, listings)


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


def trail_rows(found: Iterable[TrailRow], say: Saying) -> Iterator[Row]:
    for row in found:
        line = row.line
        yield (
            say.word("topics", line.topic), line.topic, moment(line.occurred_at),
            moment(line.recorded_at), say.word("roles", line.role), line.organisation,
            say.word("channels", line.channel), line.rulebook_version, str(line.actor_id),
            orjson.dumps(orjson.loads(row.facts)).decode(),
            f"#{line.position} {line.originator_id}/{line.version}",
        )  # fmt: skip


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
