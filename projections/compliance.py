"""Sessions as compliance looks at them, with their history: the term of a school as of any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import LiteralString
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.calendar import CITY_ZONE
from domain.compliance import TermSession
from domain.plan import SessionPlan
from domain.session import Session
from domain.standing import Standing
from projections.database import Tx, Views, fetch
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS compliance_session (
    session_id uuid,
    position bigint,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    term_no bigint NOT NULL,
    course_id uuid NOT NULL,
    title text NOT NULL,
    mode text NOT NULL,
    class_hours bigint NOT NULL,
    grades text[] NOT NULL,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    standing text NOT NULL,
    rulebook_version text,
    PRIMARY KEY (session_id, position)
);
CREATE INDEX IF NOT EXISTS compliance_session_term
    ON compliance_session (school_code, school_year, term_no);
"""
# A session stands as the last fact left it that had happened, and was known, by then.
_SESSIONS: LiteralString = """
SELECT * FROM (
    SELECT DISTINCT ON (session_id) * FROM compliance_session
     WHERE session_id IN (
           SELECT session_id FROM compliance_session
            WHERE school_code = ANY(%(schools)s) AND school_year = %(year)s
              AND (%(term_no)s::bigint IS NULL OR term_no = %(term_no)s))
       AND (%(as_of)s::date IS NULL
            OR occurred_at < (%(as_of)s::date + 1)::timestamp AT TIME ZONE %(zone)s)
       AND (%(known_by)s::timestamptz IS NULL OR recorded_at <= %(known_by)s)
     ORDER BY session_id, position DESC) latest
 WHERE school_year = %(year)s AND (%(term_no)s::bigint IS NULL OR term_no = %(term_no)s)
 ORDER BY begins_at, session_id
"""


@dataclass(frozen=True, slots=True)
class SessionVersion:
    """A session as one fact left it."""

    session_id: UUID
    position: int
    occurred_at: datetime
    recorded_at: datetime
    school_code: str
    school_year: int
    term_no: int
    course_id: UUID
    title: str
    mode: str
    class_hours: int
    grades: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    standing: str
    rulebook_version: str | None

    @property
    def judged(self) -> TermSession:
        """What compliance looks at in it."""
        return TermSession(
            session_id=self.session_id,
            course_id=self.course_id,
            mode=self.mode,
            class_hours=self.class_hours,
            grades=self.grades,
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            standing=Standing(self.standing),
            rulebook_version=self.rulebook_version,
        )


@dataclass(frozen=True, slots=True)
class AsOf:
    """The two clocks: what had happened by the end of a local day, and what was known by then."""

    day: date | None = None
    known_by: datetime | None = None


NOW = AsOf()

VERSION = Table(
    "compliance_session", SessionVersion, key=("session_id", "position"), stream="session_id"
)


STANDINGS: Mapping[type[LedgerEvent], Standing] = MappingProxyType(
    {
        Session.Cancelled: Standing.CANCELLED,
        Session.Opened: Standing.OPENED,
        Session.Closed: Standing.CLOSED,
        Session.Attested: Standing.ATTESTED,
        Session.Voided: Standing.VOIDED,
    }
)


class ComplianceSessions:
    name = "compliance"
    version = 1
    tables = ("compliance_session",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Session.Scheduled.TOPIC,
            Session.Rescheduled.TOPIC,
            Session.Cancelled.TOPIC,
            Session.Opened.TOPIC,
            Session.Closed.TOPIC,
            Session.Attested.TOPIC,
            Session.Corrected.TOPIC,
            Session.Voided.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        versions = Fold(tx, VERSION, facts)
        latest: dict[UUID, SessionVersion] = {}
        for row in sorted(versions, key=lambda row: row.position):
            latest[row.session_id] = row
        for fact in facts:
            before = latest.get(fact.stream)
            version = after(before, fact)
            if version is not None and version != before:
                latest[fact.stream] = version
                versions.put(version)
        versions.save()

    def sessions_of(
        self,
        school_codes: Iterable[str],
        school_year: int,
        term_no: int | None = None,
        as_of: AsOf = NOW,
    ) -> list[SessionVersion]:
        """The sessions of some schools in a term or a whole year, the soonest first."""
        with self._views.read() as tx:
            return sessions_in(tx, school_codes, school_year, term_no, as_of)


def sessions_in(
    tx: Tx,
    school_codes: Iterable[str],
    school_year: int,
    term_no: int | None = None,
    as_of: AsOf = NOW,
) -> list[SessionVersion]:
    """The same on a connection that reads more than this."""
    return fetch(
        tx,
        SessionVersion,
        _SESSIONS,
        schools=list(school_codes),
        year=school_year,
        term_no=term_no,
        as_of=as_of.day,
        known_by=as_of.known_by,
        zone=CITY_ZONE,
    )


def after(row: SessionVersion | None, fact: Fact) -> SessionVersion | None:
    """The session as a fact leaves it; the same row where the fact says nothing of a term."""
    if isinstance(fact.event, Session.Scheduled):
        version = fact.event.envelope.rulebook_version
        return planned(fact.event.plan, fact, Standing.SCHEDULED, version)
    if row is None:
        return None
    match fact.event:
        case Session.Rescheduled(plan=plan):
            return planned(plan, fact, Standing(row.standing), row.rulebook_version)
        case Session.Corrected(class_hours=class_hours):
            return replace(moved(row, fact, Standing(row.standing)), class_hours=class_hours)
        case event:
            standing = STANDINGS.get(type(event))
            is_first_of_two = isinstance(event, Session.Attested) and not event.complete
            return moved(row, fact, standing) if standing and not is_first_of_two else row


def planned(
    plan: SessionPlan, fact: Fact, standing: Standing, rulebook_version: str | None
) -> SessionVersion:
    return SessionVersion(
        session_id=fact.stream,
        position=fact.position,
        occurred_at=fact.at,
        recorded_at=fact.recorded_at,
        school_code=plan.school_code,
        school_year=plan.school_year,
        term_no=plan.term_no,
        course_id=plan.course_id,
        title=plan.title,
        mode=plan.mode,
        class_hours=plan.class_hours,
        grades=plan.grades,
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        standing=standing,
        rulebook_version=rulebook_version,
    )


def moved(row: SessionVersion, fact: Fact, standing: Standing) -> SessionVersion:
    return replace(
        row,
        position=fact.position,
        occurred_at=fact.at,
        recorded_at=fact.recorded_at,
        standing=standing,
    )
