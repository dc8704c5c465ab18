"""What auditors read, as workbooks: reversals, what totals are made of, who looked at whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.record_codes import learner_code
from api.access_log import organisations_seen
from api.asking import Asking, DistrictCode, InAsking
from api.closing import listing_text
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
from api.pages.organisations import organisation_names
from api.pages.staff_access_log import MOST_CODES, Filter, LookRow, look_rows_of, looks_for
from api.pages.staff_reversals import ReversalRow, asked_for, rows_of
from api.pages.staff_term_lines import accounts_of, sessions_of
from domain.calendar import CITY_ZONE, local_day
from domain.term_listing import TermListing, read_listing

router = APIRouter(include_in_schema=False)

MOST_LOOKS = 100_000
CUT = "只有最近的 {count} 条；更早的请选定日期再导出。"
REVERSALS = {
    "序号": 6, "学校": 20, "学员编号": 18, "活动名称": 28, "日期": 12, "理由": 16, "迟了几天": 8,
    "冲正学时": 10, "重新入账": 10, "提出人": 18, "决定人": 18, "冲正时间": 18, "记录时间": 18,
}  # fmt: skip
SESSIONS = {"序号": 6, "活动名称": 28, "日期": 12, "是否计入": 16, "课时": 8, "到场人数": 10}
ACCOUNTS = {"序号": 6, "学员编号": 18, "入账学时": 10}
LOOKS = {"序号": 6, "时间": 18, "身份": 16, "单位": 20, "查看人编号": 18, "为何": 20, "看了谁": 60}


@router.get("/staff/districts/{district_code}/reversals.xlsx")
def reversals(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    term: str = "",
    school: str = "",
) -> Response:
    wanted = asked_for(asking, district_code, term, school)
    say, names = saying(request), organisation_names(asking.runtime, wanted.codes)
    rows = numbered(reversal(each, names, say) for each in rows_of(asking, wanted))
    name = FileName("冲正报告", place=district_code, period=term_named(wanted.term.code))
    return handed_out(request, asking, name, [Listing(name.title, REVERSALS, rows)])


def reversal(row: ReversalRow, names: dict[str, str], say: Saying) -> Row:
    line = row.line
    return (
        names.get(line.school_code, line.school_code), learner_code(line.learner_id), line.title,
        line.day, say.word("reasons", line.reason_code), line.days_late, hours(line.hours),
        hours(line.hours_instead), row.proposed_by, row.decided_by, moment(line.reversed_at),
        moment(line.recorded_at), f"#{line.position}",
    )  # fmt: skip


@router.get("/staff/schools/{school_code}/terms/{term}/lines.xlsx")
def term_lines(
    request: Request,
    asking: InAsking,
    school_code: str,
    term: str,
    number: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    asking.may(Action.TERM_LISTING_READ, school_code)
    called, say = term_called(asking.runtime, term), saying(request)
    listing = read_listing(listing_text(asking.runtime, school_code, called, number))
    school = asking.runtime.models.schools.school(school_code)
    name = FileName("合计由什么组成", school, period=term_named(called.code))
    return handed_out(request, asking, name, totals_listings(asking, listing, say))


def totals_listings(asking: Asking, listing: TermListing, say: Saying) -> list[Listing]:
    sessions = numbered(
        (
            each.session.title, local_day(each.session.begins_at, CITY_ZONE),
            say.word("verdicts", each.listed.verdict), hours(each.listed.class_hours),
            each.listed.attended, str(each.listed.session_id),
        )
        for each in sessions_of(asking, listing)
    )  # fmt: skip
    accounts = numbered(
        (learner_code(each.learner_id), hours(each.listed.hours), str(each.listed.account_id))
        for each in accounts_of(asking, listing)
    )
    return [Listing("活动", SESSIONS, sessions), Listing("有学时的家长", ACCOUNTS, accounts)]


@router.get("/staff/access-log.xlsx")
def access_log(request: Request, asking: InAsking, asked: Annotated[Filter, Query()]) -> Response:
    """The looks that the filter lets through, the newest first, without a name."""
    looks, _ = looks_for(asking, asked, organisations_seen(asking), MOST_LOOKS + 1)
    names = organisation_names(asking.runtime, (look.organisation for look in looks))
    rows = numbered(look_rows(names, look_rows_of(asking, looks[:MOST_LOOKS]), saying(request)))
    about = saying(request).text(CUT, count=MOST_LOOKS) if len(looks) > MOST_LOOKS else ""
    listing = Listing("个人信息查看记录", LOOKS, rows, about)
    return handed_out(request, asking, FileName(listing.title), [listing])


def look_rows(names: dict[str, str], rows: Iterator[LookRow], say: Saying) -> Iterator[Row]:
    for row in rows:
        look = row.look
        yield (
            moment(look.at), say.word("roles", look.role),
            names.get(look.organisation, look.organisation), row.actor,
            say.word("purposes", look.purpose), seen_in(row, say), str(look.entry),
        )  # fmt: skip


def seen_in(row: LookRow, say: Saying) -> str:
    """How many of what has no code, then codes, as many as the page has."""
    counted = [f"{say.word('looked_at', kind)}×{count}" for kind, count in row.others.items()]
    more = [f"…（{len(row.codes)}）"] if len(row.codes) > MOST_CODES else []
    return " ".join([*counted, *row.codes[:MOST_CODES], *more])
