"""The queue of irregularities by evidence, and the review of one by two persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.record_codes import learner_code
from api.asking import Asking, DistrictCode, InAsking
from api.audit_samples import place_of
from api.irregularity_reaching import irregularity_for
from api.language.catalogue import language_of
from api.pages.irregularity_words import CHIPS, HEARD_BY, SAYS, TOLD_BY
from api.pages.paging import Paged, PageNumber, cut
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_too
from api.v1.case_states import LONGEST
from domain.envelope import Envelope
from domain.irregularity_finding import CONFIRMING, Finding, FindingReason, HeardBy, Says
from domain.refusals import Refused
from ledger.irregularities import Answer, Irregularities
from projections.correction_board import CorrectionRow
from projections.irregularity_board import IrregularityBoard, IrregularityFile
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "irregularity"
ONE = "/staff/irregularities/of/{irregularity_id}"


class Heard(BaseModel):
    """What a person concerned said, written down by staff."""

    model_config = ConfigDict(extra="forbid")

    person: UUID
    heard_by: HeardBy
    says: Says
    words: str = Field("", max_length=LONGEST)


class Found(BaseModel):
    """A finding is told by its reason: some clear, the others confirm."""

    model_config = ConfigDict(extra="forbid")

    reason: FindingReason
    words: str = Field("", max_length=LONGEST)

    @property
    def finding(self) -> Finding:
        return Finding.CONFIRMED if self.reason in CONFIRMING else Finding.CLEARED


@router.get("/staff/irregularities/{school_code}")
def queue(
    request: Request,
    asking: InAsking,
    school_code: str,
    page: PageNumber = 1,
    decided: PageNumber = 1,
) -> Response:
    """What is not decided yet, the strongest evidence first."""
    asking.may(Action.IRREGULARITY_READ, school_code)
    models = asking.runtime.models
    found = queues(models.irregularities, page, decided, school_code=school_code)
    return staff_page(
        request, "irregularities.html", school=models.schools.school(school_code), chips=CHIPS,
        waiting=found[0], decided=found[1],
    )  # fmt: skip


@router.get("/staff/districts/{district_code}/irregularities")
def district(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    page: PageNumber = 1,
    decided: PageNumber = 1,
) -> Response:
    """The same of a whole district, or the city, by evidence: no league of schools."""
    place = place_of(district_code)
    asking.may_in(Action.IRREGULARITY_OVERVIEW_READ, place)
    board = asking.runtime.models.irregularities
    found = queues(board, page, decided, district_code=place.district)
    return staff_page(
        request, "irregularities.html", school=None, district_code=district_code, chips=CHIPS,
        waiting=found[0], decided=found[1],
    )  # fmt: skip


def queues(
    board: IrregularityBoard, page: int, decided: int, **place: str | None
) -> tuple[Paged[IrregularityFile], Paged[IrregularityFile]]:
    """A page of what waits, and one of what was decided, at a school or in a place."""
    count = board.how_many(**place)
    return (
        cut(lambda part: board.waiting(part, **place), count.waiting, page),
        cut(lambda part: board.decided(part, **place), count.ended, decided),
    )


@router.get(ONE)
def one(request: Request, asking: InAsking, irregularity_id: UUID) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_READ)
    return show(request, asking, found, by)


@router.post(ONE + "/hearings")
def hear(
    request: Request, asking: InAsking, irregularity_id: UUID, heard: Annotated[Heard, Form()]
) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    answer = Answer(heard.says, heard.heard_by, heard.words)
    book = asking.runtime.book
    return done(
        request, asking, found, by,
        lambda: book.irregularities.hear(irregularity_id, heard.person, answer, by), heard,
    )  # fmt: skip


@router.post(ONE + "/finding")
def propose(
    request: Request, asking: InAsking, irregularity_id: UUID, written: Annotated[Found, Form()]
) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    book = asking.runtime.book
    return done(
        request, asking, found, by,
        lambda: book.irregularities.propose(
            irregularity_id, written.finding, written.reason, written.words, by
        ),
        written,
    )  # fmt: skip


@router.post(ONE + "/agreement")
def agree(request: Request, asking: InAsking, irregularity_id: UUID) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    book = asking.runtime.book
    return done(request, asking, found, by, lambda: book.irregularities.agree(irregularity_id, by))


@router.post(ONE + "/setting-aside")
def set_aside(request: Request, asking: InAsking, irregularity_id: UUID) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    book = asking.runtime.book
    return done(
        request, asking, found, by, lambda: book.irregularities.set_aside(irregularity_id, by)
    )  # fmt: skip


@router.post(ONE + "/corrections")
def link(
    request: Request, asking: InAsking, irregularity_id: UUID, correction: Annotated[UUID, Form()]
) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    book = asking.runtime.book
    return done(
        request, asking, found, by,
        lambda: book.irregularities.link_correction(irregularity_id, correction, by),
    )  # fmt: skip


def done(
    request: Request,
    asking: Asking,
    found: IrregularityFile,
    by: Envelope,
    act: Callable[[], int],
    typed: Heard | Found | None = None,
) -> Response:
    """Back to the page; where a rule says no, the page itself with why and what was typed."""
    try:
        asking.runtime.settle(act())
    except Refused as refusal:
        return show(request, asking, found, by, refusal, typed)
    return RedirectResponse(f"/staff/irregularities/of/{found.irregularity_id}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    found: IrregularityFile,
    by: Envelope,
    refusal: Refused | None = None,
    typed: Heard | Found | None = None,
) -> Response:
    """Names and words for the school that looks after them; every look at a name is recorded."""
    runtime, code = asking.runtime, found.school_code
    is_concerned = runtime.book.irregularities.concerns(found.irregularity_id, by.actor.id)
    review = not is_concerned and may_too(asking, Action.IRREGULARITY_REVIEW, code)
    steps = runtime.models.irregularities.steps_of(found.irregularity_id)
    said = runtime.book.irregularities.words
    return staff_page(
        request, "irregularity.html", status_of(refusal.code) if refusal else 200, row=found,
        school=runtime.models.schools.school(code), chips=CHIPS, longest=LONGEST,
        heard=typed if isinstance(typed, Heard) else None,
        written=typed if isinstance(typed, Found) else None,
        sessions=sessions_of(asking, found.session_ids),
        learners=learners_of(asking, found, by, with_words=review), may_review=review, says=SAYS,
        heard_by=[code for code in HEARD_BY if code != HeardBy.SCREEN], me=by.actor,
        steps=[(each, said(each.words_id) if review and each.words_id else "") for each in steps],
        reasons=[(each.value, each in CONFIRMING) for each in FindingReason],
        may_correct=may_too(asking, Action.ATTENDANCE_CORRECT, code),
        corrections=corrections_for(asking, found), is_concerned=is_concerned,
        may_print=review and may_too(asking, Action.CASE_ENTER, code),
        **telling_shown(runtime.book.irregularities, found.irregularity_id),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def sessions_of(asking: Asking, session_ids: Iterable[UUID]) -> list[SessionOnBoard]:
    found = map(asking.runtime.models.sessions.session, session_ids)
    return [session for session in found if session]


def telling_shown(irregularities: Irregularities, irregularity_id: UUID) -> dict[str, object]:
    """Who was told and may answer until when, and whom no question reaches on a screen."""
    found = irregularities.get(irregularity_id)
    without_phone = irregularities.without_phone(found)
    return {"told": found.told, "told_by": TOLD_BY, "without_phone": without_phone}


def learners_of(
    asking: Asking, found: IrregularityFile, by: Envelope, *, with_words: bool
) -> list[tuple[UUID, str, bool]]:
    """Who is concerned, by name where the asker may read names, and whether they were heard.

    Whoever reads what they wrote, or their names, is noted as having looked at everybody.
    """
    names, reads_names = {}, may_too(asking, Action.LEARNER_READ, found.school_code)
    if with_words or reads_names:
        ids, vault = {*found.learner_ids, *found.staff_ids}, asking.runtime.book.vault
        known = vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
        names = known if reads_names else {}
    return [
        (each, called(names, each) if each in names else learner_code(each), each in found.heard)
        for each in found.learner_ids
    ]


def corrections_for(asking: Asking, found: IrregularityFile) -> list[CorrectionRow]:
    """Corrections of the same sessions that it does not name yet."""
    rows = asking.runtime.models.corrections.about(found.school_code, found.session_ids)
    return [row for row in rows if row.correction_id not in found.corrections]
