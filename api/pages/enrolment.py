"""Enrolment: a code from the school binds a parent's phone, once the notice was agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.cookies import CookieKind
from api.access.policy import Principal, PrincipalKind
from api.access.rate_limit import ENROLMENT_BY_ADDRESS, address_subject
from api.access.tickets import device_hash
from api.arrivals import hand_ticket, keep_phone, phone_of, ticket_in
from api.asking import Asking, InParent
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.linking import Typed, class_text, classes_of
from api.pages.preferences import back
from api.phone_persons import (
    Whose,
    bound,
    called_on_phone,
    others_on,
    refuse_unsaid,
    seat,
)
from api.problems import status_of, text_of
from api.rendering import page
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.refusals import Refused
from domain.relation import relation_of
from ledger.erased import refuse_erased
from ledger.likeness import Like
from projections.schools import standing_on

router = APIRouter(include_in_schema=False)

NOTICE_VERSION = "privacy/2"
PURPOSE = "learning_record"
# What most carers are; a roster may say any other relation.
RELATIONS = tuple(relation_of(code) for code in ("52", "51", "61", "62", "63", "64", "97", "99"))


class ConsentMissing(Refused):
    """Nobody's record is opened to a phone before they agreed to the notice."""

    code = "consent_missing"


@dataclass(frozen=True)
class Shown:
    """What the page is to show: where to go afterwards, and what was typed and refused before."""

    after: str
    refusal: Refused | None = None
    code: str = ""
    whose: str = ""
    phone: str | None = None
    typed: Typed = field(default_factory=Typed)
    faults: dict[str, Refused] = field(default_factory=dict[str, Refused])


@router.get("/enrol")
def enrolment_page(
    request: Request,
    asking: InParent,
    code: str = "",
    school: str = "",
    next: str = "",  # noqa: A002 - the field's name
) -> Response:
    """Both ways: with a code, or by phone. It uses nothing up: chat apps open links themselves."""
    return form(request, asking, Shown(next, code=code, typed=Typed(school=school)))


@router.get("/enrol/{code}")
def enrolment_link(
    request: Request,
    asking: InParent,
    code: str,
    next: str = "",  # noqa: A002 - the field's name
) -> Response:
    """The link on a slip: the same form, filled in."""
    return form(request, asking, Shown(next, code=code))


@router.post("/enrol")
def enrol(
    request: Request,
    asking: InParent,
    code: Annotated[str, Form()],
    consent: Annotated[str, Form()] = "",
    whose: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/me",  # noqa: A002 - the field's name
) -> Response:
    runtime = asking.runtime
    phone = phone_of(request, runtime.cookies)
    try:
        if consent != NOTICE_VERSION:
            raise ConsentMissing
        learner_id, tokens = enrolled(request, asking, code, phone, whose)
    except Refused as refusal:
        return form(request, asking, Shown(next, refusal, code, whose, phone))
    response = back(next)
    seat(response, runtime.cookies, tokens)
    hand_ticket(request, response, runtime, learner_id)
    keep_phone(response, runtime.cookies, phone)
    return response


def enrolled(
    request: Request, asking: Asking, code: str, phone: str, whose: str
) -> tuple[UUID, list[str]]:
    """Use up a code and begin a login on this phone, with consent: who it is, and all its tokens.

    Whatever fails on the way, this phone may send the form again: each step is once for a code.
    Raises PersonNotChosen, PhoneFull, and what codes refuse.
    """
    runtime, at = asking.runtime, asking.runtime.now()
    address = request.client.host if request.client else ""
    limit = (ENROLMENT_BY_ADDRESS, address_subject(address))
    with runtime.limits.counting_failures(limit, at=at):
        login_id = runtime.enrolment_codes.redemption_id(code)
        here = runtime.cookies.read(request.cookies, CookieKind.DEVICE)
        if runtime.logins.login_of(here) != login_id:  # not this form sent twice
            refuse_unsaid(request, runtime, asking.parent, whose)
        redeemed = runtime.enrolment_codes.redeem(code, at, device_hash(phone))
    learner_id = runtime.book.learners.survivor_of(redeemed)
    refuse_erased(runtime.book.ledger, redeemed, learner_id)  # since the code was printed
    # Under the record of the slip: the merge that has another one speak may be undone.
    agree(runtime, redeemed)
    if asking.parent is not None and asking.parent.confirmed and whose == Whose.OWN:
        note_same_phone(runtime, asking.learner_id, learner_id)
    tokens = bound(request, runtime, redeemed, login_id, confirmed=True, whose=whose)
    return learner_id, tokens


def note_same_phone(runtime: Runtime, before: UUID, learner_id: UUID) -> None:
    """Two records that one person says are theirs are perhaps one person's: the school is asked."""
    if before != learner_id:
        pair = " ".join(sorted((str(before), str(learner_id))))
        runtime.book.likeness.note(Like("same_device", pair, each) for each in (before, learner_id))


def agree(runtime: Runtime, learner_id: UUID) -> None:
    """Record consent by the parent whose code was redeemed; the same again is no news."""
    parent = Principal(PrincipalKind.DEVICE, learner_id, learner_id=learner_id, confirmed=True)
    own_id, by = Asking(runtime, parent, uuid4()).own(Action.OWN_CONSENT)
    runtime.settle(runtime.book.learners.consent(own_id, PURPOSE, NOTICE_VERSION, by))


def year_now(runtime: Runtime) -> int:
    return school_year_of(local_day(runtime.now(), CITY_ZONE))


def form(request: Request, asking: Asking, shown: Shown) -> Response:
    """The page; it gives the phone its number, by which a form sent twice is known."""
    runtime, language = asking.runtime, language_of(request)
    arrived_at = school_of_ticket(request, runtime)
    code, today = arrived_at or shown.typed.school, local_day(runtime.now(), CITY_ZONE)
    school = runtime.models.schools.school(code) if code else None
    classes = classes_of(runtime, school.school_code, year_now(runtime)) if school else []
    wrong = shown.refusal or next(iter(shown.faults.values()), None)
    response = page(
        request, "parent/enrol.html", status_of(wrong.code) if wrong else 200,
        code=shown.code, next=shown.after, notice_version=NOTICE_VERSION,
        refusal=text_of(shown.refusal.code, language) if shown.refusal else None,
        school=school, has_ticket=bool(arrived_at), classes=[class_text(each) for each in classes],
        schools=[] if school else standing_on(runtime.models.schools.schools(), today),
        typed=shown.typed, form_id=shown.typed.form_id or uuid4(), relations=RELATIONS,
        faults={name: text_of(each.code, language) for name, each in shown.faults.items()},
        called=called_on_phone(runtime, asking.learner_id) if asking.parent else "",
        others=others_on(request, runtime), whose=shown.whose or shown.typed.whose,
    )  # fmt: skip
    keep_phone(response, runtime.cookies, shown.phone or phone_of(request, runtime.cookies))
    return response


def school_of_ticket(request: Request, runtime: Runtime) -> str:
    """The school whose screen this phone has just scanned, or nothing."""
    try:
        ticket = ticket_in(request, runtime)
    except Refused:
        return ""
    return runtime.book.sessions.get(ticket.session_id).plan.school_code if ticket else ""
