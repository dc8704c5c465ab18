"""Corrections of closed cycles of teachers: what was proposed, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.teacher_correction import TeacherCorrection
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS teacher_correction (
    correction_id uuid PRIMARY KEY,
    teacher_id uuid NOT NULL,
    school_code text NOT NULL,
    cycle text NOT NULL,
    award_id uuid,
    programme_id uuid,
    begins date,
    ends date,
    hours bigint,
    reason_code text,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    confirmed boolean
);
CREATE INDEX IF NOT EXISTS teacher_correction_school ON teacher_correction (school_code);
"""
_OPEN: LiteralString = """
SELECT * FROM teacher_correction
 WHERE (school_code = %(school)s AND confirmed IS NULL) OR correction_id = %(correction)s
 ORDER BY proposed_at, correction_id
"""
_ACCUSING: LiteralString = """
SELECT * FROM teacher_correction
 WHERE teacher_id = %(teacher)s AND confirmed IS NULL AND reason_code = 'fraud_confirmed'
 ORDER BY proposed_at, correction_id
"""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A proposed change to a closed cycle: hours to be added, or an award to be taken back."""

    correction_id: UUID
    teacher_id: UUID
    school_code: str
    cycle: str
    award_id: UUID | None
    programme_id: UUID | None
    begins: date | None
    ends: date | None
    hours: int | None
    reason_code: str | None
    proposed_by: UUID
    proposed_at: datetime
    confirmed: bool | None = None


CORRECTION = Table(
    "teacher_correction", CorrectionLine, key=("correction_id",), stream="correction_id"
)


class TeacherCorrections:
    name = "teacher_corrections"
    version = 1
    tables = ("teacher_correction",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            TeacherCorrection.Proposed.TOPIC,
            TeacherCorrection.Confirmed.TOPIC,
            TeacherCorrection.Declined.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        corrections = Fold(tx, CORRECTION, facts)
        for fact in facts:
            match fact.event:
                case TeacherCorrection.Proposed() as event:
                    corrections.put(proposed(event))
                case TeacherCorrection.Confirmed():
                    corrections.put(replace(corrections[fact.stream,], confirmed=True))
                case TeacherCorrection.Declined():
                    corrections.put(replace(corrections[fact.stream,], confirmed=False))
                case _:
                    pass
        corrections.save()

    def correction(self, correction_id: UUID) -> CorrectionLine | None:
        return self._views.row(CorrectionLine, _OPEN, school=None, correction=correction_id)

    def open_of(self, school_code: str) -> list[CorrectionLine]:
        """What waits for a second person at a school, the oldest first."""
        return self._views.rows(CorrectionLine, _OPEN, school=school_code, correction=None)

    def accusing(self, teacher_id: UUID) -> list[CorrectionLine]:
        """What waits and says of a teacher that they cheated, the oldest first."""
        return self._views.rows(CorrectionLine, _ACCUSING, teacher=teacher_id)


def proposed(event: TeacherCorrection.Proposed) -> CorrectionLine:
    change, training = event.change, event.change.training
    return CorrectionLine(
        correction_id=event.originator_id,
        teacher_id=event.teacher_id,
        school_code=event.school_code,
        cycle=change.cycle,
        award_id=change.award_id,
        programme_id=training.programme_id if training else None,
        begins=training.begins if training else None,
        ends=training.ends if training else None,
        hours=training.hours if training else None,
        reason_code=change.reason_code.value if change.reason_code else None,
        proposed_by=event.envelope.actor.id,
        proposed_at=event.envelope.at,
    )
