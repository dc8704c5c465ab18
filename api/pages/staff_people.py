"""Whoever belongs to a school is found by name, gone or not: for those who stand at its counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.certificate_particulars import hours_standing
from api.certificates import SCHOOL_STAFF
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.reaching import either
from domain.envelope import Envelope
from ledger.vault import Subject
from projections.account_statement import StatementLine
from projections.roster import Place
from projections.schools import School

router = APIRouter(include_in_schema=False)

PURPOSE = "people_found"
MOST_LETTERS, MOST_FOUND = 40, 40
AT_THE_COUNTER = (Action.CERTIFICATE_AUTHORISE, Action.CASE_ENTER)


class Sought(BaseModel):
    """Letters of a name, in the body: names do not stand in addresses."""

    name: str = Field("", max_length=MOST_LETTERS)


@dataclass(frozen=True)
class Hours:
    """What a school can state. The request id makes a double press one statement."""

    school_code: str
    school: str
    hours: int
    request_id: UUID


@dataclass(frozen=True)
class Found:
    """A learner with the places where they belong, and the names beside them."""

    learner_id: UUID
    name: str
    places: Sequence[Place]
    children: Sequence[str]
    hours: Sequence[Hours]


@router.get("/staff/schools/{school_code}/people")
def people(request: Request, asking: InAsking, school_code: str) -> Response:
    either(asking, AT_THE_COUNTER, school_code)
    return show(request, asking, school_code, "", [])


@router.post("/staff/schools/{school_code}/people")
def find(
    request: Request, asking: InAsking, school_code: str, sought: Annotated[Sought, Form()]
) -> Response:
    """Those with these letters in their name or their child's; the look at them is logged."""
    by, name = either(asking, AT_THE_COUNTER, school_code), sought.name.strip()
    register = asking.runtime.models.schools
    schools = register.of_codes([school_code, *register.merged_into(school_code)])
    found = belonging(asking, schools, name)
    shown = found_of(asking, found[:MOST_FOUND], schools, by)
    return show(request, asking, school_code, name, shown, is_cut=len(found) > MOST_FOUND)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    sought: str,
    found: Sequence[Found],
    *,
    is_cut: bool = False,
) -> Response:
    school = asking.runtime.models.schools.school(school_code)
    return staff_page(
        request, "people.html", school=school, sought=sought, found=found, is_cut=is_cut
    )


def belonging(asking: Asking, schools: Iterable[School], sought: str) -> list[list[Place]]:
    """The places of each whose name, or whose child's, holds these letters; nothing is shown yet.

    A record that was merged into another is not a person of its own.
    """
    if not sought:
        return []
    places = asking.runtime.models.roster.belonging_to([each.school_code for each in schools])
    names = asking.runtime.book.vault.open({e for p in places for e in (p.learner_id, p.child_id)})
    wanted = sought.casefold()
    named = [p for p in places if is_named(names, p, wanted)]
    now = asking.runtime.book.learners.survivors_of({p.learner_id for p in named})
    of_each = groupby(named, attrgetter("learner_id"))
    return [list(own) for learner_id, own in of_each if now[learner_id] == learner_id]


def is_named(names: dict[UUID, Subject], place: Place, wanted: str) -> bool:
    """Whoever was erased has no name, and is found by nobody's."""
    if place.learner_id not in names:
        return False
    both = (called(names, place.learner_id), called(names, place.child_id))
    return any(wanted in name.casefold() for name in both)


def found_of(
    asking: Asking, people: Sequence[list[Place]], schools: Sequence[School], by: Envelope
) -> list[Found]:
    ids = {each for own in people for p in own for each in (p.learner_id, p.child_id)}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    stating = schools if by.actor.role in SCHOOL_STAFF else ()
    stated = [own[0].learner_id for own in people] if stating else []
    lines = asking.runtime.models.accounts.statements(stated)
    rows = [
        Found(
            learner_id=own[0].learner_id,
            name=called(names, own[0].learner_id),
            places=own,
            children=[called(names, p.child_id) for p in own],
            hours=hours_of(lines.get(own[0].learner_id, ()), stating),
        )
        for own in people
    ]
    return sorted(rows, key=lambda row: (row.name, row.children))


def hours_of(lines: Sequence[StatementLine], schools: Sequence[School]) -> list[Hours]:
    """What each of the schools can state."""
    sums = ((s, hours_standing(lines, s.school_code)) for s in schools)
    return [Hours(s.school_code, s.name, hours, uuid4()) for s, hours in sums if hours]
