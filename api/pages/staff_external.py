"""Hours earned elsewhere: entered, withdrawn, corrected by the school, decided by the district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.earning_words import ISSUERS, TURNED_DOWN
from api.pages.staff_class_list import called
from api.pages.staff_corrections import drafted
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_too
from api.reaching_studies import external_for
from domain.carriers import CourseFamily
from domain.correction import ExternalOrder
from domain.envelope import Envelope, Role
from domain.external import MOST_HOURS, IssuerKind, TurnedDownBecause
from domain.masking import mask_name
from domain.refusals import Refused
from domain.rules import ReversalReason
from ledger.external_hours import NewExternalHours
from projections.external_book import ExternalLine

router = APIRouter(include_in_schema=False)

PURPOSE = "external_hours"
MISTAKES = ("entry_error", "wrong_person", "rule_misapplied", "fraud_confirmed")


@dataclass(frozen=True)
class Row:
    """An entry with the name of its learner, masked above the school, and its document."""

    line: ExternalLine
    name: str
    number: str
    reason: str
    is_own: bool


class HoursForm(BaseModel):
    learner_id: UUID
    issuer: IssuerKind
    document_number: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)
    hours: float = Field(ge=0.5, le=20)
    family: CourseFamily
    school_year: int = Field(ge=2000, le=2100)
    term_no: int = Field(ge=1, le=2)


@router.get("/staff/external/{school_code}")
def external_hours(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.EXTERNAL_READ, school_code)
    return show(request, asking, school_code, by)


@router.post("/staff/external/{school_code}")
def enter(
    request: Request, asking: InAsking, school_code: str, form: Annotated[HoursForm, Form()]
) -> Response:
    by = asking.may(Action.EXTERNAL_ENTER, school_code)
    new = NewExternalHours(
        school_code=school_code,
        learner_id=form.learner_id,
        issuer=form.issuer,
        document_number=form.document_number,
        reason=form.reason,
        hours=round(form.hours * 100),
        family=form.family.value,
        school_year=form.school_year,
        term_no=form.term_no,
    )
    hours = asking.runtime.book.external_hours
    return done(request, asking, school_code, by, partial(hours.enter, new, by))


@router.post("/staff/external/of/{external_id}/withdrawal")
def withdraw_entry(request: Request, asking: InAsking, external_id: UUID) -> Response:
    line, by = external_for(asking, external_id, Action.EXTERNAL_ENTER)
    hours = asking.runtime.book.external_hours
    act = partial(hours.withdraw_entry, external_id, by)
    return done(request, asking, line.school_code, by, act)


@router.get("/staff/external/of/{external_id}/correction")
def correction(
    request: Request,
    asking: InAsking,
    external_id: UUID,
    hours: Annotated[float | None, Query(ge=0, le=MOST_HOURS / 100)] = None,
    reason: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Ask what the document really proves; with an answer, say what that would change."""
    line, by = external_for(asking, external_id, Action.EXTERNAL_ENTER)
    names = asking.runtime.book.vault.show(
        [line.learner_id], to=by.actor, purpose=PURPOSE, at=by.at
    )

    def order() -> ExternalOrder:
        assert hours is not None
        why = ReversalReason(reason)
        return ExternalOrder(external_id=external_id, hours=round(hours * 100), reason_code=why)

    found = drafted(request, asking, line.school_code, None if hours is None else order)
    why = found.refusal
    return staff_page(
        request, "correct_external.html", status_of(why.code) if why else 200, line=line,
        school=asking.runtime.models.schools.school(line.school_code), found=found,
        name=called(names, line.learner_id), mistakes=MISTAKES, reason=reason,
        hours=line.hours if hours is None else round(hours * 100),
        refusal=text_of(why.code, language_of(request)) if why else None,
    )  # fmt: skip


@router.post("/staff/external/of/{external_id}/confirmation")
def confirm(request: Request, asking: InAsking, external_id: UUID) -> Response:
    line, by = external_for(asking, external_id, Action.EXTERNAL_CONFIRM)
    hours = asking.runtime.book.external_hours
    return done(request, asking, line.school_code, by, partial(hours.confirm, external_id, by))


@router.post("/staff/external/of/{external_id}/refusal")
def turn_down(
    request: Request,
    asking: InAsking,
    external_id: UUID,
    reason: Annotated[TurnedDownBecause, Form()],
) -> Response:
    line, by = external_for(asking, external_id, Action.EXTERNAL_CONFIRM)
    hours = asking.runtime.book.external_hours
    act = partial(hours.turn_down, external_id, reason, by)
    return done(request, asking, line.school_code, by, act)


def done(
    request: Request, asking: Asking, school_code: str, by: Envelope, change: Callable[[], object]
) -> Response:
    try:
        change()
    except Refused as refusal:
        return show(request, asking, school_code, by, refusal)
    asking.runtime.settle(asking.runtime.book.ledger.position())
    return RedirectResponse(f"/staff/external/{school_code}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    school_code: str,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    models = asking.runtime.models
    return staff_page(
        request,
        "external.html",
        status_of(refusal.code) if refusal else 200,
        school=models.schools.school(school_code),
        rows=rows_of(asking, school_code, by),
        issuers=ISSUERS,
        turned_down=TURNED_DOWN,
        families=list(CourseFamily),
        may_enter=may_too(asking, Action.EXTERNAL_ENTER, school_code),
        may_decide=may_too(asking, Action.EXTERNAL_CONFIRM, school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def rows_of(asking: Asking, school_code: str, by: Envelope) -> list[Row]:
    lines = asking.runtime.models.external_hours.of_school(school_code)
    book, ids = asking.runtime.book, {line.learner_id for line in lines}
    subjects = book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    masked = by.actor.role is Role.DISTRICT_OFFICER
    rows: list[Row] = []
    for line in lines:
        name = called(subjects, line.learner_id)
        fields = book.external_hours.document(line.document_id)
        shown = mask_name(name) if masked else name
        number, reason = fields.get("number", "—"), fields.get("reason", "")
        rows.append(Row(line, shown, number, reason, line.entered_by == by.actor.id))
    return rows
