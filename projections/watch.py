"""The watch: holds the one runner's lock and rings when the ledger has recorded something."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import psycopg
import structlog
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from ledger.events_table import channel_of, lock_key
from ledger.intake_wire import NOTICE_SILENCE
from ledger.ledger import EVENTS_TABLE
from projections.database import Views, session

SECONDS_BETWEEN_LOOKS = 0.4
SECONDS_BETWEEN_TRIES = 0.5
MOMENT = 0.05
LONGEST_PAUSE = 5.0

# A holder whose machine is gone is noticed by both ends within about ten seconds.
_SERVER_NOTICES_SILENCE = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
    " -c tcp_user_timeout=10000"
)

log = structlog.get_logger(__name__)


class Watch:
    """One connection that both listens and holds the lock: who loses it has lost both."""

    def __init__(self, views: Views, ring: Callable[[], None]) -> None:
        self._conninfo = make_conninfo(
            session(views.conninfo, views.schema, _SERVER_NOTICES_SILENCE),
            application_name=f"parent-credits projections {os.getpid()}",
            **NOTICE_SILENCE,
        )
        self._lock = lock_key(views.schema, "runner")
        self._channel = channel_of(views.names.ledger, EVENTS_TABLE)
        self._ring = ring
        self._stopped = Event()
        self.active = Event()

    def stop(self) -> None:
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

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
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            while not self.is_stopped:
                if self._is_ours(connection):
                    self._listen(connection)
                else:
                    self._stopped.wait(SECONDS_BETWEEN_TRIES)

    def _is_ours(self, connection: psycopg.Connection[Any]) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._lock,)).fetchone()
        return bool(row and row[0])

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
        self.active.set()
        log.info("projecting", ledger=self._channel)
        while not self.is_stopped:
            self._ring()
            # Also by the clock: a notification may be lost, and a dead connection is found so.
            if not self._heard(connection):
                connection.execute("")

    def _heard(self, connection: psycopg.Connection[Any]) -> bool:
        """Wait for a notification, a moment at a time: whoever stops us is not kept waiting."""
        until = time.monotonic() + SECONDS_BETWEEN_LOOKS
        while not self.is_stopped and time.monotonic() < until:
            if list(connection.notifies(timeout=MOMENT, stop_after=1)):
                return True
        return False
