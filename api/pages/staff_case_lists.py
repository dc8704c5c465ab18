"""The inbox of disputes and appeals, of a school or a district: what waits, and what ended."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import Asking, DistrictCode, InAsking
from api.pages.case_words import CHIPS, shown
from api.pages.paging import Paged, PageNumber, cut
from api.pages.staff_words import staff_page
from domain.calendar import CITY_ZONE, local_day
from projections.cases import CaseFile

router = APIRouter(include_in_schema=False)


@router.get("/staff/cases/{school_code}")
def inbox(
    request: Request,
    asking: InAsking,
    school_code: str,
    page: PageNumber = 1,
    ended: PageNumber = 1,
) -> Response:
    """What waits, the nearest last day first, and what ended."""
    asking.may(Action.CASE_READ, school_code)
    cases = asking.runtime.models.cases
    count = cases.how_many_of(school_code)
    return listed(
        request, asking, school=asking.runtime.models.schools.school(school_code), overdue=[],
        waiting=cut(partial(cases.open_of, school_code), count.waiting, page),
        ended=cut(partial(cases.ended_of, school_code), count.ended, ended),
    )  # fmt: skip


@router.get("/staff/districts/{district_code}/cases")
def district(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    page: PageNumber = 1,
    ended: PageNumber = 1,
) -> Response:
    """What parents brought before the district, and how many cases wait too long, in figures."""
    by = asking.may_in(Action.CASE_OVERVIEW_READ, Organisation(district=district_code))
    cases, today = asking.runtime.models.cases, local_day(by.at, CITY_ZONE)
    count = cases.how_many_before(district_code)
    return listed(
        request, asking, school=None, district_code=district_code,
        overdue=cases.overdue(today, district_code),
        waiting=cut(partial(cases.escalated_to, district_code), count.waiting, page),
        ended=cut(partial(cases.reviewed_by, district_code), count.ended, ended),
    )  # fmt: skip


def listed(request: Request, asking: Asking, waiting: Paged[CaseFile], **values: Any) -> Response:
    """Both halves of a list of cases, those that wait with the days they have left."""
    today = local_day(asking.runtime.now(), CITY_ZONE)
    rows = shown(asking.runtime, waiting.rows, today)
    return staff_page(
        request, "cases.html", waiting=waiting, rows=rows, chips=CHIPS,
        has_holidays=asking.runtime.book.calendars.year(today.year) is not None, **values,
    )  # fmt: skip
