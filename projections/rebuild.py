"""Rebuild: grow a projection anew beside the running one, compare the two, and switch."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import psycopg
import structlog
from psycopg.sql import SQL, Identifier

from domain.refusals import Refused
from ledger.events_table import lock_key
from ledger.pooling import SERVER_NOTICES
from projections import checkpoints, switching
from projections.comparing import TableReport, compared, counted
from projections.database import GONE, Views, session
from projections.projection import Projection
from projections.projector import Projector

SHADOW_READERS = 2

Progress = Callable[[int, int], None]

log = structlog.get_logger(__name__)


class RebuildUnderWay(Refused):
    """Somebody else rebuilds this projection now."""

    code = "rebuild_under_way"


class RebuildStopped(Refused):
    """An event cannot be applied: the running tables stay."""

    code = "rebuild_stopped"


class NothingKept(Refused):
    """There are no older tables, or they are of another version than this program."""

    code = "nothing_kept"


@dataclass(frozen=True, slots=True)
class RebuildReport:
    projection: str
    version: int
    position: int
    tables: tuple[TableReport, ...]

    @property
    def differing(self) -> tuple[str, ...]:
        return tuple(table.table for table in self.tables if table.same is False)


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


class Rebuild:
    """Killed at any moment, it leaves the running tables as they were, and resumes when run again.

    Readers are served throughout; the switch makes them wait for a moment. The tables that ran are
    kept until the next rebuild, or until they are forgotten.
    """

    def __init__(self, views: Views, projection: Projection, page: int | None = None) -> None:
        self._views = views
        self._projection = projection
        self._page = page

    @property
    def name(self) -> str:
        return self._projection.name

    def run(self, progress: Progress = no_progress) -> RebuildReport:
        """Rebuild and switch. Raises RebuildUnderWay, RebuildStopped and TablesInUse.

        What `progress` raises ends it as if it were killed, within a page or a try to switch.
        """
        with self._beside(self._views.names.shadow) as shadow:
            return self._put_in_place(shadow, progress)

    def back(self, progress: Progress = no_progress) -> RebuildReport:
        """Put back the tables that ran before: they catch up first, and those that run are kept.

        Raises NothingKept, RebuildUnderWay, RebuildStopped and TablesInUse.
        """
        if not self.has_older:
            raise NothingKept(name=self.name)
        with self._beside(self._views.names.old_views) as older:
            return self._put_in_place(older, progress)

    @property
    def has_older(self) -> bool:
        """Whether older tables are kept that this program could put back."""
        with self._views.transaction() as tx:
            kept = switching.standing_in(tx, self._views.names.old_views, self.name)
        return kept is not None and kept.version == self._projection.version

    def forget(self) -> bool:
        """Drop the tables that ran before; whether there were any. Raises RebuildUnderWay."""
        with self._alone(), self._views.transaction() as tx:
            return switching.drop(tx, self._views.names.old_views, self.name)

    def check(self, progress: Progress = no_progress) -> RebuildReport:
        """Rebuild and compare only. Raises RebuildUnderWay and RebuildStopped."""
        with self._beside(self._views.names.shadow) as shadow:
            self._grow(shadow, progress)
            report = self._compare(shadow)
            with shadow.views.transaction() as tx:
                switching.drop(tx, shadow.views.schema, self.name)
            return report

    def _put_in_place(self, ready: Projector, progress: Progress) -> RebuildReport:
        self._grow(ready, progress)
        report = self._compare(ready)

        def switch() -> None:
            progress(report.position, report.position)  # whoever watches may still call it off
            self._switch(ready)

        switching.with_patience(switch)
        log.info("rebuilt", projection=report.projection, differing=report.differing)
        return report

    @contextmanager
    def _beside(self, schema: str) -> Generator[Projector]:
        """A projector of the same projection in another schema."""
        conninfo, names = self._views.conninfo, self._views.names
        with self._alone(), Views(conninfo, names, schema, SHADOW_READERS) as views:
            yield self._prepared(views)

    @contextmanager
    def _alone(self) -> Generator[None]:
        """One process at a time works at the tables that do not run. Raises RebuildUnderWay."""
        key = lock_key(self._views.names.shadow, self.name)
        own = session(self._views.conninfo, self._views.schema, SERVER_NOTICES)
        with psycopg.connect(own, autocommit=True) as guard:
            row = guard.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if not (row and row[0]):
                raise RebuildUnderWay(name=self.name)
            try:
                yield
            finally:
                # Left to the closing, the server would hold the lock a moment longer than we do.
                with suppress(*GONE):
                    guard.execute("SELECT pg_advisory_unlock(%s)", (key,))

    def _prepared(self, views: Views) -> Projector:
        beside = Projector(views, [self._projection], self._page)
        beside.set_up()
        if beside.outdated():  # what an older release began
            with views.transaction() as tx:
                switching.drop(tx, views.schema, self.name)
            beside.set_up()
        beside.retry()
        return beside

    def _grow(self, beside: Projector, progress: Progress) -> None:
        name, goal = self.name, self._goal(beside)
        while beside.step(goal):
            progress(beside.position(name), goal)
            goal = self._goal(beside)
        [standing] = [s for s in beside.status() if s.name == name]
        if standing.stopped_reason is not None:
            raise RebuildStopped(name=name, reason=standing.stopped_reason)
        progress(standing.position, goal)
        with beside.views.transaction() as tx:
            for table in self._projection.tables:
                tx.execute(SQL("ANALYZE {}").format(Identifier(table)))

    def _goal(self, beside: Projector) -> int:
        """Where the running one stands, so that the two can be compared; else all there is."""
        running = checkpoints.checkpoints(self._views).get(self.name)
        is_same = running is not None and running.version == self._projection.version
        return running.position if running is not None and is_same else beside.feed.head()

    def _compare(self, beside: Projector) -> RebuildReport:
        name, version = self.name, self._projection.version
        with ExitStack() as stack:
            with self._views.transaction() as tx:
                running = checkpoints.hold(tx, name)
                position = beside.position(name)
                comparable = (
                    running is not None
                    and running.version == version
                    and running.position >= position
                )
                if running is not None and comparable:
                    position = running.position
                    beside.catch_up(until=position)
                # Both stand at one position now; the snapshot keeps that while they go on.
                snapshot = stack.enter_context(self._views.snapshot())
            compare = compared if comparable else counted
            tables = compare(snapshot, self._views.names, self._projection, beside.views.schema)
        return RebuildReport(name, version, position, tables)

    def _switch(self, beside: Projector) -> None:
        name = self.name
        with self._views.transaction() as tx:
            running = checkpoints.hold(tx, name)
            if running is not None:
                beside.catch_up(until=running.position)
            ready = checkpoints.checkpoints(beside.views)[name]
            if running is not None and ready.position < running.position:
                raise RebuildStopped(name=name, reason=ready.stopped_reason)
            names = self._views.names
            switching.put_in_place(tx, names, running, ready, beside.views.schema)
