"""Links that parents asked for by phone: many confirmed at once, single ones answered."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.links_waiting import (
    Answered,
    WaitingLink,
    classes_waiting,
    confirmed,
    laid_over,
    line_at,
    lines_waiting,
    to_correct,
    waiting_link,
)
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from domain.envelope import Envelope
from domain.identity import derived
from domain.links import LinkRefusal, LinkState
from domain.masking import mask_phone
from domain.refusals import Refused
from domain.relation import RELATIONS
from domain.transfer import ChildNotHere

router = APIRouter(include_in_schema=False)

CONFIRM = Action.LEARNER_CONFIRM
LINKS_ON_A_PAGE = 50  # a flood is neither unsealed nor logged at once


class LinkLooksDifferent(Refused):
    """The roster or the link has changed since the page was shown: look again."""

    code = "link_looks_different"


@router.get("/staff/links/{school_code}")
def links(
    request: Request,
    asking: InAsking,
    school_code: str,
    of: str = "",
    start: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """What waits, one doubt a line, and what was turned down and may be looked at again."""
    return show(request, asking, school_code, asking.may(CONFIRM, school_code), of, start)


@router.post("/staff/links/{school_code}")
def confirm_many(
    request: Request,
    asking: InAsking,
    school_code: str,
    tick: Annotated[list[str] | None, Form()] = None,
    of: Annotated[str, Form()] = "",
) -> Response:
    """Confirm what was ticked, each as the page showed it; one that cannot be stops no other."""
    by = asking.may(CONFIRM, school_code)
    ticked = {value.partition(" ")[0] for value in tick or ()}
    lines = [e for e in lines_waiting(asking, school_code, of) if str(e.link_id) in ticked]
    found = {tick_of(each): each for each in laid_over(asking, lines, by)}
    refusals: list[Refused] = []
    for value in tick or ():
        try:
            confirm_one(asking, found.get(value), by)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        return show(request, asking, school_code, by, of, refusals=refusals)
    return RedirectResponse(f"/staff/links/{school_code}?of={quote(of)}", status_code=303)


@router.get("/staff/links/{school_code}/{link_id}")
def link(request: Request, asking: InAsking, school_code: str, link_id: UUID) -> Response:
    by = asking.may(CONFIRM, school_code)
    return show_one(request, asking, school_code, link_id, by)


@router.post("/staff/links/{school_code}/{link_id}/confirmation")
def confirm(
    request: Request,
    asking: InAsking,
    school_code: str,
    link_id: UUID,
    who: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    relation: Annotated[str, Form()] = "",
) -> Response:
    """It is this adult of the roster (`who` is child:adult), or a new one of a child."""
    by = asking.may(CONFIRM, school_code)
    child, _, adult = who.partition(":")
    try:
        answer = Answered(id_of(child), id_of(adult) if adult else None, name, relation)
        confirmed(asking, school_code, link_id, answer, by)
    except Refused as refusal:
        return show_one(request, asking, school_code, link_id, by, refusal, (name, relation))
    return RedirectResponse(f"/staff/links/{school_code}", status_code=303)


@router.post("/staff/links/{school_code}/{link_id}/refusal")
def turn_down(
    asking: InAsking,
    school_code: str,
    link_id: UUID,
    reason: Annotated[LinkRefusal, Form()] = LinkRefusal.NOT_KNOWN,
) -> Response:
    by = asking.may(CONFIRM, school_code)
    line = line_at(asking, school_code, link_id)
    book = asking.runtime.book
    asking.runtime.settle(book.links.turn_down(line.learner_id, link_id, reason, by))
    return RedirectResponse(f"/staff/links/{school_code}", status_code=303)


def id_of(text: str) -> UUID:
    """Raises ChildNotHere where nobody was chosen."""
    try:
        return UUID(text)
    except ValueError:
        raise ChildNotHere from None


def confirm_one(asking: Asking, link: WaitingLink | None, by: Envelope) -> None:
    """Raises LinkLooksDifferent where the roster or the link is not what the page showed."""
    if link is None or not link.is_answerable or link.fit.child_id is None:
        raise LinkLooksDifferent
    said, adult, line = link.said, link.fit.adult, link.line
    answer = Answered(
        link.fit.child_id, adult.learner_id if adult else None, said.name, said.relation_code
    )
    command = by.model_copy(update={"command_id": derived("confirm", by.command_id, line.link_id)})
    confirmed(asking, line.school_code, line.link_id, answer, command)


def tick_of(link: WaitingLink) -> str:
    """What is ticked: the link, and who it was shown to be."""
    adult = link.fit.adult
    return f"{link.line.link_id} {link.fit.child_id} {adult.learner_id if adult else ''}"


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    of: str,
    start: int = 0,
    refusals: list[Refused] | None = None,
) -> Response:
    lines, end = lines_waiting(asking, school_code, of), start + LINKS_ON_A_PAGE
    found = laid_over(asking, lines[start:end], by)
    texts = {text_of(each.code, language_of(request)) for each in refusals or ()}
    return staff_page(
        request,
        "links.html",
        status_of(refusals[0].code) if refusals else 200,
        school=asking.runtime.models.schools.school(school_code),
        waiting=[each for each in found if each.line.state == LinkState.WAITING],
        refused=[e for e in found if e.line.state != LinkState.WAITING and e.said.child_name],
        to_correct=to_correct(asking.runtime, school_code),
        classes=classes_waiting(asking, school_code),
        of=of,
        following=end if lines[end:] else None,
        tick_of=tick_of,
        mask_phone=mask_phone,
        refusal=" ".join(sorted(texts)) or None,
    )


def show_one(
    request: Request,
    asking: Asking,
    school_code: str,
    link_id: UUID,
    by: Envelope,
    refusal: Refused | None = None,
    typed: tuple[str, str] = ("", ""),
) -> Response:
    found = waiting_link(asking, school_code, link_id, by)
    name, relation = typed
    return staff_page(
        request,
        "link.html",
        status_of(refusal.code) if refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        link=found,
        name=name or found.said.name,
        relation=relation or found.said.relation_code,
        relations=[each for each in RELATIONS if each.may_be_learner],
        mask_phone=mask_phone,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )
