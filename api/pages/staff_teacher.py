"""One teacher: hours by year and training, entering and taking back; and one's own hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.hearing_words import lines_of as lines_said
from api.pages.staff_words import staff_page
from api.proposed import proposed_of_teacher
from api.reaching import may_too
from api.teacher_reaching import colleague_called, own_teacher, teacher_for
from api.teacher_report import (
    UNNAMED,
    TeacherInCycle,
    cycle_report,
    names_of,
    rules_asked,
    today_of,
)
from api.teacher_typing import training_typed
from domain.hours import from_text
from domain.rules import ReversalReason
from domain.training import HoursMalformed
from ledger.teachers import TypedHours
from projections.teacher_cycle import AwardLine
from projections.teachers import ServiceRow, Whom

router = APIRouter(include_in_schema=False)

# Why training hours are taken back; the other reasons are those of parents' sessions.
REASONS = (
    ReversalReason.ENTRY_ERROR,
    ReversalReason.DUPLICATE,
    ReversalReason.WRONG_PERSON,
    ReversalReason.NOT_PRESENT,
    ReversalReason.FRAUD_CONFIRMED,
)


@dataclass(frozen=True)
class Line:
    """An award with the words of its programme."""

    award: AwardLine
    title: str
    organiser: str


class Entry(BaseModel):
    """A training as it is typed: the amount in hours, or in minutes."""

    model_config = ConfigDict(str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=80)
    organiser: str = Field(min_length=1, max_length=80)
    begins: date
    ends: date
    amount: str = Field(max_length=10)
    unit: str = Field("hours", max_length=10)

    def typed(self, asking: Asking) -> TypedHours:
        """Raises HoursMalformed, NoTeacherCycle."""
        programme = asking.runtime.book.teachers.programmes.holding(self.begins).programme
        try:
            amount = from_text(self.amount)
        except ValueError:
            raise HoursMalformed from None
        hours = programme.hours_in(amount // 100) if self.unit == "minutes" else amount
        return training_typed(self.title, self.organiser, self.begins, self.ends, hours)


@router.get("/staff/teachers/of/{teacher_id}")
def teacher_page(
    request: Request, asking: InAsking, teacher_id: UUID, cycle: str | None = None
) -> Response:
    found, by = teacher_for(asking, teacher_id, Action.TEACHER_READ)
    named = names_of(asking.runtime, [teacher_id], by).get(teacher_id, UNNAMED)
    shown, lines = shown_of(asking, teacher_id, cycle)
    code = found.school_code
    return staff_page(
        request,
        "teacher.html",
        school=asking.runtime.models.schools.school(code),
        teacher=found,
        named=named,
        **shown,
        lines=lines,
        services=services_of(asking, teacher_id),
        reasons=REASONS,
        may_enter=may_too(asking, Action.TEACHER_HOURS_ENTER, code),
        may_register=may_too(asking, Action.TEACHER_REGISTER, code),
    )


@router.get("/staff/my-hours")
def own_page(request: Request, asking: InAsking, cycle: str | None = None) -> Response:
    """One's own hours, for a member of staff who is known as a teacher."""
    found = own_teacher(asking)
    if found is None:
        return staff_page(request, "own_hours.html", teacher=None)
    shown, lines = shown_of(asking, found.teacher_id, cycle)
    school = asking.runtime.models.schools.school(found.school_code)
    return staff_page(
        request, "own_hours.html", teacher=found, school=school, **shown, lines=lines,
        waiting=[
            (each, lines_said(each, school.name if school else "", language_of(request)))
            for each in proposed_of_teacher(asking.runtime, found.teacher_id)
        ],
    )  # fmt: skip


@router.post("/staff/teachers/of/{teacher_id}/hours")
def enter(asking: InAsking, teacher_id: UUID, entry: Annotated[Entry, Form()]) -> Response:
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_HOURS_ENTER)
    asking.runtime.book.teachers.award(teacher_id, entry.typed(asking), by)
    return back(asking, teacher_id)


