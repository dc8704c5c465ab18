"""Enrolment without a slip: phone, class and child's name; checked in at once, confirmed later."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api import arrivals
from api.access.actions import Action
from api.access.policy import Principal, PrincipalKind
from api.access.rate_limit import (
    LINK_BY_ADDRESS,
    LINK_BY_DEVICE,
    LINK_BY_SCHOOL,
    TooManyTries,
    address_subject,
)
from api.access.tickets import ArrivalTicket, device_hash
from api.asking import Asking, InParent
from api.bootstrap import Runtime
from api.linking import Typed, classes_of, read
from api.pages.enrolment import (
    NOTICE_VERSION,
    PURPOSE,
    ConsentMissing,
    Shown,
    form,
    school_of_ticket,
    year_now,
)
from api.pages.parent_home import own_name
from api.pages.preferences import back
from api.phone_persons import Whose, bound, others_on, refuse_unsaid, seat
from api.rendering import page
from domain.grades import grade_named
from domain.identity import derived
from domain.refusals import Refused
from ledger.link_requests import LinkRequest

router = APIRouter(include_in_schema=False)


class NameOfAnother(Refused):
    """What is filed as one's own names nobody else than the one whose phone it is."""

    code = "name_of_another"


class Filled(BaseModel):
    """The form. Everything may be missing: what is wrong is said beside its field."""

    school: str = ""
    class_name: str = ""
    phone: str = ""
    child_name: str = ""
    name: str = ""
    relation: str = ""
    whose: str = ""
    form_id: str = ""
    consent: str = ""
    next: str = "/enrolled"


@dataclass(frozen=True)
class Seen:
    """A link as its own phone sees it: the class that was named, never a person."""

    school: str
    grade: str
    class_group: str
    state: str


@router.post("/enrol/class")
def ask(request: Request, asking: InParent, filled: Annotated[Filled, Form()]) -> Response:
    """Ask for a link. The answer is the same whoever is known: nothing is looked up."""
    runtime = asking.runtime
    phone = arrivals.phone_of(request, runtime.cookies)
    typed = Typed(**filled.model_dump(exclude={"consent", "next"}))
    classes = classes_of(runtime, filled.school, year_now(runtime))
    asked = read(typed, classes, phone)
    faults = asked if isinstance(asked, dict) else {}
    if filled.consent != NOTICE_VERSION:
        faults["consent"] = ConsentMissing()
    faults |= faults_of_person(request, asking, asked, filled.whose)
    try:
        if isinstance(asked, dict) or faults:
            shown = Shown(filled.next, phone=phone, typed=typed, faults=faults)
            return form(request, asking, shown)
        spend(request, runtime, phone, filled.school)
    except TooManyTries as refusal:
        return form(request, asking, Shown(filled.next, refusal, phone=phone, typed=typed))
    return enrolled(request, asking, asked, phone, filled)


def faults_of_person(
    request: Request, asking: Asking, asked: LinkRequest | dict[str, Refused], whose: str
) -> dict[str, Refused]:
    """What is wrong with whose form it is; the same form sent again was right before."""
    parent, wish = asking.parent, None if isinstance(asked, dict) else asked
    if parent and wish and parent.learner_id == new_learner_of(wish):
        return {}
    try:
        refuse_unsaid(request, asking.runtime, parent, whose)
    except Refused as refusal:
        return {"whose": refusal}
    if parent and parent.confirmed and whose == Whose.OWN and wish and wish.name:
        names = {wish.name, own_name(asking.runtime, asking.learner_id)}
        return {"name": NameOfAnother()} if len(names) > 1 else {}
    return {}


def new_learner_of(asked: LinkRequest) -> UUID:
    return derived("linked learner", asked.link_id)


def enrolled(
    request: Request, asking: Asking, asked: LinkRequest, phone: str, filled: Filled
) -> Response:
    """Record the wish; somebody new on the phone gets a login that sees nothing yet."""
    runtime, own = asking.runtime, asking.parent
    is_new = own is None or filled.whose == Whose.ANOTHERS
    learner_id = new_learner_of(asked) if is_new else asking.learner_id
    if own is None or is_new:
        own = Principal(PrincipalKind.DEVICE, learner_id, learner_id=learner_id, confirmed=False)
    _, by = Asking(runtime, own, derived("link asked for", asked.link_id)).own(Action.OWN_LINK)
    runtime.settle(runtime.book.links.request(learner_id, asked, (PURPOSE, NOTICE_VERSION), by))
    response = back(filled.next)
    if is_new:
        login_id = derived("login of link", asked.link_id)
        whose = filled.whose
        tokens = bound(request, runtime, learner_id, login_id, confirmed=False, whose=whose)
        seat(response, runtime.cookies, tokens)
    arrivals.hand_ticket(request, response, runtime, learner_id)
    arrivals.keep_phone(response, runtime.cookies, phone)
    arrive(request, runtime, learner_id)
    return response


def arrive(request: Request, runtime: Runtime, learner_id: UUID) -> None:
    """With a ticket in hand the check-in follows at once; why not, the next page says."""
    with suppress(Refused):
        ticket = arrivals.ticket_in(request, runtime)
        if ticket is not None:
            check_in(runtime, arrivals.belonging_to(ticket, learner_id), learner_id)


def check_in(runtime: Runtime, ticket: ArrivalTicket, learner_id: UUID) -> None:
    scan_id = arrivals.scan_id_of(ticket, learner_id, "check_in")
    wish = arrivals.wish_of(ticket, learner_id, scan_id, runtime.now())
    runtime.book.attendances.check_in(wish)


def spend(request: Request, runtime: Runtime, phone: str, school_code: str) -> None:
    """Who scanned in the hall is there and waits for nobody else. Raises TooManyTries."""
    at = runtime.now()
    address = request.client.host if request.client else ""
    runtime.limits.spend(LINK_BY_DEVICE, device_hash(phone).hex(), at)
    runtime.limits.spend(LINK_BY_ADDRESS, address_subject(address), at)
    if school_of_ticket(request, runtime) != school_code:
        runtime.limits.spend(LINK_BY_SCHOOL, school_code, at)


@router.get("/enrolled")
def waiting_page(request: Request, asking: InParent) -> Response:
    """How the links of this phone stand. Nothing else is shown before the school confirmed one."""
    learner_id, _ = asking.own(Action.OWN_LINK)
    assert asking.parent is not None
    links = asking.runtime.models.links.of_learner(learner_id)
    if asking.parent.confirmed and not links:
        return RedirectResponse("/me", status_code=303)
    schools = asking.runtime.models.schools
    seen = [
        Seen(
            school=school.name if (school := schools.school(each.school_code)) else "",
            grade=grade_named(each.grade).name,
            class_group=each.class_group,
            state=each.state,
        )
        for each in links
    ]
    return page(
        request, "parent/enrolled.html", home="/me", links=seen, confirmed=asking.parent.confirmed,
        others=others_on(request, asking.runtime),
    )  # fmt: skip
