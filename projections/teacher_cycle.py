"""The teachers' cycle: their hours as they were awarded and taken back, and how cycles ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.teacher import Teacher
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table
from projections.teachers import WHO, Whom

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS teacher_award (
    award_id uuid PRIMARY KEY,
    teacher_id uuid NOT NULL,
    programme_id uuid NOT NULL,
    cycle text NOT NULL,
    begins date NOT NULL,
    ends date NOT NULL,
    hours bigint NOT NULL,
    source text NOT NULL,
    beside uuid[] NOT NULL,
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    reversed_at timestamptz,
    reason_code text
);
CREATE INDEX IF NOT EXISTS teacher_award_teacher ON teacher_award (teacher_id);
CREATE TABLE IF NOT EXISTS teacher_closing (
    teacher_id uuid,
    cycle text,
    school_code text NOT NULL,
    hours bigint NOT NULL,
    required bigint NOT NULL,
    met boolean NOT NULL,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (teacher_id, cycle)
);
"""
_HOURS: LiteralString = (
    WHO  # nosec B608  # literals of this repository
    + """
SELECT teacher_id, extract(year FROM ends)::bigint AS year, sum(hours)::bigint AS hours
  FROM teacher_award JOIN who USING (teacher_id)
 WHERE cycle = %(cycle)s AND reversed_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2
"""
)
_CLOSED: LiteralString = (
    WHO  # nosec B608  # literals of this repository
    + """
SELECT c.* FROM teacher_closing c JOIN who USING (teacher_id) WHERE cycle = %(cycle)s
"""
)
_AWARDS: LiteralString = """
SELECT * FROM teacher_award WHERE teacher_id = %(teacher)s
 ORDER BY begins DESC, entered_at DESC, award_id
"""
_UNCLOSED: LiteralString = """
SELECT DISTINCT s.teacher_id FROM teacher_service s
  LEFT JOIN teacher_closing c ON c.teacher_id = s.teacher_id AND c.cycle = %(cycle)s
 WHERE c.teacher_id IS NULL AND s.begins <= %(ends)s AND (s.ends IS NULL OR s.ends >= %(begins)s)
 ORDER BY s.teacher_id
"""


@dataclass(frozen=True, slots=True)
class HoursOfYear:
    teacher_id: UUID
    year: int
    hours: int


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award; one that was taken back stays here with the reason."""

    award_id: UUID
    teacher_id: UUID
    programme_id: UUID
    cycle: str
    begins: date
    ends: date
    hours: int
    source: str
    beside: tuple[UUID, ...]
    entered_by: UUID
    entered_at: datetime
    reversed_at: datetime | None = None
    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    teacher_id: UUID
    cycle: str
    school_code: str
    hours: int
    required: int
    met: bool
    closed_at: datetime


AWARD = Table("teacher_award", AwardLine, key=("award_id",), stream="teacher_id")
CLOSING = Table("teacher_closing", Closing, key=("teacher_id", "cycle"), stream="teacher_id")


class TeacherCycle:
    name = "teacher_cycle"
    version = 1
    tables = ("teacher_award", "teacher_closing")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Teacher.HoursAwarded.TOPIC,
            Teacher.HoursReversed.TOPIC,
            Teacher.CycleClosed.TOPIC,
            Teacher.CycleAddendumFiled.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        awards, closings = Fold(tx, AWARD, facts), Fold(tx, CLOSING, facts)
        for fact in facts:
            match fact.event:
                case Teacher.HoursAwarded() as event:
                    awards.put(awarded(event))
                case Teacher.HoursReversed(award_id=key, reason_code=reason):
                    awards.put(replace(awards[key,], reversed_at=fact.at, reason_code=reason.value))
                case Teacher.CycleClosed() as event:
                    closings.put(closed(event))
                case Teacher.CycleAddendumFiled(cycle=cycle, hours=hours, met=met):
                    before = closings[fact.stream, cycle]
                    closings.put(replace(before, hours=hours, met=met))
                case _:
                    pass
        awards.save()
        closings.save()

    def hours_by_year(self, whom: Whom, cycle: str) -> list[HoursOfYear]:
        """What stands, by the calendar year in which a training ended."""
        return self._views.rows(HoursOfYear, _HOURS, cycle=cycle, **whom.values)

    def closings(self, whom: Whom, cycle: str) -> list[Closing]:
        return self._views.rows(Closing, _CLOSED, cycle=cycle, **whom.values)

    def awards_of(self, teacher_id: UUID) -> list[AwardLine]:
        """A teacher's awards, the newest training first, those taken back as well."""
        return self._views.rows(AwardLine, _AWARDS, teacher=teacher_id)

    def unclosed(self, cycle: str, begins: date, ends: date) -> list[UUID]:
        """Who served in a cycle that is not closed for them."""
        return self._views.cells(_UNCLOSED, cycle=cycle, begins=begins, ends=ends)


def awarded(event: Teacher.HoursAwarded) -> AwardLine:
    training = event.training
    return AwardLine(
        award_id=event.award_id,
        teacher_id=event.originator_id,
        programme_id=training.programme_id,
        cycle=event.cycle,
        begins=training.begins,
        ends=training.ends,
        hours=training.hours,
        source=training.source.value,
        beside=event.overlaps,
        entered_by=event.envelope.actor.id,
        entered_at=event.envelope.at,
    )


def closed(event: Teacher.CycleClosed) -> Closing:
    return Closing(
        teacher_id=event.originator_id,
        cycle=event.cycle,
        school_code=event.school_code,
        hours=event.hours,
        required=event.required,
        met=event.met,
        closed_at=event.envelope.at,
    )