@router.post("/staff/teachers/of/{teacher_id}/late-hours")
def propose(asking: InAsking, teacher_id: UUID, entry: Annotated[Entry, Form()]) -> Response:
    """Hours of a closed cycle wait for a second person."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_HOURS_CORRECT)
    commands = asking.runtime.book.teacher_corrections
    commands.propose_hours(teacher_id, entry.typed(asking), by)
    return back(asking, teacher_id)


@router.post("/staff/teachers/of/{teacher_id}/reversal")
def reverse(
    asking: InAsking,
    teacher_id: UUID,
    award_id: Annotated[UUID, Form()],
    reason: Annotated[ReversalReason, Form()],
) -> Response:
    """Take back; in a closed cycle, or for fraud, propose it."""
    found, by = teacher_for(asking, teacher_id, Action.TEACHER_HOURS_ENTER)
    book = asking.runtime.book
    teacher = book.teachers.get(teacher_id)
    cycle, _ = teacher.trainings.get(award_id)
    if cycle in teacher.closed or reason is ReversalReason.FRAUD_CONFIRMED:
        by = asking.may(Action.TEACHER_HOURS_CORRECT, found.school_code)
        book.teacher_corrections.propose_reversal(teacher_id, award_id, reason, by)
    else:
        book.teachers.reverse(teacher_id, award_id, reason, by)
    return back(asking, teacher_id)


@router.post("/staff/teachers/of/{teacher_id}/moves")
def move(
    asking: InAsking,
    teacher_id: UUID,
    school_code: Annotated[str, Form(pattern=r"^[0-9]{10}$")],
    on: Annotated[date, Form()],
) -> Response:
    found, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    book = asking.runtime.book
    book.teachers.move(teacher_id, school_code, on, by)
    asking.runtime.settle(book.ledger.position())
    # The teacher is another school's now.
    return RedirectResponse(f"/staff/teachers/{found.school_code}", status_code=303)


@router.post("/staff/teachers/of/{teacher_id}/leaving")
def leave(asking: InAsking, teacher_id: UUID, on: Annotated[date, Form()]) -> Response:
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.leave(teacher_id, on, by)
    return back(asking, teacher_id)


@router.post("/staff/teachers/of/{teacher_id}/staff")
def link(
    asking: InAsking, teacher_id: UUID, user: Annotated[str, Form(min_length=1, max_length=80)]
) -> Response:
    found, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    staff_id = colleague_called(asking.runtime, user.strip(), found.school_code)
    asking.runtime.book.teachers.link(teacher_id, staff_id, by)
    return back(asking, teacher_id)


@router.post("/staff/teachers/of/{teacher_id}/service")
def correct_service(
    asking: InAsking,
    teacher_id: UUID,
    since: Annotated[date, Form()],
    begins: Annotated[date, Form()],
    ends: Annotated[date | None, Form()] = None,
) -> Response:
    """Put right the days of the service recorded since a day."""
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.correct_service(teacher_id, since, begins, ends, by)
    return back(asking, teacher_id)


@router.post("/staff/teachers/of/{teacher_id}/staff/withdrawal")
def unlink(asking: InAsking, teacher_id: UUID) -> Response:
    _, by = teacher_for(asking, teacher_id, Action.TEACHER_REGISTER)
    asking.runtime.book.teachers.unlink(teacher_id, by)
    return back(asking, teacher_id)


def back(asking: Asking, teacher_id: UUID) -> Response:
    asking.runtime.settle(asking.runtime.book.ledger.position())
    return RedirectResponse(f"/staff/teachers/of/{teacher_id}", status_code=303)


def services_of(asking: Asking, teacher_id: UUID) -> list[ServiceRow]:
    whom = Whom(today_of(asking.runtime), teacher_id=teacher_id)
    return asking.runtime.models.teachers.services(whom)


def shown_of(
    asking: Asking, teacher_id: UUID, cycle: str | None
) -> tuple[dict[str, Any], list[Line]]:
    """What both pages show of a teacher: the cycle, and every training with its words."""
    rules = rules_asked(asking.runtime, cycle)
    [standing] = cycle_report(asking.runtime, rules, teacher_id=teacher_id).teachers
    awards = asking.runtime.models.teacher_cycle.awards_of(teacher_id)
    shown: dict[str, TeacherInCycle | Any] = {"rules": rules, "standing": standing}
    return shown, lines_of(asking, awards)


def lines_of(asking: Asking, awards: Iterable[AwardLine]) -> list[Line]:
    known = list(awards)
    words = asking.runtime.book.vault.open(each.programme_id for each in known)
    texts = {key: subject.fields for key, subject in words.items()}
    return [
        Line(
            each,
            texts.get(each.programme_id, {}).get("title", "—"),
            texts.get(each.programme_id, {}).get("organiser", ""),
        )
        for each in known
    ]
