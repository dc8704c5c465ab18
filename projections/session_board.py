"""The session board: every session with its plan, where it stands, and who came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.calendar import CITY_ZONE
from domain.envelope import Role
from domain.session import Session
from domain.standing import Standing
from projections.database import Tx, Views
from projections.feed import Fact
from projections.session_queries import (
    COUNT_OF,
    LIVE,
    OPEN,
    SESSION,
    SESSIONS_OF,
    UPCOMING,
)
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS session_board (
    session_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    district_code text NOT NULL,
    school_year bigint NOT NULL,
    term_no bigint NOT NULL,
    course_id uuid NOT NULL,
    course_version bigint NOT NULL,
    title text NOT NULL,
    family text NOT NULL,
    stage text NOT NULL,
    mode text NOT NULL,
    carrier text NOT NULL,
    class_hours bigint NOT NULL,
    class_hour_minutes bigint NOT NULL,
    grades text[] NOT NULL,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    place text NOT NULL,
    standing text NOT NULL,
    announced_class_hours bigint NOT NULL,
    rulebook_version text,
    opened_at timestamptz,
    closed_at timestamptz,
    cancel_reason text,
    head_count bigint,
    head_count_recorded bigint,
    head_count_explanation text,
    host_id uuid,
    coordinator_id uuid,
    attested_at timestamptz
);
CREATE INDEX IF NOT EXISTS session_board_school ON session_board (school_code, begins_at);
CREATE INDEX IF NOT EXISTS session_board_open ON session_board (begins_at)
    WHERE standing = 'opened';
"""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as the feed tells it, without what other read models know."""

    session_id: UUID
    school_code: str
    district_code: str
    school_year: int
    term_no: int
    course_id: UUID
    course_version: int
    title: str
    family: str
    stage: str
    mode: str
    carrier: str
    class_hours: int
    class_hour_minutes: int
    grades: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    place: str
    standing: str
    announced_class_hours: int  # `class_hours` may have been put right since
    rulebook_version: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    cancel_reason: str | None = None
    head_count: int | None = None
    head_count_recorded: int | None = None
    head_count_explanation: str | None = None
    host_id: UUID | None = None
    coordinator_id: UUID | None = None
    attested_at: datetime | None = None

    @property
    def term(self) -> str:
        return f"{self.school_year}-{self.term_no}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOnBoard(SessionRow):
    """A session with its counts. `nothing` counts attendances that were too short."""

    invited: int
    checked_in: int
    checked_out: int
    full: int
    half: int
    pending: int
    nothing: int


@dataclass(frozen=True, slots=True)
class LiveCount:
    session_id: UUID
    standing: str
    invited: int
    checked_in: int
    checked_out: int


BOARD = Table("session_board", SessionRow, key=("session_id",), stream="session_id")


class SessionBoard:
    name = "session_board"
    version = 3
    tables = ("session_board",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Session.Scheduled.TOPIC,
            Session.Rescheduled.TOPIC,
            Session.Cancelled.TOPIC,
            Session.Opened.TOPIC,
            Session.Closed.TOPIC,
            Session.HeadCounted.TOPIC,
            Session.Attested.TOPIC,
            Session.Corrected.TOPIC,
            Session.Voided.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        board = Fold(tx, BOARD, facts)
        for fact in facts:
            if isinstance(fact.event, Session.Scheduled):
                board.put(scheduled(fact.event))
            else:
                board.put(after(board[fact.stream,], fact))
        board.save()

    def sessions_of(
        self,
        school_code: str,
        from_day: date | None = None,
        to_day: date | None = None,
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[SessionOnBoard]:
        """A school's sessions between two local days, both included, the newest first."""
        span = {"school": school_code, "from_day": from_day, "to_day": to_day, "zone": CITY_ZONE}
        return self._views.rows(SessionOnBoard, SESSIONS_OF, limit=limit, offset=offset, **span)

    def count_of(
        self, school_code: str, from_day: date | None = None, to_day: date | None = None
    ) -> int:
        """How many sessions `sessions_of` has in all."""
        span = {"school": school_code, "from_day": from_day, "to_day": to_day, "zone": CITY_ZONE}
        return int(self._views.cells(COUNT_OF, **span)[0])

    def session(self, session_id: UUID) -> SessionOnBoard | None:
        return self._views.row(SessionOnBoard, SESSION, session=session_id)

    def live_count(self, session_id: UUID) -> LiveCount | None:
        return self._views.row(LiveCount, LIVE, session=session_id)

    def upcoming_for(
        self, learner_id: UUID, at: datetime, *, limit: int | None = None
    ) -> list[SessionOnBoard]:
        """What a learner is invited to and is not over yet, the soonest first."""
        values = {"learner": learner_id, "at": at, "limit": limit}
        return self._views.rows(SessionOnBoard, UPCOMING, **values)

    def open_now(self, school_code: str | None = None) -> list[SessionOnBoard]:
        return self._views.rows(SessionOnBoard, OPEN, school=school_code)


def scheduled(event: Session.Scheduled) -> SessionRow:
    return SessionRow(
        session_id=event.originator_id,
        standing=Standing.SCHEDULED,
        announced_class_hours=event.plan.class_hours,
        rulebook_version=event.envelope.rulebook_version,
        **vars(event.plan),
    )


def after(row: SessionRow, fact: Fact) -> SessionRow:
    """The session as the next fact leaves it."""
    match fact.event:
        case Session.Rescheduled(plan=plan):
            # The rules stay those under which it was announced.
            row = replace(row, announced_class_hours=plan.class_hours, **vars(plan))
        case Session.Cancelled(reason_code=reason):
            row = replace(row, standing=Standing.CANCELLED, cancel_reason=reason)
        case Session.Opened():
            row = replace(row, standing=Standing.OPENED, opened_at=fact.at)
        case Session.Closed():
            row = replace(row, standing=Standing.CLOSED, closed_at=fact.at)
        case Session.HeadCounted() as event:
            row = counted(row, event)
        case Session.Attested() as event:
            row = attested(row, event)
        case Session.Corrected(opened_at=opened, closed_at=closed, class_hours=hours):
            row = replace(row, opened_at=opened, closed_at=closed, class_hours=hours)
        case Session.Voided():
            row = replace(row, standing=Standing.VOIDED)
        case _:
            pass
    return row


def counted(row: SessionRow, event: Session.HeadCounted) -> SessionRow:
    return replace(
        row,
        head_count=event.persons_present,
        head_count_recorded=event.compared_with,
        head_count_explanation=event.explanation_code,
    )


def attested(row: SessionRow, event: Session.Attested) -> SessionRow:
    who = event.envelope.actor.id
    is_host = event.attested_as is Role.HOST
    row = replace(row, host_id=who) if is_host else replace(row, coordinator_id=who)
    if not event.complete:
        return row
    return replace(row, standing=Standing.ATTESTED, attested_at=event.envelope.at)
