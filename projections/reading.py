"""Pages of the feed as facts, the next ones read and decoded while this one is applied."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from projections.feed import Fact, Feed, Topics, Unreadable

PAGES_AHEAD = 2
GROUPS_AHEAD = 3


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


@dataclass(frozen=True, slots=True)
class Ahead:
    """Pages that are being read, each from where the one before it ends."""

    after: int
    upto: int
    pages: deque[Future[Reading]]


class Reader:
    """Pages ahead: they are read and decoded whenever the one that applies waits for the database.

    With one of them there was none left to decode for a quarter of the time.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="reading-ahead")
        self._ahead: dict[Topics | None, Ahead] = {}

    def page(self, after: int, upto: int, topics: Topics | None, limit: int) -> Reading:
        """The page after a position, at most to another; as long as was asked when it was begun."""
        begun = self._ahead.pop(topics, None)
        if begun is not None and begun.after == after and begun.upto <= upto:
            pages = begun.pages
            found = pages.popleft().result()
        else:
            pages = deque[Future[Reading]]()
            found = self._read(after, upto, topics, limit)
        if found.is_full:
            while len(pages) < PAGES_AHEAD:
                before = pages[-1].result if pages else lambda: found
                pages.append(self._beside.submit(self._read_on, before, upto, topics, limit))
            self._ahead[topics] = Ahead(found.reached, upto, pages)
            if len(self._ahead) > GROUPS_AHEAD:  # some of them have met, or have stopped
                self._ahead.pop(next(iter(self._ahead)))
        return found

    def _read_on(
        self, before: Callable[[], Reading], upto: int, topics: Topics | None, limit: int
    ) -> Reading:
        after = before().reached
        if after == upto:  # nothing is left, and nobody asks for it
            return Reading([], frozenset(), upto, is_full=False)
        return self._read(after, upto, topics, limit)

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
