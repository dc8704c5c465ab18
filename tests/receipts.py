"""Receipts as a web process signs them."""

from __future__ import annotations

from datetime import datetime

from ledger.log.receipts import Receipts, as_logged
from ledger.rows import Stored

RECEIPTS = Receipts(b"r" * 32, "log.example/log")


def receipt_of(stored: Stored, position: int, recorded_at: datetime) -> str:
    return RECEIPTS.sign(as_logged(stored, position, recorded_at), recorded_at)
