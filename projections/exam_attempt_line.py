"""The line of an attempt on the exam board, and what each fact makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.exam import Outcome
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import AttemptBegun, Signed


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt. It counts when it stands as `counted`; the score of another one is not shown.

    `standing`: waiting (for the second person), open (on a screen), counted, withdrawn, voided.
    """

    attempt_id: UUID
    exam_id: UUID
    learner_id: UUID
    number: int
    way: str
    standing: str
    entered_by: UUID
    entered_at: datetime
    ends_at: datetime | None = None
    sitting: int | None = None
    score: int | None = None
    oral_reason: str | None = None
    tries_left: int | None = None
    checked_by: UUID | None = None
    checked_at: datetime | None = None
    passed: bool | None = None
    merit: bool | None = None
    put_right: str | None = None  # why the result was corrected or voided
    put_right_at: datetime | None = None

    @property
    def counts(self) -> bool:
        return self.standing == "counted"


def begun(event: AttemptBegun) -> AttemptLine:
    line = AttemptLine(
        attempt_id=event.originator_id,
        exam_id=event.exam_id,
        learner_id=event.learner_id,
        number=event.number,
        way=event.WAY.value,
        standing="waiting",
        entered_by=event.envelope.actor.id,
        entered_at=event.envelope.at,
    )
    match event:
        case Attempt.PaperResultEntered(score=score, sitting=sitting):
            return replace(line, score=score, sitting=sitting)
        case Attempt.Started(time_limit_minutes=minutes):
            ends_at = event.envelope.at + timedelta(minutes=minutes)
            return replace(line, standing="open", ends_at=ends_at)
        case Attempt.OralResultRecorded(reason=reason, passed=passed):
            return replace(line, oral_reason=reason.value, passed=passed)
        case Attempt.StudyNoteMarked(passed=passed):
            return counted(line, event, score=None, passed=passed, merit=False)
        case _:
            raise TypeError(event.TOPIC)


def followed(line: AttemptLine, event: LedgerEvent) -> AttemptLine:
    """What became of an attempt."""
    match event:
        case Attempt.CheckDiffered(tries_left=tries_left):
            return replace(line, tries_left=tries_left)
        case Attempt.PaperResultChecked() as found:
            return counted(line, found, found.score, passed=found.passed, merit=found.merit)
        case Attempt.Marked(outcome=outcome) | Attempt.OralResultWitnessed(outcome=outcome):
            return counted(line, event, outcome.score, passed=outcome.passed, merit=outcome.merit)
        case Attempt.ResultCorrected(outcome=outcome, signed=signed):
            return put_right(standing_at(line, outcome), event, signed)
        case Attempt.ResultVoided(signed=signed):
            return put_right(replace(line, standing="voided"), event, signed)
        case Attempt.EntryWithdrawn():
            return replace(line, standing="withdrawn")
        case _:
            raise TypeError(event.TOPIC)


def put_right(line: AttemptLine, event: LedgerEvent, signed: Signed) -> AttemptLine:
    return replace(line, put_right=signed.reason_code.value, put_right_at=event.envelope.at)


def standing_at(line: AttemptLine, outcome: Outcome) -> AttemptLine:
    return replace(line, score=outcome.score, passed=outcome.passed, merit=outcome.merit)


def counted(
    line: AttemptLine, event: LedgerEvent, score: int | None, *, passed: bool, merit: bool
) -> AttemptLine:
    return replace(
        line,
        standing="counted",
        checked_by=event.envelope.actor.id,
        checked_at=event.envelope.at,
        score=score,
        passed=passed,
        merit=merit,
    )
