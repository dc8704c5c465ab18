"""Rebuild: grow a projection anew beside the running one, compare the two, and switch."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import psycopg
import structlog
from psycopg.errors import LockNotAvailable
from psycopg.sql import SQL, Identifier

from ledger.events_table import lock_key
from projections import checkpoints
from projections.database import GONE, Tx, Views, session
from projections.projection import Projection
from projections.projector import Projector

ATTEMPTS = 100
SECONDS_BETWEEN = 0.05
SHADOW_READERS = 2

Progress = Callable[[int, int], None]

log = structlog.get_logger(__name__)


class RebuildUnderWay(Exception):
    """Somebody else rebuilds this projection now."""


class RebuildStopped(Exception):
    """An event cannot be applied: the running tables stay."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """A table after the rebuild. `same` is None where there was nothing to compare with."""

    table: str
    rows: int
    rows_before: int | None
    same: bool | None


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

    Readers are served throughout; the switch makes them wait for a moment.
    """

    def __init__(self, views: Views, projection: Projection, page: int | None = None) -> None:
        self._views = views
        self._projection = projection
        self._page = page

    def run(self, progress: Progress = no_progress) -> RebuildReport:
        """Rebuild and switch. Raises RebuildUnderWay and RebuildStopped."""
        with self._shadow() as shadow:
            self._grow(shadow, progress)
            report = self._compare(shadow)
            self._switch(shadow)
            log.info("rebuilt", projection=report.projection, differing=report.differing)
            return report

    def check(self, progress: Progress = no_progress) -> RebuildReport:
        """Rebuild and compare only. Raises RebuildUnderWay and RebuildStopped."""
        with self._shadow() as shadow:
            self._grow(shadow, progress)
            report = self._compare(shadow)
            self._clear(shadow.views)
            return report

    @contextmanager
    def _shadow(self) -> Generator[Projector]:
        names = self._views.names
        conninfo = session(self._views.conninfo, names.shadow)
        key = lock_key(names.shadow, self._projection.name)
        with psycopg.connect(conninfo, autocommit=True) as guard:
            row = guard.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if not (row and row[0]):
                raise RebuildUnderWay(self._projection.name)
            try:
                with Views(self._views.conninfo, names, names.shadow, SHADOW_READERS) as views:
                    yield self._prepared(views)
            finally:
                # Left to the closing, the server would hold the lock a moment longer than we do.
                with suppress(*GONE):
                    guard.execute("SELECT pg_advisory_unlock(%s)", (key,))

    def _prepared(self, views: Views) -> Projector:
        shadow = Projector(views, [self._projection], self._page)
        shadow.set_up()
        if shadow.outdated():  # what an older release began
            self._clear(views)
            shadow.set_up()
        shadow.retry()
        return shadow

    def _clear(self, views: Views) -> None:
        with views.transaction() as tx:
            standing = checkpoints.lock(tx, self._projection.name)
            for table in standing.tables if standing else ():
                tx.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(table)))
            checkpoints.forget(tx, self._projection.name)

    def _grow(self, shadow: Projector, progress: Progress) -> None:
        goal = self._goal(shadow)
        while shadow.step(goal):
            progress(shadow.position(self._projection.name), goal)
            goal = self._goal(shadow)
        [standing] = [s for s in shadow.status() if s.name == self._projection.name]
        if standing.stopped_reason is not None:
            raise RebuildStopped(standing.stopped_reason)
        progress(standing.position, goal)
        with shadow.views.transaction() as tx:
            for table in self._projection.tables:
                tx.execute(SQL("ANALYZE {}").format(Identifier(table)))

    def _goal(self, shadow: Projector) -> int:
        """Where the running one stands, so that the two can be compared; else all there is."""
        running = checkpoints.checkpoints(self._views).get(self._projection.name)
        is_same = running is not None and running.version == self._projection.version
        return running.position if running is not None and is_same else shadow.feed.head()

    def _compare(self, shadow: Projector) -> RebuildReport:
        name, version = self._projection.name, self._projection.version
        with ExitStack() as stack:
            with self._views.transaction() as tx:
                running = checkpoints.lock(tx, name)
                position = shadow.position(name)
                comparable = (
                    running is not None
                    and running.version == version
                    and running.position >= position
                )
                if running is not None and comparable:
                    position = running.position
                    shadow.catch_up(until=position)
                # Both stand at one position now; the snapshot keeps that while they go on.
                snapshot = stack.enter_context(self._views.snapshot())
            tables = self._reports(snapshot, comparable)
        return RebuildReport(name, version, position, tables)

    def _reports(self, tx: Tx, comparable: bool) -> tuple[TableReport, ...]:
        names = self._views.names
        reports: list[TableReport] = []
        for table in self._projection.tables:
            rows, content = fingerprint(tx, names.shadow, table)
            before = fingerprint(tx, names.views, table) if comparable else None
            same = None if before is None else before == (rows, content)
            reports.append(TableReport(table, rows, before[0] if before else None, same))
        return tuple(reports)

    def _switch(self, shadow: Projector) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._switch_once(shadow)
            except LockNotAvailable:  # a long query reads the old tables
                if attempt == ATTEMPTS:
                    raise
                time.sleep(SECONDS_BETWEEN)
        return None

    def _switch_once(self, shadow: Projector) -> None:
        projection, names = self._projection, self._views.names
        with self._views.transaction() as tx:
            running = checkpoints.lock(tx, projection.name)
            if running is not None:
                shadow.catch_up(until=running.position)
            position = shadow.position(projection.name)
            # Shorter than the wait for a deadlock: a reader of two tables never has to give way.
            tx.execute("SET LOCAL lock_timeout = '200ms'")
            for table in running.tables if running else ():
                tx.execute(SQL("DROP TABLE {}").format(Identifier(names.views, table)))
            for table in projection.tables:
                tx.execute(
                    SQL("ALTER TABLE {} SET SCHEMA {}").format(
                        Identifier(names.shadow, table), Identifier(names.views)
                    )
                )
            checkpoints.switch(tx, projection.name, projection.version, projection.tables, position)
            tx.execute(
                SQL("DELETE FROM {} WHERE projection = %s").format(
                    Identifier(names.shadow, "checkpoint")
                ),
                (projection.name,),
            )


def fingerprint(tx: Tx, schema: str, table: str) -> tuple[int, str]:
    """How many rows a table has, and a hash of them all in whatever order they lie."""
    statement = SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"
    ).format(Identifier(schema, table))
    row = tx.execute(statement).fetchone()
    assert row is not None
    return row[0], row[1]
