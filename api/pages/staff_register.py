"""The register of a session (签到表): who was there, what it counts, and check-outs to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.entering import Tap, leave
from api.language.catalogue import language_of
from api.pages.staff_class_list import called, classes_called
from api.pages.staff_session_steps import rights_in, rules_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import day_of, session_for
from domain.envelope import Envelope, Role
from domain.masking import mask_name
from domain.refusals import Refused
from projections.attendance_register import RegisterLine
from projections.roster import Place
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "attendance_register"
ROWS_ON_A_SHEET = 25


@dataclass(frozen=True)
class Stay:
    """A missing check-out that can be confirmed."""

    line: RegisterLine
    scan_id: UUID


@dataclass(frozen=True)
class SheetRow:
    """One person of the sheet: the line that counts, and what came of their `others` records."""

    number: int
    line: RegisterLine
    others: tuple[RegisterLine, ...]
    class_name: str
    child_name: str
    name: str
    relation_code: str
    is_own: bool
    waits: tuple[Stay, ...]


@router.get("/staff/sessions/{session_id}/register")
def register(request: Request, asking: InAsking, session_id: UUID) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_READ)
    return show(request, asking, session, by)


@router.post("/staff/sessions/{session_id}/stays")
def confirm_stay(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    learner_id: Annotated[UUID, Form()],
    scan_id: Annotated[UUID, Form()],
) -> Response:
    """Confirm that somebody without a check-out stayed to the end."""
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    try:
        leave(asking.runtime, Tap(session_id, learner_id, scan_id), by)
    except Refused as refusal:
        return show(request, asking, session, by, refusal)
    return RedirectResponse(f"/staff/sessions/{session_id}/register", status_code=303)


def show(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    rows = sheet_of(asking, session, by)
    return staff_page(
        request,
        "register.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        school=asking.runtime.models.schools.school(session.school_code),
        rows=rows,
        waiting=[row for row in rows if row.waits],
        blank=range(len(rows) + 1, blank_until(session, len(rows)) + 1),
        deadline=deadline_of(asking, session),
        rights=rights_in(asking, session.school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def sheet_of(asking: Asking, session: SessionOnBoard, by: Envelope) -> list[SheetRow]:
    """The lines in order of check-in; an auditor sees masks."""
    models = asking.runtime.models
    people = models.attendances.by_person(session.session_id)
    lines = (line for own in people.values() for line in own)
    ids = {each for line in lines for each in (line.learner_id, *line.child_ids)}
    subjects = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    hide = by.actor.role is Role.AUDITOR
    names = {key: called(subjects, key) for key in ids}
    names = {key: mask_name(name) if hide else name for key, name in names.items()}
    own = models.staff.learner_of(by.actor.id)
    places = places_of(asking, session)
    confirmable = can_confirm(asking, session)
    return [
        sheet_row(number, lines, names, places_for(person, lines, places), own, open_=confirmable)
        for number, (person, lines) in enumerate(people.items(), start=1)
    ]


def sheet_row(
    number: int,
    lines: Sequence[RegisterLine],
    names: dict[UUID, str],
    places: Sequence[Place],
    own: UUID | None,
    *,
    open_: bool,
) -> SheetRow:
    line, *others = lines
    children = [place.child_id for place in places] or line.child_ids[:1]
    return SheetRow(
        number=number,
        line=line,
        others=tuple(others),
        class_name=classes_called(places) or "—",
        child_name="、".join(names[child] for child in children) or "—",
        name=names[line.learner_id],
        relation_code=places[0].relation_code if places else "",
        is_own=own in {each.learner_id for each in lines},
        waits=tuple(Stay(each, uuid4()) for each in lines if open_ and not each.checked_out_at),
    )


def places_for(
    person_id: UUID, lines: Iterable[RegisterLine], places: dict[tuple[UUID, UUID], Place]
) -> list[Place]:
    """A person's places through the children for whom they came, under whichever record."""
    keys = ((person_id, child_id) for line in lines for child_id in line.child_ids)
    return [places[key] for key in dict.fromkeys(keys) if key in places]


def places_of(asking: Asking, session: SessionOnBoard) -> dict[tuple[UUID, UUID], Place]:
    """The places of a school year by learner and child."""
    lists = asking.runtime.models.roster.places_by_class(
        session.school_code, session.school_year, session.grades, day_of(session)
    )
    places = (place for found in lists.values() for place in found)
    return {(place.learner_id, place.child_id): place for place in places}


def can_confirm(asking: Asking, session: SessionOnBoard) -> bool:
    """Whether the days to confirm a stay are running."""
    deadline = deadline_of(asking, session)
    return deadline is not None and asking.runtime.now() < deadline


def deadline_of(asking: Asking, session: SessionOnBoard) -> datetime | None:
    """Until when staff may confirm a stay; None while the session runs or needs no check-out."""
    rules = rules_of(asking, session)
    if session.closed_at is None or session.class_hours < rules.check_out_required_from_class_hours:
        return None
    return session.closed_at + timedelta(days=rules.missing_check_out_confirm_days)


def blank_until(session: SessionOnBoard, filled: int) -> int:
    """A sheet that is printed before the end has lines left for those who sign on paper."""
    if session.standing not in {"scheduled", "opened"}:
        return filled
    return max(ROWS_ON_A_SHEET, filled + 5)
