"""The school's duty of a term, the schools of a district, and coverage: small numbers left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import CITY
from api.asking import DistrictCode, InAsking
from api.compliance import TermOfSchool, asked, region, term_of_school, terms_of_district
from api.coverage import coverage_of
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
from api.pages.staff_compliance import Day, begun
from domain.calendar import CITY_ZONE, local_day, school_year_of

router = APIRouter(include_in_schema=False)

SESSIONS = {
    "序号": 6, "活动": 30, "是否计入": 18, "课时": 8, "日期": 18, "方式": 14, "对象": 18,
}  # fmt: skip
SCHOOLS = {
    "序号": 6, "学校标识码": 14, "学校": 26, "状态": 14, "活动": 8, "课时": 8, "剩余周数": 10,
    "结账": 18, "学段": 16, "SHA-256": 30,
}  # fmt: skip
COVERAGE = {
    "序号": 6, "学校标识码": 14, "学校": 26, "建立家长学校": 14, "有家长到场的家庭": 18,
    "在册家庭": 12,
}  # fmt: skip


@router.get("/staff/schools/{school_code}/compliance.xlsx")
def school_term(
    request: Request, asking: InAsking, school_code: str, term: str = "", as_of: Day = None
) -> Response:
    asking.may(Action.COMPLIANCE_READ, school_code)
    runtime, code = asking.runtime, term or begun(asking)[0].code
    found = term_of_school(runtime, school_code, asked(runtime, code, as_of))
    name = FileName("学期达标", found.school, period=term_named(code))
    return handed_out(request, asking, name, [duty_listing(found, saying(request))])


def duty_listing(found: TermOfSchool, say: Saying) -> Listing:
    rows = numbered(
        (
            each.title, say.word("verdicts", found.verdict(each)), hours(each.class_hours),
            moment(each.begins_at), say.named("mode", each.mode), say.grades(each.grades),
            str(each.session_id),
        )
        for each in found.sessions
    )  # fmt: skip
    return Listing("学期达标", SESSIONS, rows, about_parents=False)


@router.get("/staff/districts/{district_code}/compliance.xlsx")
def district_term(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    term: str = "",
    stage: str = "",
    as_of: Day = None,
) -> Response:
    asking.may_in(Action.COMPLIANCE_OVERVIEW, region(district_code))
    wanted = asked(asking.runtime, term or begun(asking)[0].code, as_of)
    found = terms_of_district(asking.runtime, district_code, stage or None, wanted)
    name = FileName("各校学期达标", place=district_code, period=term_named(wanted.term.code))
    rows = numbered(school_rows(found, saying(request)))
    listing = Listing(name.title, SCHOOLS, rows, about_parents=False)
    return handed_out(request, asking, name, [listing])


def school_rows(found: Iterable[TermOfSchool], say: Saying) -> Iterator[Row]:
    for each in found:
        judged, closing = each.compliance, each.last_closing
        yield (
            each.school.school_code, each.school.name, say.word("lights", judged.light),
            judged.counted.activities, hours(judged.counted.class_hours), judged.weeks_left,
            moment(each.closings[0].occurred_at) if closing else None,
            "、".join(say.named("stage", stage) for stage in each.school.stages),
            closing.sha256 if closing else None,
            " ".join(str(session.session_id) for session in each.sessions),
        )  # fmt: skip


@router.get("/staff/districts/{district_code}/coverage.xlsx")
def coverage(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
    as_of: Day = None,
) -> Response:
    asking.may_in(Action.COMPLIANCE_OVERVIEW, region(district_code))
    runtime = asking.runtime
    school_year = year or school_year_of(local_day(runtime.now(), CITY_ZONE))
    covered = coverage_of(runtime, district_code, school_year, as_of)
    rows = numbered(
        (
            each.school.school_code, each.school.name, each.school.established_on, each.reached,
            each.enrolled, each.school.school_code,
        )
        for each in covered.schools
    )  # fmt: skip
    place = "" if district_code == CITY else district_code
    name = FileName("覆盖情况", place=place, period=f"{school_year}学年")
    return handed_out(request, asking, name, [Listing(name.title, COVERAGE, rows)])
