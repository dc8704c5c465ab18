"""Asking the server something with an end to the patience: a network may swallow the answer."""

from __future__ import annotations

import time

import psycopg
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from projections.database import Tx

MOMENT = 0.05


def answer(connection: Tx, question: bytes, seconds: float) -> bytes | None:
    """The first value of an answer, or None where it has none; notifications are passed over.

    Raises OperationalError where no answer comes in time: the connection is of no use then.
    """
    until = time.monotonic() + seconds
    connection.pgconn.send_query(question)
    value: bytes | None = None
    while (result := next_result(connection, until)) is not None:
        if result.status == ExecStatus.FATAL_ERROR:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace").strip())
        value = result.get_value(0, 0) if result.ntuples else None
    return value


def next_result(connection: Tx, until: float) -> PGresult | None:
    while connection.pgconn.is_busy():
        if time.monotonic() > until:
            raise psycopg.OperationalError("the server is silent")
        list(connection.notifies(timeout=MOMENT, stop_after=1))
    return connection.pgconn.get_result()
