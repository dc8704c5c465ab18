"""One evening of the pilot school: wishes to check in, and the steps of its session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain.account import Account
from domain.envelope import Actor, Channel, Role
from ledger.book import Book
from ledger.check_in import CheckIn
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope

HOST, COORDINATOR = uuid4(), uuid4()


def wish(pilot: Pilot, learner: UUID, minutes: int = 0, scan_id: UUID | None = None) -> CheckIn:
    at = STARTS + timedelta(minutes=minutes)
    return CheckIn(
        session_id=pilot.session_id,
        learner_id=learner,
        scan_id=scan_id or uuid4(),
        channel=Channel.ROTATING_QR,
        actor=Actor(id=learner, role=Role.PARENT, organisation=SCHOOL),
        at=at,
        now=at,
    )


def open_session(pilot: Pilot) -> None:
    by = envelope(STARTS - timedelta(minutes=20), Role.HOST, HOST)
    pilot.book.sessions.open(pilot.session_id, by)


def hold(pilot: Pilot, learners: list[UUID]) -> None:
    """The whole evening, to the second attestation."""
    hold_until_counted(pilot, learners)
    attest(pilot)


def hold_until_counted(pilot: Pilot, learners: list[UUID]) -> None:
    """The evening until its heads are counted: nobody has attested it."""
    book, session_id = pilot.book, pilot.session_id
    open_session(pilot)
    for learner in learners:
        book.attendances.check_in(wish(pilot, learner))
        leave = envelope(ENDS, Role.PARENT, learner)
        book.attendances.check_out(session_id, learner, uuid4(), leave, by_staff=False)
    book.sessions.close(session_id, envelope(ENDS, Role.HOST, HOST))
    book.sessions.count_heads(session_id, len(learners), None, envelope(ENDS, Role.HOST, HOST))


def attest(pilot: Pilot) -> None:
    sessions, session_id = pilot.book.sessions, pilot.session_id
    sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    sessions.attest(session_id, Role.COORDINATOR, envelope(ENDS, Role.COORDINATOR, COORDINATOR))


def credited(book: Book, session_id: UUID, begins: datetime, learners: Sequence[UUID]) -> None:
    """A session of 80 minutes from the door to the award run; whoever came stayed to the end."""
    sessions, ends = book.sessions, begins + timedelta(minutes=80)
    sessions.open(session_id, envelope(begins, Role.HOST, HOST))
    for learner in learners:
        own = Actor(id=learner, role=Role.PARENT, organisation=SCHOOL)
        book.attendances.check_in(
            CheckIn(
                session_id=session_id, learner_id=learner, scan_id=uuid4(),
                channel=Channel.ROTATING_QR, actor=own, at=begins, now=begins,
            )
        )  # fmt: skip
        leave = envelope(ends, Role.PARENT, learner)
        book.attendances.check_out(session_id, learner, uuid4(), leave, by_staff=False)
    sessions.close(session_id, envelope(ends, Role.HOST, HOST))
    sessions.count_heads(session_id, len(learners), None, envelope(ends, Role.HOST, HOST))
    sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, HOST))
    second = envelope(ends, Role.COORDINATOR, COORDINATOR)
    sessions.attest(session_id, Role.COORDINATOR, second)
    book.awards.run(session_id, ends, second.command_id)


def balance(pilot: Pilot, learner: UUID) -> int:
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    return account.balance if account else 0
