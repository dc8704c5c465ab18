"""Coverage for the district and the city: parent schools, and households reached in a year."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import CITY
from api.asking import DistrictCode, InAsking
from api.compliance import region
from api.coverage import coverage_of
from api.pages.staff_compliance import Day
from api.pages.staff_words import staff_page
from domain.calendar import CITY_ZONE, local_day, school_year_of

router = APIRouter(include_in_schema=False)


@router.get("/staff/districts/{district_code}/coverage")
def coverage(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
    as_of: Day = None,
) -> Response:
    asking.may_in(Action.COMPLIANCE_OVERVIEW, region(district_code))
    runtime = asking.runtime
    today = local_day(runtime.now(), CITY_ZONE)
    school_year = year or school_year_of(today)
    years = sorted({term.school_year for term in runtime.models.schools.terms()}, reverse=True)
    return staff_page(
        request,
        "coverage.html",
        district_code=district_code,
        is_city=district_code == CITY,
        covered=coverage_of(runtime, district_code, school_year, as_of),
        school_year=school_year,
        years=years or [school_year],
        as_of=as_of or "",
        day=as_of or today,
    )
