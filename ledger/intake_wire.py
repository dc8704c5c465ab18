"""The intake's one connection: streams, meanings of scan ids, the append, each one question."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from ledger.batch import Batch
from ledger.doubt import Warnings
from ledger.events_table import append_statement
from ledger.ledger import EVENTS_TABLE, Ledger
from ledger.pooling import NOTICE_SILENCE
from ledger.rows import Row
from ledger.scans import mean_now_statement, remember_statement, remembering
from ledger.store import CONFIRM

NOBODY: Final = UUID(int=0)


class Wire:
    """Opened for a batch where it is not, and the same for all of the batch's questions.

    What was read on one connection says nothing on the next: that may be another server's.
    Whatever is asked raises OperationalError where the connection was cut.
    """

    def __init__(self, ledger: Ledger, conninfo: str) -> None:
        self._ledger = ledger
        self._conninfo = conninfo
        schema = ledger.store.datastore.schema
        # What a scan means stands among the streams, as version 0 of its id. An id stands where its
        # stream begins: in Python it costs more than the rest of a row.
        self._look = SQL(
            "WITH {} SELECT CASE WHEN version < 2 THEN id END, version, topic, state FROM"
            " (SELECT originator_id, originator_version, topic, state FROM {}.{}"
            " WHERE originator_id = ANY(%(streams)b::uuid[])"
            " UNION ALL SELECT scan_id, 0, NULL, uuid_send(meaning) FROM said)"
            " AS seen(id, version, topic, state) ORDER BY seen.id, version"
        ).format(remembering(schema), Identifier(schema), Identifier(EVENTS_TABLE))
        self._append = append_statement(schema, EVENTS_TABLE, "positions", "times")
        self._remember = remember_statement(schema)
        self._mean_now = mean_now_statement(schema)
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._warnings = Warnings()

    async def look(
        self, streams: Iterable[UUID], scans: Sequence[tuple[UUID, UUID]] = ()
    ) -> tuple[dict[UUID, object], dict[UUID, UUID]]:
        """What the rows of streams make. And what each scan id was used for first.

        What they are used for is remembered in the same question.
        """
        asked = {"streams": list(streams), **used_for(scans)}
        cursor = self._same().cursor(binary=True)
        await cursor.execute(self._look, asked, prepare=True)
        read = self._ledger.events_mapper.to_domain_event
        found: dict[UUID, object] = {}
        said: dict[UUID, UUID] = {}
        key, aggregate = NOBODY, None
        for begun, version, topic, state in await cursor.fetchall():
            if version == 0:
                said[begun] = UUID(bytes=bytes(state))
                continue
            if begun is not None:
                key, aggregate = begun, None
            row = Row(key, version, topic, bytes(state))
            found[key] = aggregate = read(row).mutate(aggregate)
        if len(said) < len({scan_id for scan_id, _ in scans}):
            said = await self._meanings(scans)
        return found, said

    async def _meanings(self, scans: Sequence[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
        """Of all of them: another process was inserting some when they were asked for."""
        asked = used_for(scans)
        found: dict[UUID, UUID] = {}
        while not found.keys() >= set(asked["scans"]):
            cursor = await self._same().execute(self._remember, asked, prepare=True)
            found = dict(await cursor.fetchall())  # pyright: ignore[reportArgumentType, reportUnknownVariableType] - rows are pairs
        return found

    async def mean_now(self, scans: Sequence[tuple[UUID, UUID, UUID]]) -> set[UUID]:
        """As `Scans.mean_now`, of many: those that did mean what they were said to."""
        cursor = await self._same().execute(
            self._mean_now, tuple(map(list, zip(*scans, strict=True)))
        )
        return {scan_id for [scan_id] in await cursor.fetchall()}

    async def append(self, batch: Batch) -> tuple[list[int | None], list[datetime | None]]:
        """Positions and times of a batch. Raises InDoubt where a wait for the standby was cut."""
        cursor = await self._same().execute(
            self._append, batch.arguments(is_retry=False), prepare=True, binary=True
        )
        row = await cursor.fetchone()
        assert row is not None
        self._warnings.refuse()
        positions, times = row
        return positions, times

    async def confirm(self) -> None:
        """Wait until the standby has all that was read on this connection. Raises InDoubt."""
        await self._same().execute(CONFIRM, prepare=True)
        self._warnings.refuse()

    async def drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._connection.close()
        self._connection = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None and not self._connection.closed

    async def open(self) -> None:
        if not self.is_open:
            self._connection = await psycopg.AsyncConnection.connect(
                make_conninfo(self._conninfo, **NOTICE_SILENCE),
                autocommit=True,
                row_factory=tuple_row,
            )
            self._warnings = Warnings()  # a connection that dies warns of its own end
            self._connection.add_notice_handler(self._warnings.heed)

    def _same(self) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            raise psycopg.OperationalError
        return self._connection


def used_for(scans: Sequence[tuple[UUID, UUID]]) -> dict[str, list[UUID]]:
    """Pairs of scan ids and meanings, as `remembering` takes them."""
    return {"scans": [scan for scan, _ in scans], "meanings": [meaning for _, meaning in scans]}
