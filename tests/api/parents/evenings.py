"""An evening told to its end: attended, closed, counted, attested by two, credited."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from domain.account import Account
from domain.envelope import Channel, Role
from domain.rules import ReversalReason
from ledger.check_in import CheckIn
from tests.acting import ENDS, STARTS, envelope
from tests.api.parents.conftest import Evening


def tap(phone: TestClient) -> Response:
    """The one button, and the page it leads to."""
    return phone.post("/in", follow_redirects=True)


def attend(evening: Evening, learner_id: UUID, *, leaves: bool = True) -> None:
    """Come three minutes before it begins; leave when it ends."""
    book, at = evening.runtime.book, STARTS + evening.later - timedelta(minutes=3)
    by = envelope(at, Role.PARENT, learner_id, Channel.ROTATING_QR)
    wish = CheckIn(
        session_id=evening.session_id, learner_id=learner_id, scan_id=uuid4(),
        channel=Channel.ROTATING_QR, actor=by.actor, at=at, now=at,
    )  # fmt: skip
    book.attendances.check_in(wish)
    if leaves:
        left = envelope(ENDS + evening.later, Role.PARENT, learner_id, Channel.ROTATING_QR)
        book.attendances.check_out(evening.session_id, learner_id, uuid4(), left, by_staff=False)


def finish(evening: Evening) -> None:
    """Close, count, attest, and credit what follows."""
    sessions, session_id, at = (
        evening.runtime.book.sessions,
        evening.session_id,
        ENDS + evening.later,
    )
    sessions.close(session_id, envelope(at, Role.HOST))
    sessions.count_heads(session_id, evening.attended(), None, envelope(at, Role.HOST))
    for role in (Role.HOST, Role.COORDINATOR):
        sessions.attest(session_id, role, envelope(at, role))
    evening.runtime.book.awards.run(session_id, at, uuid4())
    evening.clock.move_to(at + timedelta(minutes=5))
    evening.settle()


def take_back(evening: Evening, learner_id: UUID) -> None:
    """Reverse what the learner was credited."""
    ledger = evening.runtime.book.ledger
    account = ledger.find(Account, Account.create_id(learner_id))
    assert account is not None
    [credit] = account.standing
    account.reverse(credit.entry_id, ReversalReason.ENTRY_ERROR, envelope(ENDS, Role.COORDINATOR))
    ledger.save(account)
    evening.settle()
