"""Scans of a staff device as JSON: many at once, each with an id and a time of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.asking import InAsking
from api.bootstrap import Runtime
from api.language.catalogue import Language, language_of
from api.problems import text_of
from api.reaching import session_for
from api.receipts import receipts_of
from api.scanning import Answer, Answered, Scan, take
from domain.envelope import Envelope
from domain.identity import attendance_id
from domain.waiting_scan import Way
from projections.session_board import SessionOnBoard

router = APIRouter(prefix="/api/v1", tags=["check-in"])

MOST_SCANS = 100
# No device means these years; what a database cannot give back is told to its sender at once.
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOST_CODE = 64


class ScanMade(BaseModel):
    """A code that was read, or a name that was tapped; `at` is corrected to the server's clock."""

    model_config = ConfigDict(extra="forbid")

    scan_id: UUID
    way: Way
    at: Annotated[AwareDatetime, Field(gt=FIRST, lt=LAST)]
    code: str | None = Field(default=None, max_length=MOST_CODE)
    learner_id: UUID | None = None
    shift: UUID | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> ScanMade:
        if (self.code is None) is (self.learner_id is None):
            message = "code or learner_id, one of them"
            raise ValueError(message)
        return self


class ScansMade(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scans: Annotated[list[ScanMade], Field(min_length=1, max_length=MOST_SCANS)]


class ScanAnswer(BaseModel):
    """What became of a scan. There is no name here: the device has the session's list."""

    scan_id: UUID
    answer: Answer
    learner_id: UUID | None
    at: datetime | None
    code: str | None
    text: str | None
    receipt: str | None


class ScanAnswers(BaseModel):
    """An answer to each scan, the server's time, and where the session stands."""

    now: datetime
    standing: str
    answers: list[ScanAnswer]


@router.post("/sessions/{session_id}/scans")
def upload(request: Request, session_id: UUID, body: ScansMade, asking: InAsking) -> ScanAnswers:
    """Take scans in the order they were made; sent again, each gets its answer again.

    What is refused at once is told; what comes too late waits in the session's inbox.
    """
    # A name that is tapped names somebody who shows nothing: that is entering, not scanning.
    action = Action.ATTENDANCE_ENTER if tapped(body.scans) else Action.SCAN_SEND
    session, by = session_for(asking, session_id, action)
    return answers_of(request, asking.runtime, session, body, by)


def tapped(scans: Iterable[ScanMade]) -> bool:
    return any(each.learner_id is not None for each in scans)


def answers_of(
    request: Request, runtime: Runtime, session: SessionOnBoard, body: ScansMade, by: Envelope
) -> ScanAnswers:
    """Take the scans, one after the other, and tell of each what became of it."""
    session_id = session.session_id
    answered = [take(runtime, session_id, Scan(**dict(each)), by) for each in body.scans]
    if positions := [each.position for each in answered if each.position is not None]:
        runtime.settle(max(positions))
    language = language_of(request)
    receipts = receipts_in(runtime, session_id, body.scans, answered)
    answers = [told(each, language, receipts.get(each.scan_id)) for each in answered]
    return ScanAnswers(now=runtime.now(), standing=session.standing, answers=answers)


def receipts_in(
    runtime: Runtime, session_id: UUID, scans: Iterable[ScanMade], answered: Iterable[Answered]
) -> dict[UUID, str]:
    """Of those who are in: the receipt of each, by the scan."""
    coming = {each.scan_id for each in scans if each.way is Way.IN}
    there = {Answer.TAKEN, Answer.ALREADY}
    wanted = {
        each.scan_id: attendance_id(session_id, each.learner_id)
        for each in answered
        if each.scan_id in coming and each.answer in there and each.learner_id is not None
    }
    receipts = receipts_of(runtime, list(wanted.values()))
    return {scan: receipts[key] for scan, key in wanted.items() if key in receipts}


def told(answered: Answered, language: Language, receipt: str | None) -> ScanAnswer:
    refusal = answered.refusal
    return ScanAnswer(
        scan_id=answered.scan_id,
        answer=answered.answer,
        learner_id=answered.learner_id,
        at=answered.at,
        code=refusal.code if refusal else None,
        text=text_of(refusal.code, language) if refusal else None,
        receipt=receipt,
    )
