"""The teachers' ledger as JSON: who teaches where, and the hours of their trainings."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.teacher_reaching import colleague_called, teacher_for
from api.teacher_typing import teacher_typed, training_typed
from api.v1.recorded import Recorded
from domain.rules import ReversalReason
from ledger.teachers import NewTeacher, TypedHours

router = APIRouter(prefix="/api/v1", tags=["teachers"])

Words = Field(min_length=1, max_length=80, pattern=r"\S")


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NewTeacherBody(Body):
    name: str = Field(min_length=2, max_length=40)
    staff_no: str | None = Field(None, min_length=1, max_length=30)
    in_service_from: date


class Registered(BaseModel):
    teacher_id: UUID


class HoursBody(Body):
    """A training: either `hours` (hundredths) or the minutes they are made of."""

    title: str = Words
    organiser: str = Words
    begins: date
    ends: date
    hours: int | None = None
    minutes: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.hours is None) == (self.minutes is None):
            raise ValueError("give hours or minutes")
        return self


class Awarded(BaseModel):
    award_id: UUID


class ReversalBody(Body):
    reason_code: ReversalReason


class MoveBody(Body):
    school_code: str = Field(pattern=r"^[0-9]{10}$")
    on: date


class LeavingBody(Body):
    on: date


class ServiceBody(Body):
    """The days that are right for the service that was recorded `since` a day; open without end."""

    since: date
    begins: date
    ends: date | None = None


class StaffBody(Body):
    user: str = Field(min_length=1, max_length=80)


@router.post("/schools/{school_code}/teachers", status_code=status.HTTP_201_CREATED)
def register(school_code: str, body: NewTeacherBody, asking: InAsking) -> Registered:
    """Register a teacher; the same one again is no news and has the same id."""
    by = asking.may(Action.TEACHER_REGISTER, school_code)
    named = teacher_typed(school_code, body.name, body.staff_no)
    teacher_id = asking.runtime.book.teachers.register(NewTeacher(named, body.in_service_from), by)
    settled(asking)
    return Registered(teacher_id=teacher_id)


@router.post("/teachers/{teacher_id}/hours", status_code=status.HTTP_201_CREATED)
def award(teacher_id: UUID, body: HoursBody, asking: InAsking) -> Awarded:
    """Enter the hours of a training for a colleague."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_HOURS_ENTER)
    award_id = asking.runtime.book.teachers.award(teacher_id, typed(asking, body), by)
    settled(asking)
    return Awarded(award_id=award_id)


@router.post("/teachers/{teacher_id}/hours/{award_id}/reversal")
def reverse(teacher_id: UUID, award_id: UUID, body: ReversalBody, asking: InAsking) -> Recorded:
    """Take an award back: whole, and once."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_HOURS_ENTER)
    asking.runtime.book.teachers.reverse(teacher_id, award_id, body.reason_code, by)
    return settled(asking)


@router.post("/teachers/{teacher_id}/moves")
def move(teacher_id: UUID, body: MoveBody, asking: InAsking) -> Recorded:
    """From a day on at another school; the hours follow."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.move(teacher_id, body.school_code, body.on, by)
    return settled(asking)


@router.post("/teachers/{teacher_id}/leaving")
def leave(teacher_id: UUID, body: LeavingBody, asking: InAsking) -> Recorded:
    """The last day in service."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.leave(teacher_id, body.on, by)
    return settled(asking)


@router.post("/teachers/{teacher_id}/service")
def correct_service(teacher_id: UUID, body: ServiceBody, asking: InAsking) -> Recorded:
    """Put right the first and the last day of a service; the same days again are no news."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.correct_service(teacher_id, **vars(body), by=by)
    return settled(asking)


@router.post("/teachers/{teacher_id}/staff")
def link(teacher_id: UUID, body: StaffBody, asking: InAsking) -> Recorded:
    """Say which member of the school's staff a teacher is: their own hours are theirs to see."""
    found, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    staff_id = colleague_called(asking.runtime, body.user, found.school_code)
    asking.runtime.book.teachers.link(teacher_id, staff_id, by)
    return settled(asking)


@router.post("/teachers/{teacher_id}/staff/withdrawal")
def unlink(teacher_id: UUID, asking: InAsking) -> Recorded:
    """Take a wrong link back; none is no news."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.unlink(teacher_id, by)
    return settled(asking)


def settled(asking: Asking) -> Recorded:
    return Recorded(position=asking.runtime.settle(asking.runtime.book.ledger.position()))


def typed(asking: Asking, body: HoursBody) -> TypedHours:
    """A training as the ledger takes it; minutes by the cycle's own rule. Raises NoTeacherCycle."""
    rules = asking.runtime.book.teachers.programmes.holding(body.begins)
    hours = rules.programme.hours_in(body.minutes) if body.minutes else body.hours
    return training_typed(body.title, body.organiser, body.begins, body.ends, hours or 0)
