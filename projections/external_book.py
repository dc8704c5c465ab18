"""The book of hours earned elsewhere: entered by schools, decided by the district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.external import ExternalHours
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS external_hours (
    external_id uuid PRIMARY KEY,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    document_id uuid NOT NULL,
    issuer text NOT NULL,
    hours bigint NOT NULL,
    family text NOT NULL,
    school_year bigint NOT NULL,
    term_no bigint NOT NULL,
    entered_by uuid NOT NULL,
    entered_at timestamptz NOT NULL,
    is_confirmed boolean,
    reason text,
    decided_at timestamptz,
    is_withdrawn boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS external_hours_school ON external_hours (school_code);
CREATE INDEX IF NOT EXISTS external_hours_learner ON external_hours (learner_id);
"""
_OF_SCHOOL: LiteralString = """
SELECT * FROM external_hours WHERE school_code = %(school)s
 ORDER BY entered_at DESC, external_id
"""
_WAITING: LiteralString = """
SELECT school_code, count(*) AS waiting FROM external_hours
 WHERE school_code = ANY(%(schools)s) AND is_confirmed IS NULL AND NOT is_withdrawn
 GROUP BY school_code ORDER BY school_code
"""
_ONE: LiteralString = "SELECT * FROM external_hours WHERE external_id = %(external)s"


@dataclass(frozen=True, slots=True)
class ExternalLine:
    """`is_confirmed` of None: the district has not decided. `hours` are those of today."""

    external_id: UUID
    learner_id: UUID
    school_code: str
    document_id: UUID
    issuer: str
    hours: int
    family: str
    school_year: int
    term_no: int
    entered_by: UUID
    entered_at: datetime
    is_confirmed: bool | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    is_withdrawn: bool = False

    @property
    def waits(self) -> bool:
        """Whether the district is to decide it."""
        return self.is_confirmed is None and not self.is_withdrawn

    @property
    def counts(self) -> bool:
        """Whether it was recognised, and not taken back."""
        return self.is_confirmed is True and not self.is_withdrawn


EXTERNAL = Table("external_hours", ExternalLine, key=("external_id",), stream="external_id")


@dataclass(frozen=True, slots=True)
class ExternalWaiting:
    """How much of a school waits for its district."""

    school_code: str
    waiting: int


class ExternalBook:
    name = "external_book"
    version = 3
    tables = ("external_hours",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            ExternalHours.Entered.TOPIC,
            ExternalHours.Confirmed.TOPIC,
            ExternalHours.TurnedDown.TOPIC,
            ExternalHours.EntryWithdrawn.TOPIC,
            ExternalHours.Corrected.TOPIC,
            ExternalHours.Withdrawn.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        lines = Fold(tx, EXTERNAL, facts)
        for fact in facts:
            me, at = fact.stream, fact.at
            match fact.event:
                case ExternalHours.Entered() as event:
                    lines.put(entered(event))
                case ExternalHours.Confirmed():
                    lines.put(replace(lines[me,], is_confirmed=True, decided_at=at))
                case ExternalHours.TurnedDown(reason=reason):
                    told = replace(lines[me,], is_confirmed=False, reason=reason, decided_at=at)
                    lines.put(told)
                case ExternalHours.Corrected(hours=hours):
                    lines.put(replace(lines[me,], hours=hours))
                case ExternalHours.EntryWithdrawn() | ExternalHours.Withdrawn():
                    lines.put(replace(lines[me,], is_withdrawn=True))
                case _:
                    pass
        lines.save()

    def of_school(self, school_code: str) -> list[ExternalLine]:
        """What a school has entered, the newest first."""
        return self._views.rows(ExternalLine, _OF_SCHOOL, school=school_code)

    def waiting_at(self, school_codes: Sequence[str]) -> list[ExternalWaiting]:
        """What the district is to decide, by school; of some schools nothing waits."""
        return self._views.rows(ExternalWaiting, _WAITING, schools=list(school_codes))

    def line(self, external_id: UUID) -> ExternalLine | None:
        return self._views.row(ExternalLine, _ONE, external=external_id)


def entered(event: ExternalHours.Entered) -> ExternalLine:
    return ExternalLine(
        external_id=event.originator_id,
        learner_id=event.learner_id,
        school_code=event.school_code,
        document_id=event.document_id,
        issuer=event.issuer,
        hours=event.hours,
        family=event.family,
        school_year=event.school_year,
        term_no=event.term_no,
        entered_by=event.envelope.actor.id,
        entered_at=event.envelope.at,
    )
