"""Whatever the tests record is written twice: what is stored is what pydantic writes."""

from __future__ import annotations

from domain.aggregate import LedgerEvent
from ledger import encoding

OF_THE_ROW = {"originator_id", "originator_version"}


def by_pydantic(event: LedgerEvent) -> bytes:
    kind = type(event)
    return kind.__pydantic_serializer__.to_json(event, exclude=OF_THE_ROW, exclude_none=True)


def encoded(event: LedgerEvent) -> bytes:
    """And a warning of pydantic's, of a value of another type than its field's, fails a test."""
    written = encoding.encoded(event)
    assert written == by_pydantic(event), event
    return written
