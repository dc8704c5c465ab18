"""The report of reversals of a district or the city: by school, by person, and line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import CITY
from api.access.record_codes import staff_code
from api.asking import Asking, DistrictCode, InAsking
from api.compliance import region, term_called
from api.pages.organisations import organisation_names
from api.pages.paging import PageNumber, paged
from api.pages.staff_compliance import begun
from api.pages.staff_words import staff_page
from domain.calendar import Term
from projections.reversed_hours import Ordered, ReversedHours, ReversedLine, SchoolShare
from projections.schools import School

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PersonShare:
    """Of all reversals, those that one person ordered. A person is a code, and a role."""

    code: str
    role: str
    reversals: int
    percent: int


@dataclass(frozen=True)
class ReversalRow:
    line: ReversedLine
    order: Ordered | None
    proposed_by: str
    decided_by: str


@dataclass(frozen=True)
class Wanted:
    """A term, and the schools of a district or the city: all of them, or one."""

    term: Term
    schools: list[School]
    codes: list[str]


@router.get("/staff/districts/{district_code}/reversals")
def reversals(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    term: str = "",
    school: str = "",
    page: PageNumber = 1,
) -> Response:
    wanted = asked_for(asking, district_code, term, school)
    return staff_page(
        request,
        "reversals.html",
        district_code=district_code,
        is_city=district_code == CITY,
        term=wanted.term,
        terms=begun(asking),
        schools=wanted.schools,
        school=school,
        names=organisation_names(asking.runtime, wanted.codes),
        percent=percent,
        **report_of(asking.runtime.models.reversed_hours, wanted, page),
    )


def asked_for(asking: Asking, district_code: str, term: str, school: str) -> Wanted:
    """Raises Forbidden, LoginRequired, UnknownTerm."""
    asking.may_in(Action.AUDIT_READ, region(district_code))
    called = term_called(asking.runtime, term or begun(asking)[0].code)
    district = None if district_code == CITY else district_code
    schools = asking.runtime.models.schools.schools(district)
    codes = [each.school_code for each in schools if school in {"", each.school_code}]
    return Wanted(called, schools, codes)


def report_of(hours: ReversedHours, wanted: Wanted, page: int) -> dict[str, Any]:
    lines = hours.lines(wanted.codes, wanted.term.code)
    orders = hours.orders(line.position for line in lines)
    return {
        "shares": hours.shares(wanted.codes, wanted.term.code),
        "persons": persons_of(lines, orders),
        "found": paged([row_of(each, orders) for each in lines], page),
    }


def rows_of(asking: Asking, wanted: Wanted) -> list[ReversalRow]:
    """Every line that was taken back, with who ordered it."""
    hours = asking.runtime.models.reversed_hours
    lines = hours.lines(wanted.codes, wanted.term.code)
    orders = hours.orders(line.position for line in lines)
    return [row_of(each, orders) for each in lines]


def percent(share: SchoolShare) -> int:
    """Of a hundred lines that were awarded, how many were taken back."""
    return round(share.reversals * 100 / share.awards) if share.awards else 0


def persons_of(lines: list[ReversedLine], orders: dict[int, Ordered]) -> list[PersonShare]:
    """By code; what no person ordered (merged records, rules applied again) is the system's."""
    counted: Counter[tuple[UUID, str] | None] = Counter()
    for line in lines:
        order = orders.get(line.position)
        counted[(order.proposed_by.id, order.proposed_by.role) if order else None] += 1
    found = [
        PersonShare(
            code=staff_code(who[0]) if who else "",
            role=who[1] if who else "system",
            reversals=count,
            percent=round(count * 100 / len(lines)),
        )
        for who, count in counted.items()
    ]
    return sorted(found, key=lambda person: (person.code, person.role))


def row_of(line: ReversedLine, orders: dict[int, Ordered]) -> ReversalRow:
    order = orders.get(line.position)
    decided = order.decided_by if order else None
    return ReversalRow(
        line=line,
        order=order,
        proposed_by=staff_code(order.proposed_by.id) if order else "",
        decided_by=staff_code(decided.id) if decided else "",
    )
