"""Attendances as JSON: the register of a session, and what staff enter by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from msgspec.structs import asdict
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.entering import Tap, enter, leave
from api.reaching import session_for

router = APIRouter(prefix="/api/v1", tags=["attendances"])


class Entry(BaseModel):
    """Who came, and an id made for this entry: it may be sent again."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    scan_id: UUID


class Leaving(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scan_id: UUID


class Entered(BaseModel):
    """Since when somebody is in; the position in the feed up to which it is recorded."""

    checked_in_at: datetime
    position: int | None


class Left(BaseModel):
    position: int


class RegisterEntry(BaseModel):
    """One attendance. There are no names here: they are shown on the staff's pages alone."""

    attendance_id: UUID
    learner_id: UUID
    person_id: UUID = Field(description="The record that speaks: two of one person name the same.")
    child_ids: tuple[UUID, ...]
    checked_in_at: datetime
    channel: str
    recorded_by: UUID
    recorded_role: str
    checked_out_at: datetime | None
    check_out_channel: str | None
    result: str | None
    minutes: int | None
    planned_minutes: int | None
    rule_ref: str | None
    flags: tuple[str, ...]
    position: int
    recorded_at: datetime
    sheet_id: UUID | None


class Register(BaseModel):
    """Everybody who was there, in the order of their check-ins."""

    session_id: UUID
    attendances: list[RegisterEntry]


@router.get("/sessions/{session_id}/register")
def register(session_id: UUID, asking: InAsking) -> Register:
    session_for(asking, session_id, Action.ATTENDANCE_READ)
    people = asking.runtime.models.attendances.by_person(session_id)
    found = [(line, person_id) for person_id, lines in people.items() for line in lines]
    found.sort(key=lambda each: (each[0].checked_in_at, each[0].position))
    entries = [RegisterEntry(**asdict(line), person_id=person_id) for line, person_id in found]
    return Register(session_id=session_id, attendances=entries)


@router.post("/sessions/{session_id}/attendances", status_code=status.HTTP_201_CREATED)
def check_in(session_id: UUID, body: Entry, asking: InAsking) -> Entered:
    """Check a learner in by hand. The same scan id gets the first answer again."""
    _, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    answer = enter(asking.runtime, Tap(session_id, body.learner_id, body.scan_id), by)
    return Entered(checked_in_at=answer.checked_in_at, position=answer.position)


@router.post("/sessions/{session_id}/attendances/{learner_id}/check-out")
def check_out(session_id: UUID, learner_id: UUID, body: Leaving, asking: InAsking) -> Left:
    """Check a learner out by hand, or confirm afterwards that they stayed to the end."""
    _, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    position = leave(asking.runtime, Tap(session_id, learner_id, body.scan_id), by)
    return Left(position=position)
