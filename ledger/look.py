"""Within one look at the ledger nothing is asked twice: no stream, no read model.

A page asks for the same learner from several sides: who is it, who speaks for them, where did they
come in. A look ends after a second, for what is kept open must see what happens, and with the first
write: whoever decides reads anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from eventsourcing.persistence import StoredEvent

SECONDS: Final = 1.0
T = TypeVar("T")
Rows = dict[UUID, list[StoredEvent]]


class Look:
    """What was read since it began."""

    def __init__(self) -> None:
        self._ends_at = time.monotonic() + SECONDS
        self.streams: Rows = {}
        self.answers: dict[Hashable, Sequence[Any]] = {}

    @property
    def goes_on(self) -> bool:
        if time.monotonic() >= self._ends_at:
            self.end()
            return False
        return True

    def end(self) -> None:
        """What was read is let go: a page may be open for hours."""
        self._ends_at = 0.0
        self.streams, self.answers = {}, {}  # new ones: another thread may be reading the old


_look: ContextVar[Look | None] = ContextVar("look", default=None)


def begin_look() -> None:
    """From now on, for whoever runs in this context or in a copy of it."""
    _look.set(Look())


def no_look() -> None:
    """Whoever is to decide looks for themselves, whatever looked here before."""
    _look.set(None)


def end_look() -> None:
    if (look := _look.get()) is not None:
        look.end()


def is_looking() -> bool:
    look = _look.get()
    return look is not None and look.goes_on


def looked_at(ids: Iterable[UUID], read: Callable[[list[UUID]], Rows]) -> Rows:
    """The rows of streams: `read` is asked for those that this look does not know."""
    look = _look.get()
    if look is None or not look.goes_on:
        return read(list(ids))
    known, wanted = look.streams, dict.fromkeys(ids)
    if unread := [key for key in wanted if key not in known]:
        known.update(read(unread))
    return {key: known[key] for key in wanted}


def told(question: tuple[object, ...], ask: Callable[[], list[T]]) -> list[T]:
    """An answer: `ask` is asked unless this look knows it. Its parts are not to be changed."""
    look = _look.get()
    if look is None or not look.goes_on:
        return ask()
    key = hashable(question)
    try:
        known = look.answers.get(key)
    except TypeError:  # something in it cannot be compared: it is asked each time
        return ask()
    if known is None:
        known = look.answers[key] = ask()
    return list(known)


def hashable(value: object) -> Hashable:
    """The same for lists and sets as for what they hold, in their order."""
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(map(hashable, cast("Iterable[object]", value)))
    return value
