"""A learner's account and history, for those who look after it or audit it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.policy import Forbidden
from api.access.rules import Action
from api.asking import Asking, InAsking
from api.pages.days import day_of
from api.pages.parent_words import CERTIFICATE_STATES, STARS
from api.pages.staff_words import staff_page
from api.reaching import ReachedLearner, learner_for, may_too
from domain.calendar import CITY_ZONE, local_day
from domain.masking import mask_name
from projections.account_statement import StatementLine
from projections.as_of import end_of
from projections.attendance_register import LearnerAttendance
from projections.certificate_register import RegisteredCertificate
from projections.history import HistoryLine

router = APIRouter(include_in_schema=False)

PURPOSE = "learner_history"
HISTORY_ON_A_PAGE = 50
NAMES: dict[str, Any] = {"star_names": STARS, "certificate_states": CERTIFICATE_STATES}


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


@dataclass(frozen=True)
class TrailRow:
    """A line of the audit trail; `facts` is the event as it was recorded."""

    line: HistoryLine
    day: date
    facts: str


@router.get("/staff/learners/{learner_id}")
def learner_page(
    request: Request,
    asking: InAsking,
    learner_id: UUID,
    day: str = "",
    known: bool = False,
    page: int = 1,
) -> Response:
    asked = Asked(day_of(day), known)
    return show(request, asking, learner_for(asking, learner_id), asked, max(page, 1))


@router.post("/staff/learners/{learner_id}/name")
def reveal_name(request: Request, asking: InAsking, learner_id: UUID) -> Response:
    """Show the name once. The answer is the page itself: whoever comes back sees the mask."""
    reached = learner_for(asking, learner_id)
    if not reached.may_see_name:
        raise Forbidden(action=Action.LEARNER_READ.value)
    found = asking.runtime.book.vault.show(
        [learner_id], to=reached.by.actor, purpose=PURPOSE, at=reached.by.at
    )
    name = found[learner_id].name if learner_id in found else None
    return show(request, asking, reached, Asked(), 1, name)


def show(
    request: Request,
    asking: Asking,
    reached: ReachedLearner,
    asked: Asked,
    page: int,
    name: str | None = None,
) -> Response:
    models = asking.runtime.models
    learner_id = reached.learner_id
    rows = statement_of(asking, learner_id, asked)
    trail = trail_of(asking, learner_id, asked) if reached.may_see_history else []
    return staff_page(
        request,
        "learner.html",
        reached=reached,
        asked=asked,
        both=models.as_of.on(learner_id, asked.day) if asked.day else None,
        name=name,
        masked=masked_name(asking, reached),
        schools=[models.schools.school(code) for code in schools_of(reached)],
        rows=rows,
        balance=rows[0].line.balance if rows else 0,
        held=models.accounts.held(learner_id),
        stars=models.stars.progress_of(learner_id),
        certificates=certificates_of(asking, learner_id),
        may_write_down=any(may_too(asking, Action.CASE_ENTER, c) for c in schools_of(reached)),
        **NAMES,
        **paged(trail, page),
    )


def paged(trail: list[TrailRow], page: int) -> dict[str, Any]:
    first = (page - 1) * HISTORY_ON_A_PAGE
    return {
        "trail": trail[first : first + HISTORY_ON_A_PAGE],
        "trail_length": len(trail),
        "page": page,
        "pages": -(-len(trail) // HISTORY_ON_A_PAGE),
    }


def certificates_of(asking: Asking, learner_id: UUID) -> list[tuple[RegisteredCertificate, bool]]:
    """Each certificate, and whether the asker may open it."""
    found = asking.runtime.models.certificates.certificates_of_learner(learner_id)
    action = Action.CERTIFICATE_READ
    return [(each, may_too(asking, action, each.school_code)) for each in found]


def schools_of(reached: ReachedLearner) -> list[str]:
    return sorted({place.school_code for place in reached.places})


def masked_name(asking: Asking, reached: ReachedLearner) -> str | None:
    """None for those who see no names at all, and when the person was erased."""
    if not reached.may_see_name:
        return None
    found = asking.runtime.book.vault.open([reached.learner_id])
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


def trail_of(asking: Asking, learner_id: UUID, asked: Asked) -> list[TrailRow]:
    """Everything recorded about the learner, newest first."""
    lines = asking.runtime.models.history.history(learner_id, asked.as_of, asked.known_by)
    return [
        TrailRow(line, local_day(line.occurred_at, CITY_ZONE), facts_of(line))
        for line in reversed(lines)
    ]


def facts_of(line: HistoryLine) -> str:
    """The event as JSON. No person's data lie in it: names are in the vault alone."""
    state = line.event.model_dump(mode="json", exclude=set(line.withheld), exclude_none=True)
    return orjson.dumps(state, option=orjson.OPT_INDENT_2).decode()
