"""Pages of the feed as facts, the next one read and decoded while this one is applied."""

from __future__ import annotations

import gc
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from projections.feed import Fact, Feed, Topics, Unreadable


@dataclass(frozen=True, slots=True)
class Reading:
    """What each row of a page says, up to a position."""

    read: list[Fact | Unreadable]
    topics: frozenset[str]
    reached: int
    is_full: bool  # there may be more

    def of(self, topics: Topics | None) -> list[Fact | Unreadable]:
        """What is said under some topics; None for all."""
        if topics is None or topics >= self.topics:
            return self.read
        if topics.isdisjoint(self.topics):
            return []
        return [said for said in self.read if said.topic in topics]


class Reader:
    """One page ahead: the database works on one page while the next is decoded."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="reading-ahead")
        self._ahead: dict[Topics | None, tuple[int, int, Future[Reading]]] = {}

    def page(self, after: int, upto: int, topics: Topics | None, limit: int) -> Reading:
        """The page after a position, at most to another; as long as was asked when it was begun."""
        begun, reaches, ahead = self._ahead.pop(topics, (0, 0, None))
        if ahead is not None and begun == after and reaches <= upto:
            found = ahead.result()
        else:
            found = self._read(after, upto, topics, limit)
        if found.is_full:
            asked = found.reached, upto, topics, limit
            self._ahead[topics] = found.reached, upto, self._beside.submit(self._read, *asked)
        return found

    def _read(self, after: int, upto: int, topics: Topics | None, limit: int) -> Reading:
        page = self._feed.page(after, upto, topics, limit)
        present = frozenset(said.topic for said in page.said)
        return Reading(page.said, present, page.reached, len(page.said) == limit)


@contextmanager
def no_collecting() -> Generator[None]:
    """A page is a hundred thousand objects, all gone after it: looking through them finds nothing.

    Nearly three quarters of the time went there (measured by `python -m bench catch-up`).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
