"""Followers: processes that act on facts, at least once, with a checkpoint of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from projections import checkpoints
from projections.database import Views
from projections.feed import Fact, Feed, Topics

FACTS_AT_ONCE = 100
LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Follower:
    """Whoever acts on facts. `on_batch` may see a fact again: its effect must not be twice."""

    name: str
    topics: Topics
    on_batch: Callable[[list[Fact]], None]
    version: int = 1


class Following:
    """One follower on its way through the feed."""

    def __init__(self, views: Views, follower: Follower) -> None:
        self._views = views
        self._feed = Feed(views)
        self._follower = follower

    @property
    def name(self) -> str:
        return self._follower.name

    def set_up(self) -> None:
        with self._views.transaction() as tx:
            checkpoints.begin(tx, self.name, self._follower.version, ())

    def step(self) -> bool:
        """Act on one page; False where the follower is at the head of the feed.

        The checkpoint moves after the effect: in a crash between the two it happens again.
        """
        after = checkpoints.checkpoints(self._views)[self.name].position
        head = self._feed.head()
        if after >= head:
            return False
        page = self._feed.page(after, head, self._follower.topics, FACTS_AT_ONCE)
        if page.rows:
            self._follower.on_batch([row.fact() for row in page.rows])
        with self._views.transaction() as tx:
            checkpoints.move(tx, {self.name: self._follower.version}, after, page.reached)
        return True

    def catch_up(self) -> None:
        while self.step():
            pass

    def look(self) -> None:
        checkpoints.look(self._views, [self.name])

    def complain(self, error: Exception) -> None:
        """Show in the status why the follower stands where it stands; it goes on trying."""
        reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
        position = checkpoints.checkpoints(self._views)[self.name].position
        checkpoints.stop(self._views, self.name, position, reason)
