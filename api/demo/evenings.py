"""How the pilot's sessions were held: opened, attended, closed, counted, attested, awarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.demo.acting import acting
from api.demo.staff import Login
from domain.envelope import Actor, Channel, Role
from domain.identity import derived
from domain.session import Session
from ledger.book import Book
from ledger.check_in import CheckIn


@dataclass(frozen=True)
class Hosts:
    """The two persons without whom nothing is attested."""

    host: Login
    coordinator: Login


@dataclass(frozen=True)
class Guest:
    """A learner who comes; without a phone the host taps their name. A phone may be a lent one."""

    learner_id: UUID
    has_phone: bool = True
    late: int = 0
    lent: str | None = None


def open_door(book: Book, session_id: UUID, hosts: Hosts, at: datetime) -> None:
    book.sessions.open(session_id, hosts.host.acting(at, session_id, "open"))


def attend(book: Book, session: Session, guests: Sequence[Guest], hosts: Hosts) -> None:
    """Guests come one after the other, each a few seconds later than the one before."""
    for place, guest in enumerate(guests):
        at = session.plan.begins_at + timedelta(minutes=guest.late - 5, seconds=place * 7)
        come(book, session.id, guest, hosts, at)


def come(book: Book, session_id: UUID, guest: Guest, hosts: Hosts, at: datetime) -> None:
    own = Actor(id=guest.learner_id, role=Role.PARENT)
    desk = Actor(id=hosts.host.staff_id, role=Role.HOST, organisation=hosts.host.organisation)
    book.attendances.check_in(
        CheckIn(
            session_id=session_id,
            learner_id=guest.learner_id,
            scan_id=derived("demo scan", session_id, guest.learner_id),
            channel=Channel.ROTATING_QR if guest.has_phone else Channel.STAFF_ENTRY,
            actor=own if guest.has_phone else desk,
            at=at,
            now=at,
            device_hash=guest.lent,
        )
    )


def leave(book: Book, session: Session, guests: Sequence[Guest], hosts: Hosts) -> None:
    """They check out at the end; the host does it for those without a phone."""
    for place, guest in enumerate(guests):
        at = session.plan.ends_at + timedelta(seconds=place * 3)
        own = Actor(id=guest.learner_id, role=Role.PARENT)
        desk = Actor(id=hosts.host.staff_id, role=Role.HOST, organisation=hosts.host.organisation)
        channel = Channel.ROTATING_QR if guest.has_phone else Channel.STAFF_ENTRY
        by = acting(
            own if guest.has_phone else desk, at, session.id, guest.learner_id, "leave",
            channel=channel,
        )  # fmt: skip
        book.attendances.check_out(
            session.id, guest.learner_id, derived("demo out", session.id, guest.learner_id), by,
            by_staff=not guest.has_phone,
        )  # fmt: skip


def hold(book: Book, session_id: UUID, guests: Sequence[Guest], hosts: Hosts) -> None:
    """A whole evening up to its close."""
    session = book.sessions.get(session_id)
    open_door(book, session_id, hosts, session.plan.begins_at - timedelta(minutes=20))
    attend(book, session, guests, hosts)
    leave(book, session, guests, hosts)
    closes = session.plan.ends_at + timedelta(minutes=5)
    book.sessions.close(session_id, hosts.host.acting(closes, session_id, "close"))


def attest(book: Book, session_id: UUID, present: int, hosts: Hosts) -> None:
    """Count and attest; the award run that the worker would start follows at once."""
    session = book.sessions.get(session_id)
    at = session.plan.ends_at + timedelta(minutes=15)
    book.sessions.count_heads(session_id, present, None, hosts.host.acting(at, session_id, "count"))
    book.sessions.attest(session_id, Role.HOST, hosts.host.acting(at, session_id, "host"))
    second = hosts.coordinator.acting(at, session_id, "coordinator")
    book.sessions.attest(session_id, Role.COORDINATOR, second)
    book.awards.run(session_id, at, second.command_id)
