"""Closing on the staff pages: the two buttons of a term, and the page of a school year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.closing import close_term, close_year, closings_of, force_term, offered_in
from api.compliance import has_rules, term_called
from api.pages.staff_words import staff_page
from api.reaching import may_too
from domain.calendar import Term
from domain.closing import TERMS_OF_A_YEAR
from domain.suppressing import Share, shown


@dataclass(frozen=True)
class Results:
    """How many completed the year of how many; None where it would tell of fewer than ten."""

    completed: int | None
    enrolled: int | None


router = APIRouter(include_in_schema=False)

SchoolYear = Annotated[int, Path(ge=2000, le=2999)]


@router.post("/staff/schools/{school_code}/terms/{term}/close")
def close(asking: InAsking, school_code: str, term: str) -> Response:
    by = asking.may(Action.TERM_CLOSE, school_code)
    called = term_called(asking.runtime, term)
    asking.runtime.settle(close_term(asking.runtime, school_code, called, by))
    return back(school_code, called)


@router.post("/staff/schools/{school_code}/terms/{term}/force")
def force(asking: InAsking, school_code: str, term: str) -> Response:
    by = asking.may(Action.TERM_CLOSE_FORCE, school_code)
    called = term_called(asking.runtime, term)
    asking.runtime.settle(force_term(asking.runtime, school_code, called, by))
    return back(school_code, called)


@router.get("/staff/schools/{school_code}/years/{school_year}")
def year(request: Request, asking: InAsking, school_code: str, school_year: SchoolYear) -> Response:
    asking.may(Action.COMPLIANCE_READ, school_code)
    runtime = asking.runtime
    closed = runtime.models.closings.of_year(school_code, school_year)
    terms = [
        Term(school_year=each.school_year, term_no=each.term_no, begins=each.begins, ends=each.ends)
        for each in runtime.models.schools.terms()
        if each.school_year == school_year
    ]
    ruled = [term for term in terms if has_rules(runtime, term)]
    dated = {term.code: closings_of(runtime, school_code, term) for term in terms}
    missing = runtime.book.closings.open_terms(school_code, school_year)
    return staff_page(
        request,
        "year.html",
        school=runtime.models.schools.school(school_code),
        school_year=school_year,
        closed=closed,
        codes=[f"{school_year}-{number}" for number in TERMS_OF_A_YEAR],
        dated=dated,
        missing=missing,
        not_evaluated=runtime.book.closings.not_evaluated(school_year),
        offered=closed.offered if closed else offered_in(runtime, school_code, school_year),
        guard=runtime.book.rulebooks.on(ruled[0].begins).completion.annual if ruled else None,
        results=results_shown(asking, school_code, school_year),
        may_close=not missing and may_end(asking, school_code, school_year),
        next_classes=runtime.models.roster.classes(school_code, school_year + 1),
        may_promote=bool(closed) and may_too(asking, Action.YEAR_PROMOTE, school_code),
        may_certify=may_too(asking, Action.CERTIFICATE_READ, school_code),
    )


def may_end(asking: Asking, school_code: str, school_year: int) -> bool:
    """Whether somebody may close a year with closed terms; the district not before its day."""
    closings = asking.runtime.book.closings
    if not closings.is_evaluated(school_year) or not may_too(
        asking, Action.YEAR_CLOSE, school_code
    ):
        return False
    is_own = may_too(asking, Action.YEAR_PROMOTE, school_code)
    return is_own or closings.may_force_year(school_year, asking.runtime.now())


@router.post("/staff/schools/{school_code}/years/{school_year}/close")
def end_year(asking: InAsking, school_code: str, school_year: SchoolYear) -> Response:
    by = asking.may(Action.YEAR_CLOSE, school_code)
    asking.runtime.settle(close_year(asking.runtime, school_code, school_year, by))
    return RedirectResponse(f"/staff/schools/{school_code}/years/{school_year}", status_code=303)


@router.post("/staff/schools/{school_code}/years/{school_year}/promotion")
def promote(asking: InAsking, school_code: str, school_year: SchoolYear) -> Response:
    by = asking.may(Action.YEAR_PROMOTE, school_code)
    runtime = asking.runtime
    runtime.settle(runtime.book.registry.promote_classes(school_code, school_year, by))
    return RedirectResponse(f"/staff/schools/{school_code}/years/{school_year}", status_code=303)


def results_shown(asking: Asking, school_code: str, school_year: int) -> Results:
    """Who completed the year: whole to the school, no small groups above it."""
    found = asking.runtime.models.closings.results_of(school_code, school_year)
    share = Share(found.completed, found.enrolled)
    if may_too(asking, Action.TERM_LISTING_READ, school_code) or not share.is_small:
        return Results(found.completed, found.enrolled)
    return Results(None, shown(found.enrolled))


def back(school_code: str, term: Term) -> Response:
    address = f"/staff/schools/{school_code}/compliance?term={term.code}"
    return RedirectResponse(address, status_code=303)
