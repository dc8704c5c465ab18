"""Corrections of a school: those that wait for a second person, and those that were decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.correcting import RIGHTS, correction_for, may_read, may_sign, proposing, signer
from api.corrections_waiting import awaited
from api.language.catalogue import language_of
from api.pages.effect_words import ChangeRow, change_rows
from api.pages.paging import PageNumber, cut
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.proposed import stage_of
from api.reaching import may_too
from domain.correction import MergeOrder, State
from domain.refusals import Refused
from projections.correction_board import CorrectionRow

router = APIRouter(include_in_schema=False)

WAITS = {
    "untold": "这项更正说本人弄虚作假，要先告知本人。听取说明后，或告知七天后，才能通过。",
    "told": "已告知本人，{day} 以前可以说明；听取说明或期满以后才能通过。",
    "held": "已听取说明，可以复核。",
}
REFUSALS = ("not_founded", "evidence_missing", "wrong_figures")


@router.get("/staff/corrections")
def waiting_for_me(request: Request, asking: InAsking, page: PageNumber = 1) -> Response:
    """What waits in the schools that the asker looks after, school or district."""
    wanted, board = awaited(asking), asking.runtime.models.corrections
    found = cut(partial(board.awaited, wanted), board.how_many_awaited(wanted), page)
    return staff_page(request, "corrections.html", school=None, found=found)


@router.get("/staff/corrections/{school_code}")
def corrections(
    request: Request, asking: InAsking, school_code: str, page: PageNumber = 1
) -> Response:
    may_read(asking, school_code)
    board = asking.runtime.models.corrections
    return staff_page(
        request,
        "corrections.html",
        school=asking.runtime.models.schools.school(school_code),
        found=cut(
            lambda part: board.of_schools([school_code], part=part),
            board.how_many(school_code),
            page,
        ),
    )


@router.get("/staff/corrections/of/{correction_id}")
def correction(request: Request, asking: InAsking, correction_id: UUID) -> Response:
    return show(request, asking, correction_for(asking, correction_id))


@router.post("/staff/corrections/of/{correction_id}/approval")
def approve(
    request: Request,
    asking: InAsking,
    correction_id: UUID,
    sha256: Annotated[str, Form(pattern=r"^[0-9a-f]{64}$")],
) -> Response:
    row = correction_for(asking, correction_id)
    by, book = signer(asking, row), asking.runtime.book

    def sign() -> int:
        book.corrections.approve(correction_id, sha256, by)
        return book.ledger.position()

    return done(request, asking, row, sign)


@router.post("/staff/corrections/of/{correction_id}/refusal")
def refuse(
    request: Request,
    asking: InAsking,
    correction_id: UUID,
    reason: Annotated[str, Form(pattern=r"^[a-z_]{1,40}$")],
) -> Response:
    row = correction_for(asking, correction_id)
    by, corrections = signer(asking, row), asking.runtime.book.corrections
    return done(request, asking, row, lambda: corrections.refuse(correction_id, reason, by))


@router.post("/staff/corrections/of/{correction_id}/withdrawal")
def withdraw(request: Request, asking: InAsking, correction_id: UUID) -> Response:
    row = correction_for(asking, correction_id)
    by, corrections = proposing(asking, row), asking.runtime.book.corrections
    return done(request, asking, row, lambda: corrections.withdraw(correction_id, by))


def done(
    request: Request, asking: Asking, row: CorrectionRow, decide: Callable[[], int]
) -> Response:
    try:
        asking.runtime.settle(decide())
    except Refused as refusal:
        return show(request, asking, row, refusal)
    return RedirectResponse(f"/staff/corrections/of/{row.correction_id}", status_code=303)


def show(
    request: Request, asking: Asking, row: CorrectionRow, refusal: Refused | None = None
) -> Response:
    rows, sha256 = now_changing(request, asking, row)
    is_own = asking.principal is not None and asking.principal.person_id == row.proposed_by
    return staff_page(
        request,
        "correction.html",
        status_of(refusal.code) if refusal else 200,
        correction=row,
        school=asking.runtime.models.schools.school(row.school_code),
        session_id=getattr(row.asked, "session_id", None),
        rows=rows,
        is_outdated=sha256 is not None and sha256 != row.sha256,
        may_sign=may_sign(asking, row),
        may_part=may_part(asking, row),
        may_withdraw=is_own and row.state == State.WAITING,
        refusals=REFUSALS,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        **hearing_shown(asking, row, may_read_words=bool(sha256)),
    )


def may_part(asking: Asking, row: CorrectionRow) -> bool:
    """Whether the asker may part what a correction merged, and it is not parted yet."""
    order, merges_of = row.asked, asking.runtime.models.one_person.merges_of
    return (
        isinstance(order, MergeOrder)
        and may_too(asking, Action.UNMERGE_PROPOSE, row.school_code)
        and any(each.merged_id == order.merged_id for each in merges_of(order.survivor_id))
    )


def hearing_shown(asking: Asking, row: CorrectionRow, *, may_read_words: bool) -> dict[str, object]:
    """What a waiting correction for fraud waits for; nobody concerned reads the words."""
    if row.state != State.WAITING or not row.asked.needs_hearing:
        return {"waits_for": None}
    hearings = asking.runtime.book.hearings
    hearing, right = hearings.of(row.correction_id), RIGHTS[row.kind].propose
    may_hear = may_too(asking, right, row.school_code)
    is_shown = may_read_words and (may_hear or may_sign(asking, row))
    by = may_read(asking, row.school_code)
    return {
        "waits_for": WAITS[stage_of(hearing)],
        "answer_until": hearing.answer_until if hearing else None,
        "said": hearings.show(row.correction_id, by) if is_shown else [],
        "may_open_hearing": is_shown,
    }


def now_changing(
    request: Request, asking: Asking, row: CorrectionRow
) -> tuple[list[ChangeRow], str | None]:
    """What a waiting correction would change today, and its hash; nothing for a decided one."""
    if row.state != State.WAITING:
        return [], None
    by = may_read(asking, row.school_code)
    try:
        preview = asking.runtime.book.corrections.preview(row.asked, by)
    except Refused:
        return [], ""  # it cannot be applied any more: whoever signs hears why
    return change_rows(request, asking, preview.effects, row.school_code, by), preview.sha256
