"""The timeline of facts of a learner, a session or any stream: filters, both clocks, pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api.access.record_codes import learner_code
from api.asking import Asking, InAsking
from api.facts import KINDS, REVERSALS, About, FactRow, facts_of, reach
from api.pages.days import day_of
from api.pages.organisations import organisation_names
from api.pages.staff_words import staff_page
from projections.as_of import end_of
from projections.schools import TermDates

router = APIRouter(include_in_schema=False)

FACTS_ON_A_PAGE = 50
EVERY_KIND = ("", *KINDS, REVERSALS, "other")


class Asked(BaseModel):
    """What of a history is asked for. Page 0 is everything, to print; `at` names a fact."""

    model_config = ConfigDict(frozen=True)

    kind: str = ""
    term: str = ""
    day: str = ""
    known: bool = False
    page: int = 1
    at: int | None = None


@dataclass(frozen=True)
class Page:
    """The rows of one page of those that pass the filter, and what the others hold."""

    rows: list[FactRow]
    number: int
    pages: int
    counts: dict[str, int]


@router.get("/staff/facts/{stream_id}")
def facts(
    request: Request, asking: InAsking, stream_id: UUID, asked: Annotated[Asked, Query()]
) -> Response:
    about = reach(asking, stream_id)
    models = asking.runtime.models
    found = paged(chosen_facts(asking, about, asked), asked)
    return staff_page(
        request,
        "facts.html",
        about=about,
        subject=subject_of(asking, about),
        session=models.sessions.session(about.session_id) if about.session_id else None,
        asked=asked,
        found=found,
        kinds=EVERY_KIND,
        terms=[*reversed(models.schools.terms())],
        names=organisation_names(asking.runtime, (row.line.organisation for row in found.rows)),
    )


def chosen_facts(asking: Asking, about: About, asked: Asked) -> list[FactRow]:
    """Every kind of fact of a term, as of a day on one clock."""
    day = day_of(asked.day)
    rows = facts_of(
        asking,
        about,
        as_of=None if asked.known else day,
        known_by=end_of(day) if asked.known and day else None,
    )
    return in_term(rows, asking.runtime.models.schools.terms(), asked.term)


def subject_of(asking: Asking, about: About) -> str:
    """The code of a learner, the title of a session, else the id of the stream."""
    if about.learner_id is not None:
        return learner_code(about.learner_id)
    session = asking.runtime.models.sessions.session(about.session_id) if about.session_id else None
    return session.title if session else str(about.stream_id)


def in_term(rows: list[FactRow], terms: list[TermDates], code: str) -> list[FactRow]:
    """What happened between the first and the last day of a term; of no known term, everything."""
    term = next((each for each in terms if each.code == code), None)
    return [row for row in rows if term is None or term.begins <= row.day <= term.ends]


def paged(rows: list[FactRow], asked: Asked) -> Page:
    counts = Counter(row.kind for row in rows)
    chosen = [row for row in rows if asked.kind in {"", row.kind}]
    pages = max(-(-len(chosen) // FACTS_ON_A_PAGE), 1)
    number = page_of(chosen, asked.at) if asked.at else min(max(asked.page, 0), pages)
    first = (number - 1) * FACTS_ON_A_PAGE
    shown = chosen[first : first + FACTS_ON_A_PAGE] if number else chosen
    return Page(shown, number, pages, {"": len(rows), **counts})


def page_of(rows: list[FactRow], position: int) -> int:
    """Which page a fact is on; the first where it is on none."""
    places = (place for place, row in enumerate(rows) if row.line.position == position)
    return next(places, 0) // FACTS_ON_A_PAGE + 1
