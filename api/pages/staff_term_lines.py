"""What the totals of a term are made of: sessions and accounts, each with the way to its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.closing import listing_text
from api.closing_figures import HOURS
from api.compliance import term_called
from api.pages.compliance_words import TOTALS
from api.pages.staff_words import staff_page
from domain.term_listing import ListedAccount, ListedSession, TermListing, read_listing
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class SessionLine:
    listed: ListedSession
    session: SessionOnBoard


@dataclass(frozen=True)
class AccountLine:
    listed: ListedAccount
    learner_id: UUID


@router.get("/staff/schools/{school_code}/terms/{term}/lines")
def term_lines(
    request: Request,
    asking: InAsking,
    school_code: str,
    term: str,
    number: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """The lines of a closing (0) or addendum as it was filed; without a number, of now."""
    asking.may(Action.TERM_LISTING_READ, school_code)
    called = term_called(asking.runtime, term)
    listing = read_listing(listing_text(asking.runtime, school_code, called, number))
    return staff_page(
        request,
        "term_lines.html",
        school=asking.runtime.models.schools.school(school_code),
        term=called,
        number=number,
        totals=listing.totals.model_dump(),
        total_names=TOTALS,
        hour_totals=HOURS,
        sessions=sessions_of(asking, listing),
        accounts=accounts_of(asking, listing),
    )


def sessions_of(asking: Asking, listing: TermListing) -> list[SessionLine]:
    """The soonest first."""
    boards = asking.runtime.models.sessions
    found = ((each, boards.session(each.session_id)) for each in listing.sessions)
    lines = [SessionLine(each, session) for each, session in found if session is not None]
    return sorted(lines, key=lambda line: line.session.begins_at)


def accounts_of(asking: Asking, listing: TermListing) -> list[AccountLine]:
    whose = asking.runtime.models.finding.learners_of([a.account_id for a in listing.accounts])
    return [AccountLine(each, whose[each.account_id]) for each in listing.accounts]
