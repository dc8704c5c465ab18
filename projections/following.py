"""Followers: processes that act on facts, at least once, with a checkpoint of their own.

The checkpoint is no read model: it lies in the ledger's schema, travels in backups, and no rebuild
touches it. A follower without one would act on all of history again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import LiteralString

import structlog
from psycopg.sql import SQL

from projections import checkpoints
from projections.checkpoints import Checkpoint
from projections.database import Tx, Views
from projections.feed import Fact, Feed, Topics
from projections.projector import portion

FACTS_AT_ONCE = 100
LONGEST_REASON = 2_000

# The version says nothing: whoever acts cannot begin again as tables can. The column is from when
# the read models kept these rows.
_BEGIN: LiteralString = """
INSERT INTO {followers} (follower, version) VALUES (%(name)s, 1)
ON CONFLICT (follower) DO NOTHING
"""
_MOVE: LiteralString = """
UPDATE {followers} SET position = %(to)s, moved_at = clock_timestamp(),
       looked_at = clock_timestamp(), stopped_reason = NULL
 WHERE follower = %(name)s AND position = %(after)s
"""
_LOOK: LiteralString = """
UPDATE {followers} SET looked_at = clock_timestamp()
 WHERE follower = %(name)s AND stopped_reason IS NULL
"""
_COMPLAIN: LiteralString = """
UPDATE {followers} SET stopped_reason = %(reason)s WHERE follower = %(name)s
"""


@dataclass(frozen=True)
class Follower:
    """Whoever acts on facts. `on_batch` may see a fact again: its effect must not be twice."""

    name: str
    topics: Topics
    on_batch: Callable[[list[Fact]], None]


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
            self._write(tx, _BEGIN)

    def step(self) -> bool:
        """Act on one page; False where the follower is at the head of the feed.

        The checkpoint moves after the effect: in a crash between the two it happens again.
        Raises Unreadable just before what does not load, after acting on all that lies before it.
        """
        after = self._standing().position
        head = self._feed.head()
        if after >= head:
            return False
        page = self._feed.page(after, head, self._follower.topics, FACTS_AT_ONCE)
        part = portion(after, page.reached, page.said)
        if part.facts:
            with structlog.contextvars.bound_contextvars(projection=self.name):
                self._follower.on_batch(list(part.facts))
        if part.reached > after:
            with self._views.transaction() as tx:
                self._write(tx, _MOVE, after=after, to=part.reached)
        if part.broken is not None:
            raise part.broken
        return True

    def catch_up(self) -> None:
        while self.step():
            pass

    def look(self) -> None:
        with self._views.transaction() as tx:
            self._write(tx, _LOOK)

    def complain(self, error: Exception) -> None:
        """Show in the status why the follower stands where it stands; it goes on trying."""
        reason = checkpoints.kept(f"{type(error).__name__}: {error}"[:LONGEST_REASON])
        with self._views.transaction() as tx:
            self._write(tx, _COMPLAIN, reason=reason)

    def _standing(self) -> Checkpoint:
        return checkpoints.checkpoints(self._views)[self.name]

    def _write(self, tx: Tx, statement: LiteralString, **values: object) -> None:
        values["name"] = self.name
        tx.execute(SQL(statement).format(followers=self._views.followers), values)
