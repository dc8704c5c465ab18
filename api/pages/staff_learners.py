"""A learner's account, for those who look after it or audit it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import Forbidden
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.access_words import NAME_REASONS
from api.pages.days import day_of
from api.pages.parent_words import CERTIFICATE_STATES, STARS
from api.pages.staff_class_list import classes_called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import ReachedLearner, learner_for, may_too
from domain.masking import mask_name
from domain.refusals import Refused
from projections.account_statement import StatementLine
from projections.as_of import end_of
from projections.attendance_register import LearnerAttendance
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)

PURPOSE = "learner_page"
NAMES: dict[str, Any] = {
    "star_names": STARS,
    "certificate_states": CERTIFICATE_STATES,
    "name_reasons": NAME_REASONS,
}


class NameReasonMissing(Refused):
    """A full name is shown for a reason that is named, and logged with it."""

    code = "name_reason_missing"


@dataclass(frozen=True)
class Asked:
    """The day that is asked about, if any, and by which of the two clocks the lines are shown."""

    day: date | None = None
    known: bool = False

    @property
    def as_of(self) -> date | None:
        return None if self.known else self.day

    @property
    def known_by(self) -> datetime | None:
        return end_of(self.day) if self.known and self.day else None


@dataclass(frozen=True)
class AccountRow:
    """A line of the statement with the attendance behind it."""

    line: StatementLine
    attendance: LearnerAttendance | None
    reversed_by: int | None


@router.get("/staff/learners/{learner_id}")
def learner_page(
    request: Request, asking: InAsking, learner_id: UUID, day: str = "", known: bool = False
) -> Response:
    return show(request, asking, learner_for(asking, learner_id), Asked(day_of(day), known))


@router.post("/staff/learners/{learner_id}/name")
def reveal_name(
    request: Request, asking: InAsking, learner_id: UUID, reason: Annotated[str, Form()] = ""
) -> Response:
    """Show the name once. The answer is the page itself: whoever comes back sees the mask."""
    reached = learner_for(asking, learner_id)
    if not reached.may_see_name:
        raise Forbidden(action=Action.LEARNER_READ.value)
    if reason not in NAME_REASONS:
        return show(request, asking, reached, Asked(), refusal=NameReasonMissing())
    found = asking.runtime.book.vault.show(
        [learner_id], to=reached.by.actor, purpose=f"name_shown.{reason}", at=reached.by.at
    )
    name = found[learner_id].name if learner_id in found else None
    return show(request, asking, reached, Asked(), name=name)


def show(
    request: Request,
    asking: Asking,
    reached: ReachedLearner,
    asked: Asked,
    name: str | None = None,
    refusal: Refused | None = None,
) -> Response:
    models, learner_id = asking.runtime.models, reached.learner_id
    rows = statement_of(asking, learner_id, asked)
    return staff_page(
        request,
        "learner.html",
        status_of(refusal.code) if refusal else 200,
        reached=reached,
        asked=asked,
        both=models.as_of.on(learner_id, asked.day) if asked.day else None,
        name=name,
        masked=masked_name(asking, reached),
        classes=classes_called(reached.places),
        schools=[models.schools.school(code) for code in schools_of(reached)],
        rows=rows,
        balance=rows[0].line.balance if rows else 0,
        held=models.accounts.held(learner_id),
        stars=models.stars.progress_of(learner_id),
        certificates=certificates_of(asking, learner_id),
        **rights(asking, reached),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        **NAMES,
    )


def certificates_of(asking: Asking, learner_id: UUID) -> list[tuple[RegisteredCertificate, bool]]:
    """Each certificate, and whether the asker may open it."""
    found = asking.runtime.models.certificates.certificates_of_learner(learner_id)
    action = Action.CERTIFICATE_READ
    return [(each, may_too(asking, action, each.school_code)) for each in found]


def rights(asking: Asking, reached: ReachedLearner) -> dict[str, object]:
    """Which of the ways on the page offers."""
    schools = schools_of(reached)
    return {
        "may_write_down": any(may_too(asking, Action.CASE_ENTER, code) for code in schools),
        "parting_schools": parting_schools(asking, reached),
    }


def parting_schools(asking: Asking, reached: ReachedLearner) -> list[str]:
    """Where the asker may part what was merged into the record; nowhere if nothing was."""
    merges = asking.runtime.models.one_person.merges_of(reached.learner_id)
    if all(each.survivor_id != reached.learner_id for each in merges):
        return []
    return [c for c in schools_of(reached) if may_too(asking, Action.UNMERGE_PROPOSE, c)]


def schools_of(reached: ReachedLearner) -> list[str]:
    return sorted({place.school_code for place in reached.places})


def masked_name(asking: Asking, reached: ReachedLearner) -> str | None:
    """None for those who see no names, and when the person was erased. The look is logged."""
    vault, by, ids = asking.runtime.book.vault, reached.by, [reached.learner_id]
    if not reached.may_see_name:
        vault.access_log.note(ids, by.actor, PURPOSE, by.at)
        return None
    found = vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    return mask_name(found[reached.learner_id].name) if found else None


def statement_of(asking: Asking, learner_id: UUID, asked: Asked) -> list[AccountRow]:
    """The account's lines, newest first, each with what it rests on."""
    models = asking.runtime.models
    lines = models.accounts.statement(learner_id, asked.as_of, asked.known_by)
    attended = {each.session_id: each for each in models.attendances.attendances_of(learner_id)}
    taken_back = {line.entry_id: line.position for line in lines if line.kind == "reversed"}
    return [
        AccountRow(
            line,
            attended.get(line.session_id) if line.session_id else None,
            taken_back.get(line.entry_id) if line.kind == "awarded" else None,
        )
        for line in reversed(lines)
    ]
