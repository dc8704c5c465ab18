"""A guardianship ends, or comes back: one proposes it, another one confirms it; hours stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.families import case_at, child_at, parted_at
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import either, may_too
from domain.calendar import CITY_ZONE, local_day
from domain.custody import CustodyNotLinked, CustodyReason, Restoration
from domain.envelope import Envelope
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

PURPOSE = "custody_change"
EITHER = (Action.CUSTODY_CONFIRM, Action.CUSTODY_PROPOSE)


class Tie(NamedTuple):
    """The adult and the child of a form."""

    learner: UUID
    child: UUID


def tied(learner: Annotated[UUID, Form()], child: Annotated[UUID, Form()]) -> Tie:
    return Tie(learner, child)


InTie = Annotated[Tie, Depends(tied)]


@dataclass(frozen=True)
class Waiting:
    """A proposal as the page shows it; whoever made it does not confirm it."""

    learner_id: UUID
    child_id: UUID
    name: str
    child_name: str
    reason_code: str
    holds_from: date | None
    proposed_at: datetime
    is_mine: bool


@dataclass(frozen=True)
class Ended:
    """A guardianship that two persons ended, as the page shows it."""

    learner_id: UUID
    child_id: UUID
    name: str
    child_name: str
    reason_code: str
    ended_on: date


@router.get("/staff/custody/{school_code}")
def waiting_cases(
    request: Request,
    asking: InAsking,
    school_code: str,
    learner: UUID | None = None,
    child: UUID | None = None,
) -> Response:
    """What waits for its second person; with an adult and a child, the form to propose."""
    by = either(asking, EITHER, school_code)
    about = (learner, child) if learner and child else None
    return show(request, asking, school_code, by, about)


@router.post("/staff/custody/{school_code}")
def propose(
    request: Request,
    asking: InAsking,
    school_code: str,
    tie: InTie,
    reason: Annotated[CustodyReason, Form()],
) -> Response:
    by = asking.may(Action.CUSTODY_PROPOSE, school_code)
    custody = asking.runtime.book.custody

    def proposed() -> int:
        child_at(asking, school_code, tie.child)
        return custody.propose(tie.learner, tie.child, reason, by)

    return done(request, asking, school_code, by, proposed)


@router.post("/staff/custody/{school_code}/confirmation")
def confirm(
    request: Request,
    asking: InAsking,
    school_code: str,
    tie: InTie,
) -> Response:
    by = asking.may(Action.CUSTODY_CONFIRM, school_code)
    custody = asking.runtime.book.custody

    def confirmed() -> int:
        child_at(asking, school_code, tie.child)
        return custody.confirm(tie.learner, tie.child, by)

    return done(request, asking, school_code, by, confirmed)


@router.post("/staff/custody/{school_code}/restoration")
def propose_restoration(
    request: Request,
    asking: InAsking,
    school_code: str,
    tie: InTie,
    reason: Annotated[Restoration, Form()],
    holds_from: Annotated[date | None, Form()] = None,
) -> Response:
    """Without a day it comes back from the day it ended on."""
    by = asking.may(Action.CUSTODY_PROPOSE, school_code)
    custody = asking.runtime.book.custody

    def proposed() -> int:
        parted_at(asking, school_code, tie.learner, tie.child)
        return custody.propose_restoration(tie.learner, tie.child, reason, holds_from, by)

    return done(request, asking, school_code, by, proposed)


@router.post("/staff/custody/{school_code}/restoration/confirmation")
def confirm_restoration(
    request: Request,
    asking: InAsking,
    school_code: str,
    tie: InTie,
) -> Response:
    by = asking.may(Action.CUSTODY_CONFIRM, school_code)
    custody = asking.runtime.book.custody

    def confirmed() -> int:
        others = parted_at(asking, school_code, tie.learner, tie.child)
        return custody.confirm_restoration(tie.learner, tie.child, others, by)

    return done(request, asking, school_code, by, confirmed)


@router.post("/staff/custody/{school_code}/dropping")
def drop(
    request: Request,
    asking: InAsking,
    school_code: str,
    tie: InTie,
) -> Response:
    by = either(asking, EITHER, school_code)
    custody = asking.runtime.book.custody

    def dropped() -> int:
        case_at(asking, school_code, tie.learner, tie.child)
        return custody.drop(tie.learner, tie.child, by)

    return done(request, asking, school_code, by, dropped)


def done(
    request: Request, asking: Asking, school_code: str, by: Envelope, step: Callable[[], int]
) -> Response:
    try:
        asking.runtime.settle(step())
    except Refused as refusal:
        return show(request, asking, school_code, by, None, refusal)
    return RedirectResponse(f"/staff/custody/{school_code}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    about: tuple[UUID, UUID] | None,
    refusal: Refused | None = None,
) -> Response:
    if about is not None and about[0] not in child_at(asking, school_code, about[1]).adults:
        raise CustodyNotLinked
    rows = rows_of(asking, school_code, by)
    names = asking.runtime.book.vault.show(about or (), to=by.actor, purpose=PURPOSE, at=by.at)
    return staff_page(
        request,
        "custody.html",
        status_of(refusal.code) if refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        rows=rows,
        ended=ended_of(asking, school_code, by),
        restorations=list(Restoration),
        today=local_day(by.at, CITY_ZONE),
        about=about,
        names=[called(names, each) for each in about or ()],
        reasons=list(CustodyReason),
        may_propose=may_too(asking, Action.CUSTODY_PROPOSE, school_code),
        may_confirm=may_too(asking, Action.CUSTODY_CONFIRM, school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def rows_of(asking: Asking, school_code: str, by: Envelope) -> list[Waiting]:
    found = asking.runtime.models.custody.waiting_at(school_code)
    ids = {each for row in found for each in (row.learner_id, row.child_id)}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return [
        Waiting(
            learner_id=row.learner_id,
            child_id=row.child_id,
            name=called(names, row.learner_id),
            child_name=called(names, row.child_id),
            reason_code=row.reason_code,
            holds_from=row.holds_from,
            proposed_at=row.proposed_at,
            is_mine=row.proposed_by == by.actor.id,
        )
        for row in found
    ]


def ended_of(asking: Asking, school_code: str, by: Envelope) -> list[Ended]:
    """What may come back, unless that is proposed already."""
    models = asking.runtime.models.custody
    waiting = {(row.learner_id, row.child_id) for row in models.waiting_at(school_code)}
    found = [e for e in models.ended_at(school_code) if (e.learner_id, e.child_id) not in waiting]
    ids = {each for row in found for each in (row.learner_id, row.child_id)}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return [
        Ended(
            learner_id=row.learner_id,
            child_id=row.child_id,
            name=called(names, row.learner_id),
            child_name=called(names, row.child_id),
            reason_code=row.reason_code,
            ended_on=row.ended_on,
        )
        for row in found
    ]
