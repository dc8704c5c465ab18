"""Commands of a session: schedule, open, close, count heads, attest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast
from uuid import UUID

from psycopg.sql import SQL, Identifier

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope, Role
from domain.identity import attendance_id
from domain.plan import Door, SessionPlan
from domain.planning import must_be_sound
from domain.rulebook import Rulebook
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.staff import OwnCase, Staff
from ledger.ledger import EVENTS_TABLE, Ledger
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks

STATEMENT_VERSION = "attestation/1"


class Sessions:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._registry = Registry(ledger)
        # An evening's attendances lie together in the index, behind the session's first 6 bytes.
        self._attendances = SQL(
            "SELECT originator_id FROM {}.{} WHERE originator_id BETWEEN %s AND %s"
            " AND originator_version = 1 AND topic = %s"
            " AND convert_from(state, 'UTF8')::jsonb ->> 'session_id' = %s"
        ).format(Identifier(ledger.store.datastore.schema), Identifier(EVENTS_TABLE))

    def get(self, session_id: UUID) -> Session:
        """Raises UnknownSession."""
        return self._ledger.get(Session, session_id, UnknownSession)

    def schedule(self, session_id: UUID, plan: SessionPlan, by: Envelope) -> int:
        """Announce a session under the rules of its day; the same plan again is no news.

        Raises NoRulebookInForce, UnknownMode, UnknownTerm, UnknownSchool, SessionState,
        EndsBeforeItBegins, and what `domain.planning` refuses.
        """
        rulebook = self.rules_of(plan)
        rulebook.mode(plan.mode)

        def decide() -> list[LedgerAggregate]:
            session = self._ledger.find(Session, session_id)
            if session is None or session.plan != plan:
                self._must_be_sound(plan)
            if session is None:
                return [Session.announce(session_id, plan, by.under(rulebook.version))]
            session.reschedule(plan, by.under(rulebook.version))
            return [session]

        return self._ledger.commit(by.command_id, decide)

    def open(self, session_id: UUID, by: Envelope) -> int:
        """Let learners in. Raises UnknownSession, CheckInClosed, SessionState."""
        return self._change(session_id, by, lambda s: s.open(self.door_of(s), by))

    def close(self, session_id: UUID, by: Envelope) -> int:
        """Raises UnknownSession, SessionState."""
        return self._change(session_id, by, lambda s: s.close(by))

    def cancel(self, session_id: UUID, reason_code: str, by: Envelope) -> int:
        """Raises UnknownSession, SessionState."""
        return self._change(session_id, by, lambda s: s.cancel(reason_code, by))

    def count_heads(
        self, session_id: UUID, present: int, explanation_code: str | None, by: Envelope
    ) -> int:
        """Compare the room with the records. Raises DifferenceUnexplained, SessionState."""

        def decide(session: Session) -> None:
            recorded = len(self.attendance_ids(session_id))
            session.count_heads(present, recorded, explanation_code, by)

        return self._change(session_id, by, decide)

    def attest(self, session_id: UUID, attested_as: Role, by: Envelope) -> int:
        """Attest as host or as coordinator; the second of the two starts the award run.

        Raises AttestsAlone, SessionState, CountAgain, and OwnCase for staff who attended as a
        parent.
        """

        def decide(session: Session) -> None:
            self._refuse_attendee(session_id, by.actor.id)
            recorded = len(self.attendance_ids(session_id))
            session.attest(attested_as, STATEMENT_VERSION, recorded, by)

        return self._change(session_id, by, decide)

    def attendance_ids(self, session_id: UUID) -> list[UUID]:
        """Every attendance of a session, straight from the event table."""
        first, last = session_id.bytes[:6] + b"\0" * 10, session_id.bytes[:6] + b"\xff" * 10
        rows = self._ledger.store.rows(
            self._attendances,
            (UUID(bytes=first), UUID(bytes=last), Attendance.CheckedIn.TOPIC, str(session_id)),
        )
        return [cast("UUID", key) for (key,) in rows]

    def _must_be_sound(self, plan: SessionPlan) -> None:
        plan.must_end_after_it_begins()
        term = self._registry.term(plan.school_year, plan.term_no)
        must_be_sound(plan, term, self._registry.school(plan.school_code).stages)

    def rules_of(self, plan: SessionPlan) -> Rulebook:
        """The school's rules on the day of a planned session. Raises NoRulebookInForce."""
        return self.rules_on(plan.begins_at, plan.school_code)

    def rules_on(self, at: datetime, school_code: str | None = None) -> Rulebook:
        return self._rulebooks.on(local_day(at, CITY_ZONE), school_code)

    def door_of(self, session: Session) -> Door:
        rules = self.rulebook_of(session).attendance
        return Door(
            opens_minutes_before=rules.check_in_opens_minutes_before,
            closes_minutes_after_start=rules.check_in_closes_minutes_after_start,
        )

    def rulebook_of(self, session: Session) -> Rulebook:
        """The rules under which the session was announced: they stay with it."""
        if session.rulebook_version is None:
            return self.rules_of(session.plan)
        return self._rulebooks.version(session.rulebook_version)

    def _refuse_attendee(self, session_id: UUID, staff_id: UUID) -> None:
        staff = self._ledger.find(Staff, staff_id)
        if staff is None or staff.learner_id is None:
            return
        if self._ledger.find(Attendance, attendance_id(session_id, staff.learner_id)):
            raise OwnCase

    def _change(self, session_id: UUID, by: Envelope, change: Callable[[Session], None]) -> int:
        def decide() -> list[LedgerAggregate]:
            session = self.get(session_id)
            change(session)
            return [session]

        return self._ledger.commit(by.command_id, decide)
