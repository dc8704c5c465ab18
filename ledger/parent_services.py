"""Commands of a service: name a parent who speaks or helps in a session, take the name off."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from psycopg.sql import SQL, Identifier

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.service import Service, ServiceKind, ServiceNotNamed
from ledger.ledger import EVENTS_TABLE, Ledger
from ledger.own_case import refuse_own_case
from ledger.session_credits import credit_of, noted
from ledger.session_places import places_on_the_day
from ledger.sessions import Sessions


class Services:
    """Each command writes in the session's credit: no award run and it pass each other unseen."""

    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions
        # A session's services lie behind its first 6 bytes, as its attendances do.
        self._of_session = SQL(
            "SELECT originator_id FROM {}.{} WHERE originator_id BETWEEN %s AND %s"
            " AND originator_version = 1 AND topic = %s"
            " AND convert_from(state, 'UTF8')::jsonb ->> 'session_id' = %s"
        ).format(Identifier(ledger.store.datastore.schema), Identifier(EVENTS_TABLE))

    def name(
        self,
        session_id: UUID,
        learner_id: UUID,
        kind: ServiceKind,
        class_hours: int,
        by: Envelope,
    ) -> int:
        """Name a learner of the session's school; the same again is no news.

        Raises UnknownSession, UnknownLearner, OwnCase, SessionState, ServiceExceedsSession.
        """

        def decide() -> list[LedgerAggregate]:
            credit = credit_of(self._ledger, session_id, by)
            session = self._sessions.get(session_id)
            learner = self._ledger.get(Learner, learner_id, UnknownLearner)
            if not places_on_the_day(session, learner):
                raise UnknownLearner(id=learner_id)
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            service = self._ledger.find(Service, Service.create_id(session_id, learner_id, kind))
            if service is None:
                service = Service.name(session, learner_id, kind, class_hours, by)
            else:
                service.name_again(session, class_hours, by)
            return noted(credit, [service], 1, by)

        return self._ledger.commit(by.command_id, decide)

    def withdraw(self, session_id: UUID, learner_id: UUID, kind: ServiceKind, by: Envelope) -> int:
        """Raises UnknownSession, ServiceNotNamed, OwnCase, SessionState."""

        def decide() -> list[LedgerAggregate]:
            credit = credit_of(self._ledger, session_id, by)
            session = self._sessions.get(session_id)
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            key = Service.create_id(session_id, learner_id, kind)
            service = self._ledger.get(Service, key, ServiceNotNamed)
            service.withdraw(session, by)
            return noted(credit, [service], 1, by)

        return self._ledger.commit(by.command_id, decide)

    def of_session(self, session_id: UUID) -> list[Service]:
        """Who is named for a session, straight from the event table."""
        first, last = session_id.bytes[:6] + b"\0" * 10, session_id.bytes[:6] + b"\xff" * 10
        rows = self._ledger.store.rows(
            self._of_session,
            (UUID(bytes=first), UUID(bytes=last), Service.Named.TOPIC, str(session_id)),
        )
        found = self._ledger.load(cast("UUID", key) for (key,) in rows)
        services = (cast("Service", service) for service in found.values())
        return [service for service in services if service.stands]
