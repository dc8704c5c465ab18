"""Typing a sheet from paper at speed, and reading it again as the second person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, cast
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_class_list import classes_of
from api.pages.staff_session_steps import rules_of
from api.pages.staff_sheets_view import People, RowShown, rows_listed, rows_said
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.rendering import local
from api.sheet_reading import Reading, Typed, at, read
from api.sheets import ReachedSheet, sheet_for, usual_stay
from domain.refusals import Refused
from domain.sheet_refusals import SheetDiffers, SheetRowWrong

router = APIRouter(include_in_schema=False)

MALFORMED: Final = 422


@dataclass(frozen=True)
class RowTyped:
    """A row of the form: whom it is for, what is typed in it, and what is wrong with that."""

    row: RowShown
    is_own: bool
    came: bool
    left: bool
    came_at: str
    left_at: str
    fault: str | None
    differs: bool
    guest_class: str = ""
    guest_child: str = ""
    guest_name: str = ""


@router.get("/staff/sheets/{sheet_id}/entry")
def entry_form(request: Request, asking: InAsking, sheet_id: UUID) -> Response:
    """To type a sheet; whoever typed it before finds it as they typed it."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    is_own = reached.sheet.entered_by == reached.by.actor.id
    typed = as_typed(asking, reached) if is_own else Typed()
    return show(request, asking, reached, "entry", typed)


@router.post("/staff/sheets/{sheet_id}/entry")
def enter(
    request: Request, asking: InAsking, sheet_id: UUID, typed: Annotated[Typed, Form()]
) -> Response:
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    return record(request, asking, reached, "entry", typed)


@router.get("/staff/sheets/{sheet_id}/check")
def check_form(request: Request, asking: InAsking, sheet_id: UUID) -> Response:
    """To read a sheet again: blank, for the second person looks at the paper alone."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_CHECK)
    return show(request, asking, reached, "check", Typed())


@router.post("/staff/sheets/{sheet_id}/check")
def check(
    request: Request, asking: InAsking, sheet_id: UUID, typed: Annotated[Typed, Form()]
) -> Response:
    reached = sheet_for(asking, sheet_id, Action.SHEET_CHECK)
    return record(request, asking, reached, "check", typed)


def record(
    request: Request, asking: Asking, reached: ReachedSheet, step: str, typed: Typed
) -> Response:
    """Hand to the ledger what was typed; whatever is wrong, the form comes back as it was."""
    if reached.session.closed_at is None:
        return show(request, asking, reached, step, typed)
    reading = read(asking, reached, typed)
    if reading.faults:
        return show(request, asking, reached, step, typed, reading)
    sheets = asking.runtime.book.sheets
    try:
        act = sheets.enter if step == "entry" else sheets.check
        asking.runtime.settle(act(reached.sheet.id, reading.rows, reached.by))
    except Refused as refusal:
        asking.runtime.settle(asking.runtime.book.ledger.position())
        return show(request, asking, reached, step, typed, reading, refusal)
    return RedirectResponse(f"/staff/sheets/{reached.sheet.id}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    reached: ReachedSheet,
    step: str,
    typed: Typed,
    reading: Reading | None = None,
    refusal: Refused | None = None,
) -> Response:
    session, faults = reached.session, faults_of(reading, refusal)
    named = refusal.facts["rows"] if isinstance(refusal, SheetDiffers) else ()
    differing = cast("Collection[int]", named)
    return staff_page(
        request,
        "sheet_entry.html",
        status_of(refusal.code) if refusal else MALFORMED if faults else 200,
        session=session,
        sheet=reached.sheet,
        step=step,
        rows=rows_of(asking, reached, typed, faults, differing),
        classes=["|".join(each) for each in classes_of(asking, session)],
        is_over=session.standing in {"closed", "attested"},
        stay=usual_stay(session) if session.closed_at else None,
        signs_out=session.class_hours
        >= rules_of(asking, session).check_out_required_from_class_hours,
        guests_open=any(typed.guest_name) or any(row > len(reached.sheet.listed) for row in faults),
        faults=faults,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def faults_of(reading: Reading | None, refusal: Refused | None) -> dict[int, str]:
    """By row what is wrong with it, as we read it and as the ledger says."""
    if isinstance(refusal, SheetRowWrong):
        return {int(str(refusal.facts["row"])): "row_wrong"}
    return reading.faults if reading else {}


def rows_of(
    asking: Asking,
    reached: ReachedSheet,
    typed: Typed,
    faults: dict[int, str],
    differing: Collection[int],
) -> list[RowTyped]:
    own = asking.runtime.models.staff.learner_of(reached.by.actor.id)
    listed, people = len(reached.sheet.listed), People(asking, reached.session, reached.by)
    return [
        RowTyped(
            row=row,
            is_own=row.learner_id is not None and row.learner_id == own,
            came=row.number in typed.came,
            left=row.number in typed.left,
            came_at=at(typed.came_at, row.number),
            left_at=at(typed.left_at, row.number),
            fault=faults.get(row.number),
            differs=row.number in differing,
            guest_class=at(typed.guest_class, row.number - listed),
            guest_child=at(typed.guest_child, row.number - listed),
            guest_name=at(typed.guest_name, row.number - listed),
        )
        for row in rows_listed(reached.sheet, people)
    ]


def as_typed(asking: Asking, reached: ReachedSheet) -> Typed:
    """The form that a waiting entry was typed in."""
    people = People(asking, reached.session, reached.by)
    rows = {row.number: row for row in rows_said(reached.sheet, people)}
    begins, ends = usual_stay(reached.session)
    typed = Typed(came=list(rows))
    for number in range(1, reached.sheet.last_row + 1):
        said = rows[number].said if number in rows else None
        typed.came_at.append(clock_of(said.came_at, begins) if said else "")
        typed.left_at.append(clock_of(said.left_at, ends) if said and said.left_at else "")
        typed.left += [number] if said and said.left_at else []
        if number > len(reached.sheet.listed):
            guest = rows.get(number, RowShown(number))
            typed.guest_class.append(f"{guest.grade}|{guest.class_group}" if said else "")
            typed.guest_child.append(guest.child_name)
            typed.guest_name.append(guest.name)
    return typed


def clock_of(moment: datetime, usual: datetime) -> str:
    """A time as it is typed; the usual one is not."""
    return "" if moment == usual else local(moment, "%H:%M")
