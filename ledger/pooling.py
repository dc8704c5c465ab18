"""Connections that are kept open between questions: each statement is a transaction of its own."""

from __future__ import annotations

import select
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

Pool = ConnectionPool[Connection[TupleRow]]


def pool(conninfo: str, most: int, timeout: float = 30.0, **named: Any) -> Pool:
    """A pool that hands out no connection which the server has ended."""
    made = ConnectionPool(
        conninfo,
        kwargs={"autocommit": True, **named},
        min_size=1,
        max_size=most,
        timeout=timeout,
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

    It says so before it goes: a connection on which nothing waits to be read is as it was left.
    To ask each time would be one way more for every question.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)
