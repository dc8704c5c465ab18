"""The school's duty of a term: a page for the school, and a table for its district and the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator

from api.access.actions import Action
from api.access.policy import CITY
from api.asking import Asking, DistrictCode, InAsking
from api.closing import obstacles_of
from api.closing_figures import HOURS, Figures, all_figures, changes_of
from api.compliance import (
    TermOfSchool,
    asked,
    has_rules,
    region,
    term_of_school,
    terms_of_district,
)
from api.pages.compliance_words import LIGHT_LOOKS, OBSTACLE_PAGES, TOTALS
from api.pages.staff_words import staff_page
from api.reaching import may_too
from domain.calendar import CITY_ZONE, local_day
from domain.closing import ClosingDays
from domain.compliance import Light
from domain.grades import Stage
from ledger.registry import UnknownTerm
from projections.schools import TermDates
from projections.term_obstacles import Obstacle

router = APIRouter(include_in_schema=False)

# A form sends an empty field where no day was chosen.
Day = Annotated[date | None, BeforeValidator(lambda day: day or None), Query()]


@dataclass(frozen=True)
class ClosingCard:
    """A term's closing on its page: totals and addenda by number; or what lacks, and who may."""

    days: ClosingDays
    obstacles: list[Obstacle]
    totals: dict[int, Figures]
    changes: dict[int, Figures]
    may_close: bool
    may_force: bool
    may_list: bool
    may_archive: bool


@router.get("/staff/schools/{school_code}/compliance")
def school_term(
    request: Request, asking: InAsking, school_code: str, term: str = "", as_of: Day = None
) -> Response:
    asking.may(Action.COMPLIANCE_READ, school_code)
    runtime, terms = asking.runtime, begun(asking)
    found = term_of_school(runtime, school_code, asked(runtime, term or terms[0].code, as_of))
    return staff_page(
        request,
        "compliance.html",
        found=found,
        rules=found.rulebook.school_term_compliance,
        terms=terms,
        as_of=as_of or "",
        light_looks=LIGHT_LOOKS,
        card=closing_of(asking, found),
        obstacle_pages=OBSTACLE_PAGES,
        total_names=TOTALS,
        hour_totals=HOURS,
    )


def closing_of(asking: Asking, found: TermOfSchool) -> ClosingCard:
    runtime, code = asking.runtime, found.school.school_code
    days, today = runtime.book.closings.days(found.term), local_day(runtime.now(), CITY_ZONE)
    exact = may_too(asking, Action.TERM_LISTING_READ, code)
    return ClosingCard(
        days=days,
        obstacles=[] if found.closings else obstacles_of(runtime, code, found.term),
        totals=all_figures(found.closings, exact=exact),
        changes=changes_of(found.closings, exact=exact),
        may_close=today >= days.school and may_too(asking, Action.TERM_CLOSE, code),
        may_force=today >= days.district and may_too(asking, Action.TERM_CLOSE_FORCE, code),
        may_list=exact,
        may_archive=may_too(asking, Action.ARCHIVE_READ, code),
    )


@router.get("/staff/districts/{district_code}/compliance")
def district_term(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    term: str = "",
    stage: str = "",
    as_of: Day = None,
    light: str = "",
) -> Response:
    asking.may_in(Action.COMPLIANCE_OVERVIEW, region(district_code))
    terms = begun(asking)
    wanted = asked(asking.runtime, term or terms[0].code, as_of)
    found = terms_of_district(asking.runtime, district_code, stage or None, wanted)
    return staff_page(
        request,
        "district_compliance.html",
        district_code=district_code,
        is_city=district_code == CITY,
        found=[each for each in found if light in {"", each.compliance.light}],
        counts=counts_of(found),
        term=wanted.term,
        terms=terms,
        stages=list(Stage),
        stage=stage,
        as_of=as_of or "",
        at=wanted.at,
        rules=asking.runtime.book.rulebooks.on(wanted.term.begins).school_term_compliance,
        light_looks=LIGHT_LOOKS,
    )


def begun(asking: Asking) -> list[TermDates]:
    """The terms that have begun under rules, the newest first.

    Raises UnknownTerm where there is none.
    """
    runtime, today = asking.runtime, local_day(asking.runtime.now(), CITY_ZONE)
    terms = [each for each in runtime.models.schools.terms() if has_rules(runtime, each.term)]
    found = [term for term in reversed(terms) if term.begins <= today] or terms[:1]
    if not found:
        raise UnknownTerm
    return found


def counts_of(found: list[TermOfSchool]) -> dict[str, int]:
    lights = [each.compliance.light for each in found]
    return {light.value: lights.count(light) for light in Light}
