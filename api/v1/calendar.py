"""The working-day calendar as JSON: read by everybody, published by the city administrator."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import InAsking, InRuntime
from api.bootstrap import Runtime
from domain.working_days import DaysOfYear

router = APIRouter(prefix="/api/v1", tags=["calendar"])

MOST_DAYS = 366

Year = Annotated[int, Path(ge=2000, le=2100)]


class NewCalendar(BaseModel):
    """The days off of a year, and the weekend days that are worked instead (调休)."""

    model_config = ConfigDict(extra="forbid")

    days_off: list[date] = Field(max_length=MOST_DAYS)
    extra_working_days: list[date] = Field(max_length=MOST_DAYS)


class CalendarState(BaseModel):
    """Revision 0 is a year that is not published: weekends alone are left out."""

    year: int
    revision: int
    days_off: list[date]
    extra_working_days: list[date]


@router.get("/calendar/{year}")
def calendar(year: Year, runtime: InRuntime) -> CalendarState:
    return state_of(runtime, year)


@router.post("/calendar/{year}")
def publish(year: Year, body: NewCalendar, asking: InAsking) -> CalendarState:
    """Publish a year or revise it; the same days again are no news."""
    by = asking.may_in(Action.CALENDAR_PUBLISH, Organisation())
    days = DaysOfYear.of(year, body.days_off, body.extra_working_days)
    asking.runtime.settle(asking.runtime.book.calendars.publish(days, by))
    return state_of(asking.runtime, year)


def state_of(runtime: Runtime, year: int) -> CalendarState:
    found = runtime.book.calendars.year(year)
    return CalendarState(
        year=year,
        revision=found.revision if found else 0,
        days_off=list(found.days_off) if found else [],
        extra_working_days=list(found.extra) if found else [],
    )
