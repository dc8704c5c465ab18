"""The paper of a session: its numbered sheets, printed, with their scans, and how far each is."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.imports.receiving import InReceived
from api.language.catalogue import language_of
from api.pages.staff_sheets_view import People, on_paper, rows_said, title_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_too, session_for
from api.sheet_scans import content_of, picture_of, scan_answer, scan_shown
from api.sheets import ReachedSheet, print_sheets, sheet_for
from domain.refusals import Refused
from projections.session_board import SessionOnBoard
from projections.sheet_book import SheetLine

router = APIRouter(include_in_schema=False)

SHEETS_AT_ONCE: Final = 20
RIGHTS: Final = {
    "print": Action.SHEET_PRINT,
    "enter": Action.SHEET_ENTER,
    "check": Action.SHEET_CHECK,
    "see_learners": Action.LEARNER_READ,
}


@router.get("/staff/sessions/{session_id}/sheets")
def sheets(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, _ = session_for(asking, session_id, Action.SHEET_READ)
    return show_all(request, asking, session)


@router.post("/staff/sessions/{session_id}/sheets")
def print_all(request: Request, asking: InAsking, session_id: UUID) -> Response:
    """Put everybody on a sheet who is on none, then show them for the printer."""
    session, by = session_for(asking, session_id, Action.SHEET_PRINT)
    try:
        print_sheets(asking, session, by)
    except Refused as refusal:
        return show_all(request, asking, session, refusal)
    return RedirectResponse(f"/staff/sessions/{session_id}/sheets", status_code=303)


@router.get("/staff/sessions/{session_id}/sheets/print")
def for_the_printer(
    request: Request, asking: InAsking, session_id: UUID, first: int = 1, only: UUID | None = None
) -> Response:
    """Sheets as they are printed, twenty at a time; again they are the same."""
    session, by = session_for(asking, session_id, Action.SHEET_PRINT)
    printed = asking.runtime.book.sheets.of_session(session_id)
    wanted = [sheet for sheet in printed if only in {None, sheet.id}]
    part = [each for each in wanted if first <= each.number < first + SHEETS_AT_ONCE or only]
    people = People(asking, session, by)
    return staff_page(
        request,
        "sheets_print.html",
        session=session,
        title=title_of(asking.runtime, session),
        pages=[on_paper(asking.runtime, sheet, people) for sheet in part],
    )


@router.get("/staff/sheets/{sheet_id}")
def sheet_page(request: Request, asking: InAsking, sheet_id: UUID) -> Response:
    return show(request, asking, sheet_for(asking, sheet_id, Action.SHEET_READ))


@router.post("/staff/sheets/{sheet_id}/withdrawal")
def withdraw(request: Request, asking: InAsking, sheet_id: UUID) -> Response:
    """Take back what nobody has checked."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    try:
        asking.runtime.settle(asking.runtime.book.sheets.withdraw(sheet_id, reached.by))
    except Refused as refusal:
        return show(request, asking, reached, refusal)
    return RedirectResponse(f"/staff/sheets/{sheet_id}", status_code=303)


@router.post("/staff/sheets/{sheet_id}/scans")
def keep_scan(request: Request, asking: InAsking, received: InReceived, sheet_id: UUID) -> Response:
    """Keep a photo or a PDF of the paper, as it is."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    try:
        picture = picture_of(content_of(received))
        sheets = asking.runtime.book.sheets
        asking.runtime.settle(sheets.file_scan(sheet_id, picture, reached.by))
    except Refused as refusal:
        return show(request, asking, reached, refusal)
    return RedirectResponse(f"/staff/sheets/{sheet_id}#scans", status_code=303)


@router.get("/staff/sheets/{sheet_id}/scans/{document_id}")
def scan(asking: InAsking, sheet_id: UUID, document_id: UUID) -> Response:
    """The scan as it was brought; whoever looks at it is noted."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_READ)
    found, content = scan_shown(asking, reached.sheet, document_id, reached.by)
    is_picture = found.media_type.startswith("image/")
    return scan_answer(sheet_id, found, content, way="inline" if is_picture else "attachment")


def show_all(
    request: Request, asking: Asking, session: SessionOnBoard, refusal: Refused | None = None
) -> Response:
    lines = asking.runtime.models.sheets.of_session(session.session_id)
    return staff_page(
        request,
        "sheets.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        lines=lines,
        parts=range(1, len(lines) + 1, SHEETS_AT_ONCE),
        at_once=SHEETS_AT_ONCE,
        may=rights_in(asking, session.school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def show(
    request: Request, asking: Asking, reached: ReachedSheet, refusal: Refused | None = None
) -> Response:
    """What the sheet says is shown once it counts: the second person reads the paper, not us."""
    line = asking.runtime.models.sheets.sheet(reached.sheet.id)
    assert line is not None
    own = line.entered_by == reached.by.actor.id
    people = People(asking, reached.session, reached.by)
    shows_rows = line.standing == "checked" or own
    return staff_page(
        request,
        "sheet.html",
        status_of(refusal.code) if refusal else 200,
        session=reached.session,
        sheet=reached.sheet,
        line=line,
        next_step=next_step(asking, reached, line),
        rows=rows_said(reached.sheet, people) if shows_rows else [],
        is_own=own,
        may=rights_in(asking, reached.session.school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def next_step(asking: Asking, reached: ReachedSheet, line: SheetLine) -> str | None:
    """What this person may do with the sheet now: type it, or check what another typed."""
    may = rights_in(asking, reached.session.school_code)
    if reached.session.standing not in {"closed", "attested"}:
        return None
    match line.standing:
        case "printed":
            return "entry" if may["enter"] else None
        case "entered" if line.entered_by == reached.by.actor.id:
            return "entry" if may["enter"] else None
        case "entered":
            return "check" if may["check"] else None
        case _:
            return None


def rights_in(asking: Asking, school_code: str) -> dict[str, bool]:
    return {name: may_too(asking, action, school_code) for name, action in RIGHTS.items()}
