"""From events to stored rows and back: plain JSON, validated by pydantic on the way in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import orjson
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent
from eventsourcing.utils import resolve_topic

from domain.aggregate import LedgerEvent
from domain.refusals import Refused
from ledger.decoding import decoded
from ledger.encoding import encoded
from ledger.rows import Row, Stored

_ESCAPE = b"\\"
_ESCAPED_NUL = rb"\u0000"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # with the escaping backslash, not a written one


class TextNotKept(Refused):
    """A NUL in a text. Recorded, it would stop every projection: PostgreSQL keeps no such text."""

    code = "text_not_kept"


class LedgerMapper(Mapper[UUID]):
    """State is the event's JSON without its id and version, and without what is not set."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        row = self.row(domain_event)
        return StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)

    def row(self, domain_event: DomainEventProtocol[UUID]) -> Row:
        """What is stored of an event. Raises TextNotKept."""
        event = cast("LedgerEvent", domain_event)
        kind = type(event)
        state = encoded(event)
        if kind.class_version > 1:
            state = b'{"class_version":%d,' % kind.class_version + state[1:]
        # Whether anything is escaped at all is seen in a tenth of the time.
        if _ESCAPE in state and _ESCAPED_NUL in state and _NUL.search(state):
            raise TextNotKept
        return Row(event.originator_id, event.originator_version, kind.TOPIC, state)

    def to_domain_event(self, stored_event: Stored) -> LedgerEvent:
        """Read a row. Raises MapperDeserialisationError naming the topic, stream and version."""
        if (event := decoded(stored_event)) is not None:
            return event
        try:
            return load(stored_event)
        except Exception as error:
            where = f"{stored_event.originator_id} version {stored_event.originator_version}"
            message = f"{stored_event.topic} of {where} does not load: {error}"
            raise MapperDeserialisationError(message) from error


def load(stored_event: Stored) -> LedgerEvent:
    """By the rules of its class, whatever its version; raises what is wrong with it."""
    kind = cast("type[LedgerEvent]", resolve_topic(stored_event.topic))
    state: dict[str, Any] = orjson.loads(stored_event.state)
    upcast(kind, state)
    state["originator_id"] = stored_event.originator_id
    state["originator_version"] = stored_event.originator_version
    event: LedgerEvent = kind.__pydantic_validator__.validate_python(state)
    return event


def upcast(kind: type[LedgerEvent], state: dict[str, Any]) -> None:
    """Bring an older state to the class's version by its own `upcast_vN_vM` functions."""
    version: int = state.pop("class_version", 1)
    while version < kind.class_version:
        step: Callable[[dict[str, Any]], None] = getattr(kind, f"upcast_v{version}_v{version + 1}")
        step(state)
        version += 1
