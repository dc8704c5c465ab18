"""The certificates of a school: what is due, and what was issued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import Forbidden, LoginRequired
from api.asking import Asking, InAsking
from api.certificate_checks import state_of
from api.certificates import SCHOOL_STAFF, Outcome
from api.language.catalogue import Language, language_of
from api.pages.certificate_words import certificate_page
from api.pages.staff_revocations import deciding_districts
from api.problems import status_of, text_of
from api.reaching import may_too
from api.schools_above import schools_above
from certificates import number as numbers
from certificates.number import InvalidNumber
from certificates.typesetting import MissingGlyph
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.refusals import Refused
from projections.certificate_due import Due
from projections.certificate_register import RegisteredCertificate
from projections.schools import School

router = APIRouter(include_in_schema=False)

PURPOSE = "certificates_due"
ON_A_PAGE = 50
DUE_AT_ONCE = 500  # a form has no more fields than a server reads


@dataclass(frozen=True)
class DueRow(Generic[Due]):
    """One line of the list; `reason` says why it was not issued at the last press.

    What is the asker's own is another head's to issue.
    """

    due: Due
    holder: str
    reason: str | None
    is_own: bool


@router.get("/staff/certificates")
def schools_page(request: Request, asking: InAsking) -> Response:
    """Straight to the school of somebody who has one; a list for whoever looks after several."""
    if asking.principal is None:
        raise LoginRequired
    schools = readable_schools(asking)
    if not schools:
        raise Forbidden(action=Action.CERTIFICATE_READ.value)
    if len(schools) == 1:
        return RedirectResponse(page_of(schools[0].school_code), status_code=303)
    decides = bool(deciding_districts(asking))
    return certificate_page(
        request, "schools.html", schools=schools, decides_revocations=decides, home="/staff"
    )


@router.get("/staff/schools/{school_code}/certificates")
def school_certificates(
    request: Request, asking: InAsking, school_code: str, issued: int | None = None, page: int = 1
) -> Response:
    by = asking.may(Action.CERTIFICATE_READ, school_code)
    return show(request, asking, school_code, by, issued=issued, page=page)


@router.get("/staff/schools/{school_code}/certificates/find")
def find(request: Request, asking: InAsking, school_code: str, number: str = "") -> Response:
    by = asking.may(Action.CERTIFICATE_READ, school_code)
    try:
        wanted = numbers.read(number)
    except InvalidNumber as refusal:
        return show(request, asking, school_code, by, refusal=refusal)
    return RedirectResponse(f"/staff/certificates/{wanted}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    *,
    issued: int | None = None,
    outcomes: Iterable[Outcome] = (),
    page: int = 1,
    refusal: Refused | None = None,
) -> Response:
    reasons = reasons_of(outcomes, language_of(request))
    found = issued_of(asking, school_code, page)
    return certificate_page(
        request,
        "school.html",
        status_of(refusal.code) if refusal else 200,
        school=asking.runtime.models.schools.school(school_code),
        **due_now(asking, school_code, by, reasons),
        certificates=with_states(asking, found[:ON_A_PAGE]),
        page=max(page, 1),
        has_more=len(found) > ON_A_PAGE,
        issued_now=issued,
        refused_now=len(reasons),
        print_day=local_day(by.at, CITY_ZONE) if by.actor.role in SCHOOL_STAFF else None,
        may_authorise=may_too(asking, Action.CERTIFICATE_AUTHORISE, school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/staff",
        here=page_of(school_code),
    )


def due_now(
    asking: Asking, school_code: str, by: Envelope, reasons: dict[UUID, str]
) -> dict[str, object]:
    """What one press issues, how many there are in all, and what is issued one by one."""
    register = asking.runtime.models.certificates
    rows = due_rows(asking, register.due_of(school_code), by, reasons)
    after = due_rows(asking, register.due_after_revocation(school_code), by, {})
    return {"due": rows[:DUE_AT_ONCE], "due_in_all": len(rows), "due_after": after}


def reasons_of(outcomes: Iterable[Outcome], language: Language) -> dict[UUID, str]:
    return {
        each.certificate_id: reason_text(each.refusal, text_of(each.refusal.code, language))
        for each in outcomes
        if each.refusal is not None
    }


def with_states(
    asking: Asking, found: Iterable[RegisteredCertificate]
) -> list[tuple[RegisteredCertificate, str]]:
    return [(each, state_of(asking.runtime, each).value) for each in found]


def due_rows(
    asking: Asking, due: Sequence[Due], by: Envelope, reasons: dict[UUID, str]
) -> list[DueRow[Due]]:
    """What is due, names masked: whoever authorises a batch need not read three hundred names."""
    ids, own = (
        {each.learner_id for each in due},
        asking.runtime.book.learners.own_records(by.actor.id),
    )
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return [
        DueRow(
            due=each,
            holder=mask_name(names[each.learner_id].name) if each.learner_id in names else "—",
            reason=reasons.get(each.certificate_id),
            is_own=each.learner_id in own,
        )
        for each in due
    ]


def reason_text(refusal: Refused, text: str) -> str:
    """A glyph that no font has is named: the school can look at that one character."""
    if isinstance(refusal, MissingGlyph):
        return f"{text} {refusal.character} ({refusal.facts['code_point']})"
    return text


def issued_of(asking: Asking, school_code: str, page: int) -> list[RegisteredCertificate]:
    """A page of the register, and one more to know whether there is another."""
    register = asking.runtime.models.certificates
    offset = (max(page, 1) - 1) * ON_A_PAGE
    return register.certificates_of(school_code, limit=ON_A_PAGE + 1, offset=offset)


def readable_schools(asking: Asking) -> list[School]:
    """The schools whose certificates the asker may read, own ones first."""
    schools = asking.runtime.models.schools
    own = [school for code in asking.schools if (school := schools.school(code)) is not None]
    codes = {school.school_code for school in own}
    above = [school for school in schools_above(asking) if school.school_code not in codes]
    return [
        school
        for school in (*own, *above)
        if may_too(asking, Action.CERTIFICATE_READ, school.school_code)
    ]


def page_of(school_code: str) -> str:
    return f"/staff/schools/{school_code}/certificates"
