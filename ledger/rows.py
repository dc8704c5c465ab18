"""A row of the events table in memory: made in a tenth of the time that the library's own takes."""

from __future__ import annotations

from uuid import UUID

from eventsourcing.persistence import StoredEvent
from msgspec import Struct


class Row(Struct, frozen=True, gc=False):
    """An event as it is stored, with the names of the library's `StoredEvent`."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


Stored = StoredEvent | Row
