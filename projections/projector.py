"""The projector: feeds projections from the ledger, each at its own checkpoint, exactly once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import cast

import structlog
from psycopg.sql import SQL, Literal

from ledger.events_table import lock_key
from projections import checkpoints, mesh, switching
from projections.checkpoints import Checkpoint, Moved
from projections.database import GONE, Tx, Views
from projections.feed import Fact, Feed, Unreadable
from projections.projection import Projection, together
from projections.reading import Reader, Reading, no_collecting

SECONDS_OF_A_BATCH = 0.25
FIRST_PAGE = 500
SMALLEST_PAGE = 20
LARGEST_PAGE = 5_000
SECONDS_BETWEEN_LOOKS = 0.02

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """How a projection stands. A dead one shows by the age of its checkpoint, not by its lag."""

    name: str
    position: int
    lag_events: int
    checkpoint_age_seconds: float
    stopped_reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What one projection reads of a page: facts in order, the first unreadable one ends them."""

    after: int
    reached: int
    facts: tuple[Fact, ...]
    broken: Unreadable | None = None


class Projector:
    def __init__(
        self, views: Views, projections: Sequence[Projection], page: int | None = None
    ) -> None:
        self.views = views
        self.feed = Feed(views)
        self._reader = Reader(self.feed)
        self.projections = tuple(projections)
        self._page = page or FIRST_PAGE
        self._page_is_fixed = page is not None

    def set_up(self) -> None:
        """Create tables, checkpoints and policies that are missing."""
        with self.views.transaction() as tx:
            self._one_at_a_time(tx)
            tx.execute(checkpoints.TABLE)
            # What is there is left alone: DDL would wait for a runner that waits for us, and tables
            # of an older version have not the columns that it speaks of. They are rebuilt.
            there = checkpoints.versions(tx)
            for projection in self.projections:
                if projection.name not in there:
                    tx.execute(projection.ddl)
                    checkpoints.begin(tx, projection.name, projection.version, projection.tables)
                    mesh.lay(tx, self.views.names, projection.tables)
        switching.with_patience(self._lay_meshes)

    def _lay_meshes(self) -> None:
        """A release may be the first with policies, or have others. Older tables are rebuilt."""
        with self.views.transaction() as tx:
            self._one_at_a_time(tx)
            tx.execute("SET LOCAL lock_timeout = '200ms'")
            there = checkpoints.versions(tx)
            now = [p for p in self.projections if there.get(p.name) == p.version]
            mesh.lay(tx, self.views.names, [table for p in now for table in p.tables])

    def _one_at_a_time(self, tx: Tx) -> None:
        key = lock_key(self.views.schema, "set_up")
        tx.execute(SQL("SELECT pg_advisory_xact_lock({})").format(Literal(key)))

    def retry(self) -> None:
        """Forget that anything had stopped: whoever starts to run tries again."""
        with self.views.transaction() as tx:
            checkpoints.retry(tx, self._names)

    def catch_up(self, until: int | None = None) -> None:
        """Apply all that is recorded so far, or up to a position."""
        goal = self.feed.head() if until is None else until
        while self.step(goal):
            pass

    def step(self, goal: int) -> bool:
        """Let each go on by a page, those first that are furthest behind; False: all are there.

        Nobody waits for another's whole way. Who comes to stand where others stand goes on with
        them: the feed is read once for all.
        """
        standing = {name: at for name, at in self._running().items() if at < goal}
        waiting = set(standing)
        with no_collecting():
            while waiting:
                waiting -= self._step_group(goal, standing, min(standing[n] for n in waiting))
        return bool(standing)

    def _step_group(self, goal: int, standing: dict[str, int], after: int) -> set[str]:
        group = [p for p in self.projections if standing.get(p.name) == after]
        upto = min((each for each in standing.values() if each > after), default=goal)
        begun = time.monotonic()
        page = self._reader.page(after, upto, together(group), self._page)
        try:
            self._apply_page(group, after, page)
        except GONE:
            # It may have been too much for the time that a writer may pause.
            self._fit_page(self._page, 2 * SECONDS_OF_A_BATCH)
            raise
        self._fit_page(len(page.read), time.monotonic() - begun)
        moved = {p.name for p in group}
        standing.update(dict.fromkeys(moved, page.reached))
        return moved

    def outdated(self) -> list[Projection]:
        """Projections whose tables are of another version: they wait for a rebuild."""
        standing = checkpoints.checkpoints(self.views)
        return [
            p for p in self.projections if p.name in standing
            and standing[p.name].version != p.version
        ]  # fmt: skip

    def overtaken(self) -> frozenset[str]:
        """Those of them whose tables a later release has made."""
        standing = checkpoints.checkpoints(self.views)
        return frozenset(
            p.name for p in self.projections
            if p.name in standing and standing[p.name].version > p.version
        )  # fmt: skip

    def complain(self, projection: Projection, error: Exception) -> None:
        """Show in the status why an outdated projection still waits for its rebuild."""
        reason = f"{type(error).__name__}: {error}"
        checkpoints.complain(self.views, projection.name, projection.version, reason)

    def look(self) -> None:
        """Say that the feed was looked at, though there may be nothing to do."""
        checkpoints.look(self.views, self._running())

    def position(self, name: str) -> int:
        return checkpoints.checkpoints(self.views)[name].position

    def status(self) -> list[ProjectionStatus]:
        """Every projection and follower that ever ran here, by name."""
        head = self.feed.head()
        return [
            ProjectionStatus(
                name=found.name,
                position=found.position,
                lag_events=max(head - found.position, 0),
                checkpoint_age_seconds=found.age_seconds,
                stopped_reason=found.stopped_reason,
                version=found.version,
            )
            for found in checkpoints.checkpoints(self.views).values()
        ]

    def wait_for(
        self, position: int, timeout: float = 1.0, names: Iterable[str] | None = None
    ) -> bool:
        """Wait until projections have applied a position; False where they did not in time.

        Nobody waits for one that has stopped or is being rebuilt.
        """
        wanted = set(self._names if names is None else names)
        deadline = time.monotonic() + timeout
        while True:
            standing = checkpoints.checkpoints(self.views)
            found = {n: standing[n] for n in wanted if n in standing}
            behind = [each for each in found.values() if each.position < position]
            if not any(self._moves(each) for each in behind):
                return not behind and len(found) == len(wanted)
            if time.monotonic() >= deadline:
                return False
            time.sleep(SECONDS_BETWEEN_LOOKS)

    @property
    def _names(self) -> list[str]:
        return [projection.name for projection in self.projections]

    def _running(self) -> dict[str, int]:
        return checkpoints.running(self.views, {p.name: p.version for p in self.projections})

    def _moves(self, standing: Checkpoint) -> bool:
        """Whether a projection can be expected to move on; a follower always tries."""
        versions = {p.name: p.version for p in self.projections}
        if standing.name not in versions:
            return True
        return standing.runs and standing.version == versions[standing.name]

    def _apply_page(self, group: Sequence[Projection], after: int, page: Reading) -> None:
        idle: dict[str, int] = {}
        for projection in group:
            if own := page.of(projection.topics):
                self._apply(projection, portion(after, page.reached, own))
            else:
                idle[projection.name] = projection.version
        if idle:
            with self.views.transaction() as tx:
                checkpoints.move(tx, idle, after, page.reached)

    def _apply(self, projection: Projection, part: Portion) -> bool:
        """Apply a portion. Where that fails, halve it: the one fact that fails is found and named.

        False where the projection has stopped.
        """
        with structlog.contextvars.bound_contextvars(projection=projection.name):
            return self._applied(projection, part)

    def _applied(self, projection: Projection, part: Portion) -> bool:
        try:
            self._commit(projection, part)
        except Moved:
            return False
        except GONE:
            raise
        except Exception as error:
            if len(part.facts) > 1:
                first, second = halves(part)
                return self._apply(projection, first) and self._apply(projection, second)
            log.exception("projection stopped", after=part.after)
            self._stop(projection, part.after, complaint(part, error))
            return False
        if part.broken is not None:
            log.error("projection stopped", reason=str(part.broken))
            self._stop(projection, part.reached, str(part.broken))
        return part.broken is None

    def _commit(self, projection: Projection, part: Portion) -> None:
        # Rows and checkpoint commit together: two projectors may run, and each event counts once.
        with self.views.transaction() as tx:
            own = {projection.name: projection.version}
            if not checkpoints.move(tx, own, part.after, part.reached):
                raise Moved
            if part.facts:
                projection.apply(tx, part.facts)

    def _stop(self, projection: Projection, position: int, reason: str) -> None:
        checkpoints.stop(self.views, projection.name, projection.version, position, reason)

    def _fit_page(self, count: int, seconds: float) -> None:
        """Let a full page take a quarter of a second: others wait no longer than that."""
        if self._page_is_fixed or count < self._page:
            return
        fitting = int(count * SECONDS_OF_A_BATCH / max(seconds, 0.001))
        self._page = min(max(min(fitting, count * 2), SMALLEST_PAGE), LARGEST_PAGE)


def portion(after: int, reached: int, read: Sequence[Fact | Unreadable]) -> Portion:
    if Unreadable not in set(map(type, read)):
        return Portion(after, reached, tuple(cast("Sequence[Fact]", read)))
    facts = tuple(takewhile(lambda each: isinstance(each, Fact), read))
    broken = next((each for each in read if isinstance(each, Unreadable)), None)
    # The checkpoint stays just before what cannot be read, so that a restart meets it again.
    end = reached if broken is None else broken.position - 1
    return Portion(after, end, tuple(f for f in facts if isinstance(f, Fact)), broken)


def halves(part: Portion) -> tuple[Portion, Portion]:
    middle = len(part.facts) // 2
    between = part.facts[middle - 1].position
    return (
        Portion(part.after, between, part.facts[:middle]),
        Portion(between, part.reached, part.facts[middle:], part.broken),
    )


def complaint(part: Portion, error: Exception) -> str:
    [fact] = part.facts
    event = fact.event
    where = f"{event.TOPIC} at position {fact.position} ({fact.stream} {event.originator_version})"
    return f"{where} cannot be applied: {type(error).__name__}: {error}"
