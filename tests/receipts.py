"""Receipts as a web process signs them."""

from __future__ import annotations

from datetime import datetime

from eventsourcing.persistence import StoredEvent

from ledger.log.receipts import Receipts, as_logged

RECEIPTS = Receipts(b"r" * 32, "log.example/log")


def receipt_of(stored: StoredEvent, position: int, recorded_at: datetime) -> str:
    return RECEIPTS.sign(as_logged(stored, position, recorded_at), recorded_at)
