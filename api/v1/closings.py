"""Closing a term and a year as JSON: what lacks, the closing, its totals, hash and addenda."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.closing import (
    close_term,
    close_year,
    closings_of,
    force_term,
    listing_text,
    obstacles_of,
    offered_in,
)
from api.closing_figures import Figures, all_figures
from api.compliance import term_called
from api.reaching import may_too
from domain.calendar import Term
from projections.closings import Closing

router = APIRouter(prefix="/api/v1", tags=["closings"])

SchoolYear = Annotated[int, Path(ge=2000, le=2999, description="2026 began in September 2026.")]


Number = Annotated[int | None, Query(ge=0, description="0: the closing; n: addendum n.")]


class ObstacleFound(BaseModel):
    """Something to finish first: `id` is that of the session or other thing it is `about`.

    `title` is that of a session; empty where a dispute is about something else.
    """

    code: str
    about: str
    id: UUID
    title: str
    at: datetime
    count: int


class ClosingState(BaseModel):
    """Number 0 is the closing; the others are addenda."""

    number: int
    totals: dict[str, int | None] = Field(
        description="Null, to readers above the school: fewer than ten people would be told."
    )
    sha256: str
    forced: bool
    obstacles: dict[str, int]
    occurred_at: datetime
    recorded_at: datetime


class TermClosingState(BaseModel):
    school_code: str
    term: str
    closes_from: date
    district_closes_from: date
    obstacles: list[ObstacleFound]
    closings: list[ClosingState]


class YearClosingState(BaseModel):
    """`offered` are hours by grade, in hundredths: what a family could have earned face to face.

    A term that is `not_evaluated` began before the first rules: it need not be closed.
    """

    school_code: str
    school_year: int
    open_terms: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    closed_at: datetime | None
    offered: dict[str, int]


@router.get("/schools/{school_code}/terms/{term}/closing")
def term_closing(school_code: str, term: str, asking: InAsking) -> TermClosingState:
    """What lacks for closing the term; once it is closed, its totals and every addendum."""
    asking.may(Action.COMPLIANCE_READ, school_code)
    return term_state(asking, school_code, term_called(asking.runtime, term))


@router.post("/schools/{school_code}/terms/{term}/closing", status_code=status.HTTP_201_CREATED)
def close(school_code: str, term: str, asking: InAsking) -> TermClosingState:
    """Close the term: nothing of it is unfinished, and late posting is over."""
    by = asking.may(Action.TERM_CLOSE, school_code)
    runtime = asking.runtime
    called = term_called(runtime, term)
    runtime.settle(close_term(runtime, school_code, called, by))
    return term_state(asking, school_code, called)


@router.post(
    "/schools/{school_code}/terms/{term}/forced-closing", status_code=status.HTTP_201_CREATED
)
def force(school_code: str, term: str, asking: InAsking) -> TermClosingState:
    """Close the term for a school that did not, as its district; obstacles are recorded."""
    by = asking.may(Action.TERM_CLOSE_FORCE, school_code)
    runtime = asking.runtime
    called = term_called(runtime, term)
    runtime.settle(force_term(runtime, school_code, called, by))
    return term_state(asking, school_code, called)


@router.get("/schools/{school_code}/terms/{term}/listing", response_class=PlainTextResponse)
def listing(
    school_code: str, term: str, asking: InAsking, number: Number = None
) -> PlainTextResponse:
    """The text behind a hash: as closed (0), as an addendum says, or as it adds up now."""
    asking.may(Action.TERM_LISTING_READ, school_code)
    text = listing_text(asking.runtime, school_code, term_called(asking.runtime, term), number)
    name = f"{school_code}-{term}-{'now' if number is None else number}.txt"
    disposition = f'attachment; filename="{name}"'
    return PlainTextResponse(text, headers={"Content-Disposition": disposition})


@router.get("/schools/{school_code}/years/{school_year}/closing")
def year_closing(school_code: str, school_year: SchoolYear, asking: InAsking) -> YearClosingState:
    """What lacks for closing the school year, and what it offered so far."""
    asking.may(Action.COMPLIANCE_READ, school_code)
    return year_state(asking.runtime, school_code, school_year)


@router.post(
    "/schools/{school_code}/years/{school_year}/closing", status_code=status.HTTP_201_CREATED
)
def end_year(school_code: str, school_year: SchoolYear, asking: InAsking) -> YearClosingState:
    """Close the school year: every learner enrolled in it is evaluated again."""
    by = asking.may(Action.YEAR_CLOSE, school_code)
    runtime = asking.runtime
    runtime.settle(close_year(runtime, school_code, school_year, by))
    return year_state(runtime, school_code, school_year)


class PromotedClass(BaseModel):
    """A class of the new school year."""

    grade: str
    class_group: str


class NextYear(BaseModel):
    school_year: int
    classes: list[PromotedClass]


@router.post(
    "/schools/{school_code}/years/{school_year}/promotion", status_code=status.HTTP_201_CREATED
)
def promote(school_code: str, school_year: SchoolYear, asking: InAsking) -> NextYear:
    """Open next year's classes, a grade higher; children move with the new year's roster."""
    by = asking.may(Action.YEAR_PROMOTE, school_code)
    runtime = asking.runtime
    runtime.settle(runtime.book.registry.promote_classes(school_code, school_year, by))
    found = runtime.models.roster.classes(school_code, school_year + 1)
    classes = [PromotedClass(grade=each.grade, class_group=each.class_group) for each in found]
    return NextYear(school_year=school_year + 1, classes=classes)


def term_state(asking: Asking, school_code: str, term: Term) -> TermClosingState:
    runtime = asking.runtime
    days = runtime.book.closings.days(term)
    closings = closings_of(runtime, school_code, term)
    exact = may_too(asking, Action.TERM_LISTING_READ, school_code)
    totals = all_figures(closings, exact=exact)
    return TermClosingState(
        school_code=school_code,
        term=term.code,
        closes_from=days.school,
        district_closes_from=days.district,
        obstacles=[
            ObstacleFound(
                code=each.code,
                about=each.found.about,
                id=each.found.id,
                title=each.found.title,
                at=each.found.at,
                count=each.found.count,
            )
            for each in obstacles_of(runtime, school_code, term)
        ],
        closings=[closing_state(each, totals[each.number]) for each in closings],
    )


def closing_state(closing: Closing, totals: Figures) -> ClosingState:
    return ClosingState(
        number=closing.number,
        totals=totals,
        sha256=closing.sha256,
        forced=closing.forced,
        obstacles=closing.obstacles,
        occurred_at=closing.occurred_at,
        recorded_at=closing.recorded_at,
    )


def year_state(runtime: Runtime, school_code: str, school_year: int) -> YearClosingState:
    closed = runtime.models.closings.of_year(school_code, school_year)
    return YearClosingState(
        school_code=school_code,
        school_year=school_year,
        open_terms=runtime.book.closings.open_terms(school_code, school_year),
        not_evaluated=runtime.book.closings.not_evaluated(school_year),
        closed_at=closed.closed_at if closed else None,
        offered=closed.offered if closed else offered_in(runtime, school_code, school_year),
    )
