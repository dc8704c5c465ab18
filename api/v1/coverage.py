"""Coverage as JSON: parent schools established, households reached, small groups left out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import DistrictCode, InAsking
from api.compliance import region
from api.coverage import coverage_of

router = APIRouter(prefix="/api/v1", tags=["compliance"])


class Missing(BaseModel):
    """A school without a parent school."""

    school_code: str
    name: str


class SchoolCoverage(BaseModel):
    """Null: fewer than ten households would be told."""

    school_code: str
    name: str
    enrolled: int | None
    reached: int | None


class DistrictCoverage(BaseModel):
    district_code: str
    school_year: int
    as_of: date | None
    schools: int
    parent_schools: int
    missing: list[Missing]
    households_enrolled: int | None
    households_reached: int | None = Field(description="Null: fewer than ten would be told.")
    by_school: list[SchoolCoverage]


@router.get("/districts/{district_code}/years/{school_year}/coverage")
def coverage(
    district_code: DistrictCode,
    school_year: Annotated[int, Path(ge=2000, le=2999)],
    asking: InAsking,
    as_of: date | None = None,
) -> DistrictCoverage:
    """A household is a child; it is reached once an adult attended for it."""
    asking.may_in(Action.COMPLIANCE_OVERVIEW, region(district_code))
    found = coverage_of(asking.runtime, district_code, school_year, as_of)
    return DistrictCoverage(
        district_code=district_code,
        school_year=school_year,
        as_of=as_of,
        schools=len(found.schools),
        parent_schools=len(found.schools) - len(found.missing),
        missing=[Missing(school_code=s.school_code, name=s.name) for s in found.missing],
        households_enrolled=found.enrolled,
        households_reached=found.reached,
        by_school=[
            SchoolCoverage(
                school_code=each.school.school_code,
                name=each.school.name,
                enrolled=each.enrolled,
                reached=each.reached,
            )
            for each in found.schools
        ],
    )
