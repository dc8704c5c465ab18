"""Connections that are kept open between questions: each statement is a transaction of its own."""

from __future__ import annotations

import select
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

Pool = ConnectionPool[Connection[TupleRow]]

# A network that swallows packets is noticed in seconds: by us, and, for sessions that hold what
# others wait for, by the server, even in the middle of a COPY.
NOTICE_SILENCE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
SERVER_NOTICES: Final = (
    "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2"
)
SECONDS_BELIEVED: Final = 1.0
LEAST = 1  # that are open before anybody asks
OPENERS = 3  # threads that open connections

# How the connections of every pool that opens from now on ask: set once, as a process begins.
asking: dict[str, Any] = {}

_answered: WeakKeyDictionary[Connection[Any], float] = WeakKeyDictionary()


def pool(conninfo: str, most: int, timeout: float = 30.0, name: str = "parent-credits") -> Pool:
    """A pool that hands out no connection which the server has ended."""
    made = ConnectionPool(
        conninfo,
        kwargs={"autocommit": True, "application_name": name, **NOTICE_SILENCE, **asking},
        min_size=LEAST,
        max_size=most,
        timeout=timeout,
        num_workers=OPENERS,
        check=check,
        open=True,
    )
    return cast("Pool", made)


@contextmanager
def transaction(of: Pool) -> Generator[Connection[TupleRow]]:
    """Several statements that go in whole or not at all."""
    with of.connection() as connection, connection.transaction():
        yield connection


def check(connection: Connection[Any]) -> None:
    """Raises OperationalError where the server went away while nobody asked it.

    It mostly says so before it goes: what answered within the last second, and has nothing more to
    say, is as it was left. To ask each time would be one way more for every question.
    """
    now = time.monotonic()
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0) or now - _answered.get(connection, 0.0) >= SECONDS_BELIEVED:
        ConnectionPool.check_connection(connection)
        _answered[connection] = now
