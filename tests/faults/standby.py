"""A standby that is wanted and never answers, and people who lose patience with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.acting import Pilot

WHO_WAITS = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


class Standby:
    """The wish for a standby that is not there, and the patience with it."""

    def __init__(self, superuser: str) -> None:
        self._superuser = superuser

    def is_wanted(self, names: str) -> None:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'".encode())
            connection.execute("SELECT pg_reload_conf()")

    def is_waited_for(self) -> bool:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            return connection.execute(WHO_WAITS).fetchone() is not None

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
