"""The audit samples with what was found, and which session was attested at which position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.audit_sample import AuditSample, Drawable
from domain.calendar import CITY_ZONE
from domain.session import Session
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS attested_session (
    session_id uuid PRIMARY KEY,
    position bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS audit_sample (
    sample_id uuid PRIMARY KEY,
    organisation text NOT NULL,
    begins date NOT NULL,
    ends date NOT NULL,
    upto bigint NOT NULL,
    size bigint NOT NULL,
    seed_source text NOT NULL,
    seed_day date NOT NULL,
    population_count bigint NOT NULL,
    population_sha256 text NOT NULL,
    announced_at timestamptz NOT NULL,
    announced_role text NOT NULL,
    seed text,
    session_ids uuid[] NOT NULL,
    drawn_at timestamptz
);
CREATE INDEX IF NOT EXISTS audit_sample_of ON audit_sample (organisation);
CREATE TABLE IF NOT EXISTS audit_finding (
    position bigint PRIMARY KEY,
    sample_id uuid NOT NULL,
    session_id uuid NOT NULL,
    finding text NOT NULL,
    severity text NOT NULL,
    words_id uuid,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_finding_sample ON audit_finding (sample_id);
"""
# What was voided later stays in the population: that it was voided is worth a look as well.
_POPULATION: LiteralString = """
SELECT session_id FROM attested_session JOIN session_board USING (session_id)
 WHERE position <= %(upto)s
   AND (%(district)s::text IS NULL OR district_code = %(district)s)
   AND (begins_at AT TIME ZONE %(zone)s)::date BETWEEN %(begins)s AND %(ends)s
 ORDER BY session_id
"""
_SAMPLE: LiteralString = "SELECT * FROM audit_sample WHERE sample_id = %(sample)s"
_OF: LiteralString = """
SELECT * FROM audit_sample WHERE organisation = ANY(%(organisations)s)
 ORDER BY announced_at DESC, sample_id
"""
_FINDINGS: LiteralString = (
    "SELECT * FROM audit_finding WHERE sample_id = %(sample)s ORDER BY position"
)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """`upto`: what was attested after that position of the feed is not in the population."""

    sample_id: UUID
    organisation: str
    begins: date
    ends: date
    upto: int
    size: int
    seed_source: str
    seed_day: date
    population_count: int
    population_sha256: str
    announced_at: datetime
    announced_role: str
    seed: str | None = None
    session_ids: tuple[UUID, ...] = ()
    drawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttestedSession:
    session_id: UUID
    position: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What an auditor found of a session; the words lie in the vault."""

    position: int
    sample_id: UUID
    session_id: UUID
    finding: str
    severity: str
    words_id: UUID | None
    at: datetime
    actor_id: UUID


SAMPLE = Table("audit_sample", SampleRow, ("sample_id",), stream="sample_id")
ATTESTED = Table("attested_session", AttestedSession, ("session_id",), stream="session_id")
FINDING = Table("audit_finding", FindingRow, ("position",), stream="sample_id")


class AuditBoard:
    name = "audit_board"
    version = 1
    tables = ("attested_session", "audit_sample", "audit_finding")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Session.Attested.TOPIC,
            AuditSample.Announced.TOPIC,
            AuditSample.Drawn.TOPIC,
            AuditSample.Found.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        samples = Fold(tx, SAMPLE, [f for f in facts if not isinstance(f.event, Session.Attested)])
        attested: list[AttestedSession] = []
        findings: list[FindingRow] = []
        for fact in facts:
            match fact.event:
                case Session.Attested(complete=True):
                    attested.append(AttestedSession(fact.stream, fact.position))
                case AuditSample.Announced() as event:
                    samples.put(announced(event))
                case AuditSample.Drawn(seed=seed, session_ids=session_ids):
                    row = samples[fact.stream,]
                    drawn = replace(row, seed=seed, session_ids=session_ids, drawn_at=fact.at)
                    samples.put(drawn)
                case AuditSample.Found() as event:
                    findings.append(found(event, fact.position))
                case _:
                    pass
        samples.save()
        ATTESTED.add(tx, attested)
        FINDING.add(tx, findings)

    def population(self, drawable: Drawable, district_code: str | None) -> list[UUID]:
        """The sessions of a period that were attested up to a position, in their order."""
        return self._views.cells(
            _POPULATION, upto=drawable.upto, district=district_code, begins=drawable.begins,
            ends=drawable.ends, zone=CITY_ZONE,
        )  # fmt: skip

    def sample(self, sample_id: UUID) -> SampleRow | None:
        return self._views.row(SampleRow, _SAMPLE, sample=sample_id)

    def samples_of(self, organisations: Sequence[str]) -> list[SampleRow]:
        """The samples of a district or the city, the newest first."""
        return self._views.rows(SampleRow, _OF, organisations=list(organisations))

    def findings_of(self, sample_id: UUID) -> list[FindingRow]:
        """What was found, in the order in which it was said."""
        return self._views.rows(FindingRow, _FINDINGS, sample=sample_id)


def announced(event: AuditSample.Announced) -> SampleRow:
    told = event.drawable
    return SampleRow(
        sample_id=event.originator_id,
        organisation=told.organisation,
        begins=told.begins,
        ends=told.ends,
        upto=told.upto,
        size=told.size,
        seed_source=told.seed_source,
        seed_day=told.seed_day,
        population_count=event.population_count,
        population_sha256=event.population_sha256,
        announced_at=event.envelope.at,
        announced_role=event.envelope.actor.role,
    )


def found(event: AuditSample.Found, position: int) -> FindingRow:
    return FindingRow(
        position=position,
        sample_id=event.originator_id,
        session_id=event.session_id,
        finding=event.finding,
        severity=event.severity,
        words_id=event.words_id,
        at=event.envelope.at,
        actor_id=event.envelope.actor.id,
    )
