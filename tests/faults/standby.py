"""A standby that is wanted and never answers, and people who lose patience with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg

from tests.acting import Pilot

A_WHILE = 0.3
WHO_WAITS = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


class Standby:
    """The wish for a standby that is not there, and the patience with it."""

    def __init__(self, superuser: str) -> None:
        self._superuser = superuser

    def is_wanted(self, names: str) -> None:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'".encode())
            connection.execute("SELECT pg_reload_conf()")
        while names and not self._makes_wait():
            time.sleep(0.05)

    def _makes_wait(self) -> bool:
        """Whether the server has read what it was told: a writer of ours is kept waiting."""
        writing = psycopg.connect(self._superuser, autocommit=True)
        pid = writing.info.backend_pid
        with ThreadPoolExecutor(1) as beside:
            written = beside.submit(self._write, writing)
            while not written.done() and not self.is_waited_for():
                time.sleep(0.01)
            is_kept_waiting = not written.done()
            with psycopg.connect(self._superuser, autocommit=True) as ending:
                ending.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        return is_kept_waiting

    def _write(self, connection: psycopg.Connection[Any]) -> None:
        with closing(connection), suppress(psycopg.Error):
            connection.execute("SELECT pg_logical_emit_message(true, 'tests', '')")

    def is_waited_for(self) -> bool:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            return connection.execute(WHO_WAITS).fetchone() is not None

    def keeps_waiting(self, asked: Future[Any]) -> bool:
        """Whether somebody who asks comes to wait for it, and has no answer meanwhile."""
        while not asked.done() and not self.is_waited_for():
            time.sleep(0.02)
        time.sleep(A_WHILE)
        return not asked.done()

    def wait_for_somebody(self) -> None:
        """Until somebody waits for it."""
        while not self.is_waited_for():
            time.sleep(0.02)

    @contextmanager
    def impatient(self, by: str = "pg_cancel_backend") -> Iterator[None]:
        """Cancel (or terminate) whoever waits, as soon as somebody does."""
        done = threading.Event()
        thread = threading.Thread(target=self._interrupt, args=(done, by))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _interrupt(self, done: threading.Event, by: str) -> None:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            while not done.wait(0.01):
                connection.execute(WHO_WAITS.replace("pid", f"{by}(pid)", 1).encode())


def conninfo(pilot: Pilot) -> str:
    kwargs = pilot.book.ledger.store.datastore.pool.kwargs
    assert isinstance(kwargs, dict)
    return psycopg.conninfo.make_conninfo(
        **{key: kwargs[key] for key in ("dbname", "host", "port", "user", "password")}
    )
