"""The rows of cases: what each fact makes of a case, and of the steps of its history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.appeal import Appeal, Stands
from domain.dispute import Dispute
from domain.verdict import Verdict
from projections.feed import Fact


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`due` is the last day of whoever has to act, `next_until` of the parent's next step."""

    case_id: UUID
    kind: str
    learner_id: UUID
    school_code: str
    term: str
    subject_kind: str
    subject_id: UUID
    session_id: UUID | None
    reason_code: str
    stands: str
    opened_at: datetime
    due: date
    due_estimated: bool
    outcome: str | None = None
    ended_at: datetime | None = None
    next_until: date | None = None
    dispute_id: UUID | None = None
    acknowledged: bool = False
    corrections: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One fact of a case; its words lie in the vault."""

    position: int
    case_id: UUID
    topic: str
    at: datetime
    actor_id: UUID
    role: str
    channel: str
    outcome: str | None = None
    reason_code: str | None = None
    words_id: UUID | None = None
    due: date | None = None
    correction_id: UUID | None = None


def opened(event: Dispute.Opened) -> CaseRow:
    return CaseRow(
        case_id=event.originator_id,
        kind="dispute",
        learner_id=event.learner_id,
        school_code=event.school_code,
        term=event.term,
        subject_kind=event.subject.kind,
        subject_id=event.subject.id,
        session_id=event.subject.session_id,
        reason_code=event.reason_code,
        stands="open",
        opened_at=event.envelope.at,
        due=event.due.last_day,
        due_estimated=event.due.is_estimated,
    )


def lodged(event: Appeal.Lodged) -> CaseRow:
    return CaseRow(
        case_id=event.originator_id,
        kind="appeal",
        learner_id=event.learner_id,
        school_code=event.school_code,
        term=event.term,
        subject_kind=event.subject.kind,
        subject_id=event.subject.id,
        session_id=event.subject.session_id,
        reason_code=event.ground,
        stands=Stands.LODGED,
        opened_at=event.envelope.at,
        due=event.due.last_day,
        due_estimated=event.due.is_estimated,
        dispute_id=event.dispute_id,
    )


def after(row: CaseRow, fact: Fact) -> CaseRow:
    """A case as the next fact leaves it."""
    return replace(row, **changes(row, fact))


def changes(row: CaseRow, fact: Fact) -> dict[str, Any]:
    ended: dict[str, Any] = {"ended_at": fact.at}
    match fact.event:
        case Dispute.Answered() as event:
            linked = (event.correction_id,) if event.correction_id else ()
            ended |= {"stands": "answered", "outcome": outcome_of(event)}
            ended |= {"next_until": event.appeal_until.last_day, "corrections": linked}
        case Appeal.Decided(verdict=verdict, review_until=until):
            ended |= {"stands": Stands.DECIDED, "outcome": verdict.outcome}
            ended |= {"next_until": until.last_day}
        case Appeal.Reviewed(verdict=verdict):
            ended |= {"stands": Stands.REVIEWED, "outcome": verdict.outcome}
        case Appeal.Withdrawn():
            ended |= {"stands": Stands.WITHDRAWN, "next_until": None}
        case _:
            return unended(row, fact)
    return ended


def unended(row: CaseRow, fact: Fact) -> dict[str, Any]:
    """What changes on the way, and after the end."""
    match fact.event:
        case Appeal.Acknowledged():
            return {"acknowledged": True}
        case Appeal.Escalated(due=due):
            again = {"stands": Stands.ESCALATED, "ended_at": None, "next_until": None}
            return {**again, "due": due.last_day, "due_estimated": due.is_estimated}
        case Dispute.CorrectionLinked() | Appeal.CorrectionLinked() as event:
            return {"corrections": (*row.corrections, event.correction_id)}
        case _:
            return {}


def step(fact: Fact) -> CaseStep:
    """A line of the timeline."""
    envelope = fact.event.envelope
    return CaseStep(
        position=fact.position,
        case_id=fact.stream,
        topic=fact.event.TOPIC,
        at=fact.at,
        actor_id=envelope.actor.id,
        role=envelope.actor.role,
        channel=envelope.channel,
        **details(fact),
    )


def details(fact: Fact) -> dict[str, Any]:
    match fact.event:
        case Dispute.Opened() as event:
            return {**said(event.words_id, event.due.last_day), "reason_code": event.reason_code}
        case Appeal.Lodged() as event:
            return {**said(event.words_id, event.due.last_day), "reason_code": event.ground}
        case Appeal.Escalated() as event:
            return said(event.words_id, event.due.last_day)
        case Dispute.Answered() as event:
            answer: dict[str, Any] = {"outcome": outcome_of(event)}
            answer |= {"reason_code": event.reason_code, "correction_id": event.correction_id}
            return {**said(event.words_id, event.appeal_until.last_day), **answer}
        case Appeal.Decided() as event:
            return ruled(event.verdict, event.review_until.last_day)
        case _:
            return later_details(fact)


def later_details(fact: Fact) -> dict[str, Any]:
    match fact.event:
        case Appeal.Reviewed() as event:
            return ruled(event.verdict, None)
        case Dispute.CorrectionLinked() | Appeal.CorrectionLinked() as event:
            return {"correction_id": event.correction_id}
        case _:
            return {}


def said(words_id: UUID | None, due: date | None) -> dict[str, Any]:
    return {"words_id": words_id, "due": due}


def ruled(verdict: Verdict, until: date | None) -> dict[str, Any]:
    found = {"outcome": verdict.outcome, "reason_code": verdict.reason_code}
    return {**said(verdict.words_id, until), **found}


def outcome_of(event: Dispute.Answered) -> str:
    return "upheld" if event.upheld else "refused"
