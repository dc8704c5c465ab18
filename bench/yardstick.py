"""The yardstick of a district: COPY of some of the same rows, encoded before, in the same run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg.sql import SQL, Identifier

from bench.append import copy_in
from ledger.ledger import EVENTS_TABLE

ONE_BATCH_IN = 10


class Yardstick:
    """A table like the events table, filled with every tenth batch, and gone afterwards."""

    def __init__(self, owner: str, schema: str) -> None:
        self.rows = 0
        self.seconds = 0.0
        self._batches = 0
        names = {"table": SQL("public.copied")}
        events = SQL("{}.{}").format(Identifier(schema), Identifier(EVENTS_TABLE))
        self._connection = psycopg.connect(owner, autocommit=True)
        self._drop = SQL("DROP TABLE IF EXISTS {table}").format(**names)
        self._create = SQL("CREATE TABLE {table} (LIKE {events} INCLUDING ALL)").format(
            **names, events=events
        )
        self._copy = SQL(
            "COPY {table} (originator_id, originator_version, topic, state) FROM STDIN"
            " (FORMAT BINARY)"
        ).format(**names)

    def copy(self, units: Sequence[Sequence[StoredEvent]]) -> None:
        self._batches += 1
        if self._batches % ONE_BATCH_IN != 1:
            return
        rows = [row for unit in units for row in unit]
        began = time.perf_counter()
        copy_in(self._connection, self._copy, [rows])
        self.seconds += time.perf_counter() - began
        self.rows += len(rows)

    @property
    def rate(self) -> float:
        return self.rows / self.seconds

    def __enter__(self) -> Self:
        self._connection.execute(self._drop)
        self._connection.execute(self._create)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.execute(self._drop)
        self._connection.close()
