"""Within one look at the ledger no stream is read twice.

A page asks for the same learner from several sides: who is it, who speaks for them, where did they
come in. A look ends after a second, for what is kept open must see what happens, and with the first
write: whoever decides reads anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from eventsourcing.persistence import StoredEvent

SECONDS: Final = 1.0
Rows = dict[UUID, list[StoredEvent]]


class Look:
    """What was read since it began."""

    def __init__(self) -> None:
        self._ends_at = time.monotonic() + SECONDS
        self._rows: Rows = {}

    def end(self) -> None:
        self._ends_at = 0.0

    def of(self, ids: Iterable[UUID], read: Callable[[list[UUID]], Rows]) -> Rows:
        """The rows of streams; `read` is asked for those that nobody asked for yet."""
        if time.monotonic() >= self._ends_at:
            return read(list(ids))
        wanted = dict.fromkeys(ids)
        if unread := [key for key in wanted if key not in self._rows]:
            self._rows |= read(unread)
        return {key: self._rows[key] for key in wanted}


_look: ContextVar[Look | None] = ContextVar("look", default=None)


def begin_look() -> None:
    """From now on, for whoever runs in this context or in a copy of it."""
    _look.set(Look())


def end_look() -> None:
    if (look := _look.get()) is not None:
        look.end()


def looked_at(ids: Iterable[UUID], read: Callable[[list[UUID]], Rows]) -> Rows:
    """The rows of streams, read by `read` unless this look knows them."""
    look = _look.get()
    return read(list(ids)) if look is None else look.of(ids, read)
