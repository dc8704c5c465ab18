"""What stories about the intake stand on: a book, wires, hands in the database, new people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg

from domain.attendance import Attendance
from domain.envelope import Envelope
from domain.learner import Learner
from domain.plan import SessionPlan
from domain.session import Session
from ledger.book import Book
from tests.acting import envelope
from tests.faults.cutting import CuttingProxy
from tests.ledger.intake_model import Row
from tests.ledger.intake_steps import LEARNERS, SESSIONS


@dataclass
class Ground:
    """What stories stand on: a book, wires for two intakes, and hands in the database."""

    book: Book
    wires: Sequence[CuttingProxy]
    blocker: psycopg.Connection
    owner: psycopg.Connection
    plan: SessionPlan
    like: Learner

    def head(self) -> int:
        row = self.owner.execute("SELECT max(notification_id) FROM ledger.ledger_events").fetchone()
        return row[0] if row and row[0] else 0

    def waiting(self) -> list[int]:
        """Who waits to append."""
        rows = self.owner.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return [row[0] for row in rows]

    def people(self) -> list[UUID]:
        """New learners, enrolled as somebody who is."""
        made = [
            Learner(id=uuid4(), name_commitment="", envelope=envelope()) for _ in range(LEARNERS)
        ]
        for learner in made:
            for place in self.like.enrolments.values():
                learner.link_child(place.child_id, "51", True, "roster", envelope())
                learner.enrol(place, envelope())
        self.book.ledger.save(*made)
        return [each.id for each in made]

    def evenings(self) -> list[UUID]:
        made = [Session.announce(uuid4(), self.plan, self.like_rules()) for _ in range(SESSIONS)]
        self.book.ledger.save(*made)
        return [each.id for each in made]

    def like_rules(self) -> Envelope:
        return envelope().under(self.book.sessions.rules_of(self.plan).version)

    def rows(self, after: int) -> list[Row]:
        """What was recorded of check-ins after a position."""
        mapper, found = self.book.ledger.events_mapper, []
        for each in self.book.ledger.store.select_notifications(
            after, 10_000, topics=[Attendance.CheckedIn.TOPIC], inclusive_of_start=False
        ):
            event = mapper.to_domain_event(each)
            assert isinstance(event, Attendance.CheckedIn)
            found.append(
                Row(each.id, event.originator_id, event.scan_id, event.envelope.occurred_at)
            )
        return found
