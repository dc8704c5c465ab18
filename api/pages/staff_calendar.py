"""The working-day calendar of a year: read by all staff, brought as a file by the city."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import LoginRequired, Organisation, PrincipalKind
from api.asking import Asking, InAsking
from api.files.calendar import LARGEST, read_calendar
from api.language.catalogue import language_of
from api.pages.parent_words import WEEKDAYS
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_in
from domain.calendar import CITY_ZONE, local_day
from domain.refusals import Refused
from domain.working_days import CalendarDropsDays, CalendarMalformed

router = APIRouter(include_in_schema=False)

RULES: Final = {
    "duplicate_row": "这一天写了两次",
    "other_year": "一个文件只写一年的日子",
    "on_both_lists": "同一天不能又休又班",
    "works_anyway": "这天不是周末，本来就上班",
    "off_or_work": "类型写“休”或“班”",
}


@router.get("/staff/calendar")
def calendar(request: Request, asking: InAsking, year: int | None = None) -> Response:
    if asking.principal is None or asking.principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    return show(request, asking, year or this_year(asking))


@router.post("/staff/calendar/import")
def publish(
    request: Request, asking: InAsking, file: UploadFile, may_drop: Annotated[str, Form()] = ""
) -> Response:
    """Days are dropped by whoever was shown which, and brings that very file again."""
    by = asking.may_in(Action.CALENDAR_PUBLISH, Organisation())
    content, publish = file.file.read(LARGEST + 1), asking.runtime.book.calendars.publish
    try:
        days = read_calendar(content)
    except CalendarMalformed as refusal:
        return show(request, asking, this_year(asking), refusal)
    try:
        position = publish(days, by, may_drop=False)
    except CalendarDropsDays as refusal:
        asked = asked_of(content, refusal)
        if may_drop != asked:
            return show(request, asking, days.year, refusal, asked)
        position = publish(days, by, may_drop=True)
    asking.runtime.settle(position)
    return RedirectResponse(f"/staff/calendar?year={days.year}", status_code=303)


def asked_of(content: bytes, refusal: CalendarDropsDays) -> str:
    """The hash of a file and of the days that it drops: what a tick stands for."""
    return sha256(content + repr(refusal.facts).encode()).hexdigest()


def this_year(asking: Asking) -> int:
    return local_day(asking.runtime.now(), CITY_ZONE).year


def show(
    request: Request, asking: Asking, year: int, refusal: Refused | None = None, asked: str = ""
) -> Response:
    facts = refusal.facts if refusal else {}
    return staff_page(
        request, "calendar.html", status_of(refusal.code) if refusal else 200, year=year,
        calendar=asking.runtime.book.calendars.year(year), weekdays=WEEKDAYS,
        wrong="row" in facts and facts, rule=RULES.get(str(facts.get("rule"))),
        dropped=facts.get("days", ()), asked=asked,
        may_publish=may_in(asking, Action.CALENDAR_PUBLISH, Organisation()),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip
