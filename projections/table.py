"""A table of a read model as rows in memory: folded event by event, written in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from psycopg.sql import SQL, Composable, Composed, Identifier
from pydantic import BaseModel

from projections.database import Tx, fetch
from projections.feed import Fact

Row = TypeVar("Row")
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A table whose columns are the fields of `row`; `stream` is the column of the event stream.

    Whole rows travel as one JSON document: PostgreSQL itself reads them into the table's types.
    """

    name: str
    row: type[Row]
    key: tuple[str, ...]
    stream: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(cast("Any", self.row).__dataclass_fields__)

    def key_of(self, row: Row) -> Key:
        return tuple(getattr(row, column) for column in self.key)

    def of_streams(self, tx: Tx, streams: Sequence[UUID]) -> list[Row]:
        statement = SQL("SELECT {} FROM {} WHERE {} = ANY(%(streams)s)").format(
            _list(self.columns), Identifier(self.name), Identifier(self.stream)
        )
        return fetch(tx, self.row, statement, streams=list(streams))

    def add(self, tx: Tx, rows: Sequence[Row]) -> None:
        """Insert rows that cannot be there yet."""
        if rows:
            tx.execute(self._insert, (_document(rows),))

    def put(self, tx: Tx, rows: Sequence[Row]) -> None:
        """Insert rows, or replace those with the same key."""
        others = [column for column in self.columns if column not in self.key]
        sets = SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(c)) for c in others)
        conflict = SQL(" ON CONFLICT ({}) DO {}").format(
            _list(self.key), SQL("UPDATE SET {}").format(sets) if others else SQL("NOTHING")
        )
        if rows:
            tx.execute(self._insert + conflict, (_document(rows),))

    def remove(self, tx: Tx, keys: Sequence[Key]) -> None:
        statement = SQL(
            "DELETE FROM {0} t USING json_populate_recordset(NULL::{0}, %s::json) k WHERE {1}"
        ).format(
            Identifier(self.name),
            SQL(" AND ").join(SQL("t.{0} = k.{0}").format(Identifier(c)) for c in self.key),
        )
        if keys:
            documents = [dict(zip(self.key, key, strict=True)) for key in keys]
            tx.execute(statement, (_document(documents),))

    @property
    def _insert(self) -> Composed:
        return SQL(
            "INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, %s::json)"
        ).format(Identifier(self.name), _list(self.columns))


class Fold(Generic[Row]):
    """The rows of the streams that a batch touches; `save` writes those that changed.

    The result of a fold never depends on where a batch begins or ends.
    """

    def __init__(self, tx: Tx, table: Table[Row], facts: Iterable[Fact]) -> None:
        self._tx = tx
        self._table = table
        versions: dict[UUID, int] = {}
        for fact in facts:
            versions.setdefault(fact.stream, fact.event.originator_version)
        # A stream that begins in this batch has no rows yet.
        known = [stream for stream, version in versions.items() if version > 1]
        rows = table.of_streams(tx, known) if known else []
        self._rows = {table.key_of(row): row for row in rows}
        self._stored = set(self._rows)
        self._changed: dict[Key, None] = {}

    def __iter__(self) -> Iterator[Row]:
        return iter(tuple(self._rows.values()))

    def __getitem__(self, key: Key) -> Row:
        return self._rows[key]

    def get(self, *key: Any) -> Row | None:
        return self._rows.get(key)

    def put(self, row: Row) -> None:
        key = self._table.key_of(row)
        self._rows[key] = row
        self._changed[key] = None

    def drop(self, *key: Any) -> None:
        if self._rows.pop(key, None) is not None:
            self._changed[key] = None

    def save(self) -> None:
        there = [key for key in self._changed if key in self._rows]
        self._table.add(self._tx, [self._rows[k] for k in there if k not in self._stored])
        self._table.put(self._tx, [self._rows[k] for k in there if k in self._stored])
        gone = [key for key in self._changed if key not in self._rows and key in self._stored]
        self._table.remove(self._tx, gone)


def _document(rows: Sequence[object]) -> str:
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)


def _list(columns: Iterable[str]) -> Composable:
    return SQL(", ").join(map(Identifier, columns))
