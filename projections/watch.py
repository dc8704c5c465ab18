"""The watch: holds the one runner's lock and rings when the ledger has recorded something."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from threading import Event

import psycopg
import structlog
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.events_table import channel_of, lock_key
from ledger.ledger import EVENTS_TABLE
from ledger.pooling import NOTICE_SILENCE, SERVER_NOTICES
from projections.asking import MOMENT, answer
from projections.database import Tx, Views, session

SECONDS_BETWEEN_LOOKS = 0.4
SECONDS_BETWEEN_TRIES = 0.5
LONGEST_PAUSE = 5.0

# The lock is a lease: the server ends a session that has not asked anything for so long, and the
# holder counts from before its last answered question, so that it gives up first.
SECONDS_TO_HOLD = 3.0
SECONDS_TO_TAKE_BACK = 3.5

log = structlog.get_logger(__name__)


class Watch:
    """One connection that both listens and holds the lock: who loses it has lost both."""

    def __init__(self, views: Views, ring: Callable[[], None]) -> None:
        self._conninfo = make_conninfo(
            session(views.conninfo, views.schema, taken_back_after(SECONDS_TO_TAKE_BACK)),
            application_name=f"parent-credits projections {os.getpid()}",
            **NOTICE_SILENCE,
        )
        key = Literal(lock_key(views.schema, "runner"))
        self._try = SQL("SELECT pg_try_advisory_lock({})").format(key)
        self._listen = SQL("LISTEN {}").format(
            Identifier(channel_of(views.names.ledger, EVENTS_TABLE))
        )
        self._renew = SQL("")
        self._ledger = views.names.ledger
        self._ring = ring
        self._stopped = Event()
        self._held_until = 0.0
        self.active = Event()

    def stop(self) -> None:
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def holds(self) -> bool:
        """Whether the lock is surely ours, even where the network swallows what we ask."""
        return self.active.is_set() and moment() < self._held_until

    def run(self) -> None:
        """Keep watch until stopped; come back after whatever the database goes through."""
        pause = 0.1
        while not self.is_stopped:
            try:
                self._hold()
                pause = 0.1
            except psycopg.Error as error:
                log.warning("watch lost its connection", error=str(error), again_in=pause)
                self._stopped.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                self.active.clear()

    def _hold(self) -> None:
        with closing(psycopg.connect(self._conninfo, autocommit=True)) as connection:
            while not self.is_stopped:
                if self._ask(connection, self._try) == b"t":
                    self._keep(connection)
                else:
                    self._stopped.wait(SECONDS_BETWEEN_TRIES)

    def _ask(self, connection: Tx, question: SQL | Composed) -> bytes | None:
        asked = moment()
        found = answer(connection, question.as_bytes(connection), SECONDS_TO_HOLD)
        self._held_until = asked + SECONDS_TO_HOLD
        return found

    def _keep(self, connection: Tx) -> None:
        self._ask(connection, self._listen)
        self.active.set()
        log.info("projecting", ledger=self._ledger)
        while not self.is_stopped:
            self._ring()
            self._hear(connection)
            # Also while much is heard: only what we ask tells the server that we are there.
            if self._held_until - moment() < SECONDS_TO_HOLD - SECONDS_BETWEEN_LOOKS:
                self._ask(connection, self._renew)

    def _hear(self, connection: Tx) -> None:
        """Wait for a notification, a moment at a time: whoever stops us is not kept waiting."""
        until = time.monotonic() + SECONDS_BETWEEN_LOOKS
        while not self.is_stopped and time.monotonic() < until:
            if list(connection.notifies(timeout=MOMENT, stop_after=1)):
                return


def taken_back_after(seconds: float) -> str:
    """Options of a session that the server ends when it falls silent, and its locks with it."""
    milliseconds = int(seconds * 1000)
    # The second for a server that waits to be rid of a notification.
    silence = f"-c idle_session_timeout={milliseconds} -c tcp_user_timeout={milliseconds}"
    return f"{silence} {SERVER_NOTICES}"


def moment() -> float:
    """Seconds that also pass while the whole machine sleeps, where the system counts them."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)
