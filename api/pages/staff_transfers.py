"""Children who leave and children who come: announced, claimed, confirmed; a code goes between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.families import (
    Leaving,
    OldNumber,
    announced,
    child_at,
    claimed,
    class_at,
    leaving,
    let_go,
)
from api.language.catalogue import language_of
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import either, may_too
from domain.enrolment import Leaving as Reason
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.refusals import Refused
from domain.transfer import TransferState
from projections.transfers import TransferRow

router = APIRouter(include_in_schema=False)

PURPOSE = "transfers"
EITHER = (Action.TRANSFER_RELEASE, Action.TRANSFER_CLAIM)
SCHOOL_CODE = r"^([0-9]{10})?$"


@router.get("/staff/transfers/{school_code}")
def transfers(
    request: Request, asking: InAsking, school_code: str, child: UUID | None = None
) -> Response:
    """Who leaves and who comes; with a child, the form to let it go."""
    by = either(asking, EITHER, school_code)
    return show(request, asking, school_code, by, child=child)


@router.post("/staff/transfers/{school_code}")
def announce(
    request: Request,
    asking: InAsking,
    school_code: str,
    child: Annotated[UUID, Form()],
    effective_on: Annotated[date, Form()],
    to: Annotated[str, Form(pattern=SCHOOL_CODE)] = "",
) -> Response:
    """The answer is the page with the code: it is kept nowhere, and shown this once."""
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    try:
        leaves = Leaving(child, effective_on, to or None)
        _, code = announced(asking, school_code, leaves, by)
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal=refusal)
    return show(request, asking, school_code, by, code=code)


@router.post("/staff/transfers/{school_code}/departures")
def depart(
    request: Request,
    asking: InAsking,
    school_code: str,
    child: Annotated[UUID, Form()],
    on: Annotated[date, Form()],
    reason: Annotated[Reason, Form()],
) -> Response:
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    book = asking.runtime.book

    def left() -> int:
        return book.transfers.leave(child_at(asking, school_code, child).pupil, on, reason, by)

    return done(request, asking, school_code, by, left)


@router.post("/staff/transfers/{school_code}/claims")
def claim(
    request: Request,
    asking: InAsking,
    school_code: str,
    class_name: Annotated[str, Form(max_length=40)],
    code: Annotated[str, Form(max_length=40)] = "",
    from_school: Annotated[str, Form(pattern=SCHOOL_CODE)] = "",
    student_no: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    by = asking.may(Action.TRANSFER_CLAIM, school_code)

    def taken() -> int:
        new = class_at(school_code, class_name)
        way = code.strip() or OldNumber(from_school, student_no.strip())
        return claimed(asking, way, new, by)

    return done(request, asking, school_code, by, taken)


@router.post("/staff/transfers/of/{transfer_id}/confirmation")
def confirm(request: Request, asking: InAsking, transfer_id: UUID) -> Response:
    transfer, by = leaving(asking, transfer_id)
    school = transfer.from_school_code
    return done(request, asking, school, by, lambda: let_go(asking.runtime, transfer, by))


@router.post("/staff/transfers/of/{transfer_id}/withdrawal")
def withdraw(request: Request, asking: InAsking, transfer_id: UUID) -> Response:
    transfer, by = leaving(asking, transfer_id)
    book, school = asking.runtime.book, transfer.from_school_code
    return done(request, asking, school, by, lambda: book.transfers.withdraw(transfer_id, by))


def done(
    request: Request, asking: Asking, school_code: str, by: Envelope, step: Callable[[], int]
) -> Response:
    try:
        asking.runtime.settle(step())
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal=refusal)
    return RedirectResponse(f"/staff/transfers/{school_code}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    *,
    child: UUID | None = None,
    code: str = "",
    refusal: Refused | None = None,
) -> Response:
    models = asking.runtime.models
    if child is not None:
        child_at(asking, school_code, child)
    rows = models.transfers.of_school(school_code)
    ids = {row.child_id for row in rows} | (set[UUID]() if child is None else {child})
    return staff_page(
        request,
        "transfers.html",
        status_of(refusal.code) if refusal else 200,
        school=models.schools.school(school_code),
        going=[row for row in rows if row.from_school_code == school_code],
        coming=[row for row in rows if row.to_school_code == school_code],
        names=names_of(asking, school_code, rows, ids, by),
        schools=schools_of(asking, rows),
        child=child,
        code=code,
        reasons=list(Reason),
        may_release=may_too(asking, Action.TRANSFER_RELEASE, school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def names_of(
    asking: Asking, school_code: str, rows: list[TransferRow], ids: set[UUID], by: Envelope
) -> dict[UUID, str]:
    """The children's names; of one that is claimed and not let go yet, the mask alone."""
    masked = {
        row.child_id
        for row in rows
        if row.from_school_code != school_code and row.state != TransferState.CONFIRMED
    }
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    found = {each: called(names, each) for each in ids}
    return {each: mask_name(name) if each in masked else name for each, name in found.items()}


def schools_of(asking: Asking, rows: list[TransferRow]) -> dict[str, str]:
    """The names of the schools that the rows speak of."""
    codes = {
        code
        for row in rows
        for code in (row.from_school_code, row.to_school_code, row.announced_to)
        if code
    }
    found = (asking.runtime.models.schools.school(code) for code in sorted(codes))
    return {school.school_code: school.name for school in found if school}
