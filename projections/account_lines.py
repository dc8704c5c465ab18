"""What each event of an account says in lines of its statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.account import Account
from domain.crediting import CreditClaim
from projections.feed import Fact
from projections.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    position: int
    entry_id: UUID
    cap_ref: str = ""
    learner_id: UUID
    kind: str
    hours: int = 0
    occurred_at: datetime
    recorded_at: datetime
    rulebook_version: str | None
    session_id: UUID | None = None
    course_id: UUID | None = None
    school_code: str | None = None
    day: date | None = None
    begins_at: datetime | None = None
    term: str | None = None
    school_year: int | None = None
    stage: str | None = None
    family: str | None = None
    mode: str | None = None
    class_hours: int | None = None
    minutes: int | None = None
    face_to_face: bool | None = None
    rule_ref: str | None = None
    would_be: int | None = None
    awarded: int | None = None
    reason_code: str | None = None
    replaced_by: UUID | None = None


LINE = Table("account_line", LineRow, ("position", "entry_id", "cap_ref"), stream="learner_id")


def lines_of(fact: Fact) -> Iterator[LineRow]:
    match fact.event:
        case Account.CreditAwarded(learner_id=learner_id, credit=credit):
            yield line(
                fact, learner_id, "awarded", credit.entry_id, hours=credit.hours,
                face_to_face=credit.face_to_face, **told(credit),
            )  # fmt: skip
        case Account.CreditLimited(learner_id=learner_id, claim=claim, limits=limits):
            for limit in limits:
                yield line(
                    fact, learner_id, "limited", claim.entry_id, cap_ref=limit.cap_ref,
                    would_be=limit.would_be, awarded=limit.awarded, **told(claim),
                )  # fmt: skip
        case Account.CreditReversed() as event:
            yield line(
                fact, event.learner_id, "reversed", event.entry_id, hours=event.hours,
                reason_code=event.reason_code, replaced_by=event.replaced_by,
            )  # fmt: skip
        case Account.CreditHeld(learner_id=learner_id, entry_ids=entries):
            for entry_id in entries:
                yield line(fact, learner_id, "held", entry_id)
        case Account.CreditReleased(learner_id=learner_id, entry_ids=entries):
            for entry_id in entries:
                yield line(fact, learner_id, "released", entry_id)
        case _:
            pass


def line(fact: Fact, learner_id: UUID, kind: str, entry_id: UUID, **more: object) -> LineRow:
    common: dict[str, object] = {
        "position": fact.position,
        "entry_id": entry_id,
        "learner_id": learner_id,
        "kind": kind,
        "occurred_at": fact.at,
        "recorded_at": fact.recorded_at,
        "rulebook_version": fact.event.envelope.rulebook_version,
    }
    return LineRow(**common, **more)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - `told` and the callers name fields of the row


def told(claim: CreditClaim) -> dict[str, object]:
    """What a claim tells of its source."""
    return {
        "session_id": claim.session_id,
        "course_id": claim.course_id,
        "school_code": claim.school_code,
        "day": claim.day,
        "begins_at": claim.begins_at,
        "term": claim.term,
        "school_year": claim.school_year,
        "stage": claim.stage,
        "family": claim.family,
        "mode": claim.mode,
        "class_hours": claim.class_hours,
        "minutes": claim.minutes,
        "rule_ref": claim.rule_ref,
    }
