"""The credit of a session as a decision takes it up: first of all that is read, and written too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.session_credit import SessionCredit
from ledger.ledger import Ledger
from ledger.streams import Streams


def credit_of(ledger: Ledger, session_id: UUID, by: Envelope) -> SessionCredit:
    """Read before the session, its list and the accounts: what changes afterwards is noticed."""
    return credits_of(ledger, [session_id], by)[session_id]


def credits_of(
    ledger: Ledger, session_ids: Collection[UUID], by: Envelope
) -> dict[UUID, SessionCredit]:
    """The same of many sessions, by session."""
    streams = Streams(ledger.load(map(SessionCredit.create_id, session_ids)))
    return {
        key: streams.get(SessionCredit, SessionCredit.create_id(key))
        or SessionCredit(session_id=key, envelope=by)
        for key in session_ids
    }


def noted(
    credit: SessionCredit, decided: Sequence[LedgerAggregate], sources: int, by: Envelope
) -> list[LedgerAggregate]:
    """What was decided, noted in the session's credit; what says nothing new is not."""
    if not any(each.pending_events for each in decided):
        return []
    credit.decide(sources, by)
    return [credit, *decided]
