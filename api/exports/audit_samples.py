"""Audit samples as workbooks: the list of a district, and one sample with its findings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import DistrictCode, InAsking
from api.audit_samples import place_of, sample_for, samples_of
from api.exports.handing_out import (
    FileName,
    Listing,
    Row,
    Saying,
    handed_out,
    moment,
    numbered,
    saying,
)
from api.pages.staff_audit_samples import Drawn, drawn_of

router = APIRouter(include_in_schema=False)

SAMPLES = {
    "序号": 6, "开始": 12, "结束": 12, "总体场数": 10, "抽取场数": 10, "种子来源": 28,
    "种子日期": 12, "种子": 32, "公布时间": 18, "抽取时间": 18,
}  # fmt: skip
DRAWN = {
    "序号": 6, "学校标识码": 14, "活动名称": 28, "活动时间": 18, "抽查结论": 24, "严重程度": 10,
    "结论时间": 18,
}  # fmt: skip


@router.get("/staff/samples/{district_code}/list.xlsx")
def listed(request: Request, asking: InAsking, district_code: DistrictCode) -> Response:
    asking.may_in(Action.AUDIT_SAMPLE_READ, place_of(district_code))
    say = saying(request)
    rows = numbered(
        (
            row.begins, row.ends, row.population_count, row.size,
            say.word("seed_sources", row.seed_source), row.seed_day, row.seed,
            moment(row.announced_at), moment(row.drawn_at), str(row.sample_id),
        )
        for row in samples_of(asking.runtime, [district_code])
    )  # fmt: skip
    name = FileName("抽查", place=district_code)
    return handed_out(
        request, asking, name, [Listing(name.title, SAMPLES, rows, about_parents=False)]
    )


@router.get("/staff/samples/of/{sample_id}/sessions.xlsx")
def one(request: Request, asking: InAsking, sample_id: UUID) -> Response:
    """One line for each finding; a session without any has a line too. Words stay on the page."""
    row, _ = sample_for(asking, sample_id, Action.AUDIT_SAMPLE_READ)
    rows = numbered(
        chain.from_iterable(lines(each, saying(request)) for each in drawn_of(asking, row))
    )
    name = FileName("抽查结论", place=row.organisation, period=row.seed_day.isoformat())
    return handed_out(
        request, asking, name, [Listing(name.title, DRAWN, rows, about_parents=False)]
    )


def lines(drawn: Drawn, say: Saying) -> Iterator[Row]:
    """A session's line for each of its findings, or the one without."""
    session, key = drawn.session, str(drawn.session_id)
    told: Row = (
        (session.school_code, session.title, moment(session.begins_at)) if session else (None,) * 3
    )
    for each, _ in drawn.findings:
        found = say.word("audit_findings", each.finding)
        severity = say.word("audit_severities", each.severity)
        yield (*told, found, severity, moment(each.at), key)
    if not drawn.findings:
        yield (*told, None, None, None, key)
