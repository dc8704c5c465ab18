"""The runner: keeps projections and followers at the head of the feed, one runner per ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Condition, Thread
from types import TracebackType
from typing import Self

import structlog

from projections.database import GONE
from projections.following import Follower, Following
from projections.projector import Projector
from projections.rebuilding import Rebuilding
from projections.watch import Watch

SECONDS_BETWEEN_HEARTBEATS = 2.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0

log = structlog.get_logger(__name__)


class Runner:
    """Threads that run while this process holds the lock; the others of the ledger stand by.

    Projections share a thread, each follower has its own: a long award run delays no page.
    """

    def __init__(self, projector: Projector, followers: Sequence[Follower] = ()) -> None:
        self._projector = projector
        self._rebuilding = Rebuilding(projector, lambda: self._may_work)
        self._followings = [Following(projector.views, follower) for follower in followers]
        self._bell = Condition()
        self._rung = 0
        self._watch = Watch(projector.views, self._ring)
        self._threads: list[Thread] = []

    @property
    def is_active(self) -> bool:
        """Whether this runner is surely the one that runs."""
        return self._watch.holds

    def wait_until_active(self, timeout: float) -> bool:
        """Wait for the lock; False where another runner holds it to the end of the timeout."""
        return self._watch.active.wait(timeout)

    def start(self) -> None:
        self._projector.set_up()
        self._projector.retry()
        for following in self._followings:
            following.set_up()
        self._rebuilding.start()
        self._begin("watch", self._watch.run)
        self._begin("projections", self._project)
        self._begin("rebuild", self._rebuild)
        for following in self._followings:
            self._begin(following.name, partial(self._follow, following))

    def stop(self) -> None:
        """End after the batch at hand, a rebuild's too; whoever runs next goes on from there."""
        self._watch.stop()
        self._ring()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = Thread(target=work, name=f"runner-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _project(self) -> None:
        def step() -> bool:
            return self._projector.step(self._projector.feed.head())

        self._work(step, self._projector.look, lambda _: None)

    def _follow(self, following: Following) -> None:
        self._work(following.step, following.look, following.complain)

    def _rebuild(self) -> None:
        self._work(self._rebuilding.step, lambda: None, self._rebuilding.complain)

    def _work(
        self,
        step: Callable[[], bool],
        look: Callable[[], None],
        complain: Callable[[Exception], None],
    ) -> None:
        """Step until there is nothing left, then wait for the bell; pause after an error."""
        rung, pause, looked = 0, FIRST_PAUSE, 0.0
        while not self._watch.is_stopped:
            rung = self._wait(rung)
            try:
                while self._may_work and step():
                    looked = time.monotonic()
                if self._may_work and time.monotonic() - looked > SECONDS_BETWEEN_HEARTBEATS:
                    look()
                    looked = time.monotonic()
                pause = FIRST_PAUSE
            except Exception as error:  # noqa: BLE001 - the thread outlives it
                self._report(error, complain)
                self._rest(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    @property
    def _may_work(self) -> bool:
        return self.is_active and not self._watch.is_stopped

    def _report(self, error: Exception, complain: Callable[[Exception], None]) -> None:
        if isinstance(error, GONE):
            log.warning("database gone", error=str(error))
            return
        log.error("runner failed", exc_info=error)
        try:
            complain(error)
        except GONE as gone:
            log.warning("database gone", error=str(gone))
        except Exception:
            # Not raised: the thread would end, and what it does would rest until a restart.
            log.exception("complaint not recorded")

    def _ring(self) -> None:
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def _wait(self, heard: int) -> int:
        """Wait for a ring that was not heard yet."""
        with self._bell:
            self._bell.wait_for(lambda: self._rung > heard)
            return self._rung

    def _rest(self, seconds: float) -> None:
        """Rest whoever rings, until it is time or the runner stops."""
        with self._bell:
            self._bell.wait_for(lambda: self._watch.is_stopped, seconds)
