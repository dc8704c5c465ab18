"""The leaf of an event: seven lines of text, from which its hash is made. No personal data.

Documented in docs/audit.md; it never changes. A state is stored as it was written, so that its hash
can be taken again at any time.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import NamedTuple

from psycopg.sql import SQL

TAG = "parent-credit-ledger/event/v1"
CONTINUES = "parent-credit-ledger/continues/v1"

# The columns of an event as the leaf says them: `recorded_at` in UTC to the microsecond.
COLUMNS = SQL(
    "notification_id, originator_id::text, originator_version, topic,"
    " to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), state"
)


class LoggedEvent(NamedTuple):
    """A row of the events table."""

    position: int
    stream_id: str
    version: int
    topic: str
    recorded_at: str
    state: bytes

    @property
    def leaf(self) -> bytes:
        return leaf_of(*self)

    def __str__(self) -> str:
        return f"{self.topic} {self.stream_id} {self.version} (position {self.position})"


def leaf_of(
    position: int, stream_id: str, version: int, topic: str, recorded_at: str, state: bytes
) -> bytes:
    digest = b64encode(hashlib.sha256(state).digest()).decode()
    return f"{TAG}\n{position}\n{stream_id}\n{version}\n{topic}\n{recorded_at}\n{digest}\n".encode()


def continues(previous: str) -> bytes:
    """The first leaf of a log that takes over after a declared incident: what the last one said."""
    return f"{CONTINUES}\n{previous}".encode()
