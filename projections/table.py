"""A table of a read model as rows in memory: folded event by event, written in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from psycopg import Column
from psycopg.sql import SQL, Composable, Composed, Identifier
from pydantic import BaseModel

from projections.arrays import ARRAYS
from projections.database import Tx, fetch
from projections.feed import Fact

Row = TypeVar("Row")
Key = tuple[Any, ...]


MANY = 100
# What a binary COPY takes as Python has it. Rows with other columns travel as JSON.
_COPIED = frozenset({"bool", "date", "int8", "text", "text[]", "timestamptz", "uuid", "uuid[]"})


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A table whose columns are the fields of `row`; `stream` is the column of the event stream.

    A few rows travel as one JSON document, which PostgreSQL itself reads into the table's types;
    many new ones by COPY.
    """

    name: str
    row: type[Row]
    key: tuple[str, ...]
    stream: str

    @cached_property
    def columns(self) -> tuple[str, ...]:
        kind = cast("Any", self.row)
        named: tuple[str, ...] | None = getattr(kind, "_fields", None)
        return tuple(kind.__dataclass_fields__) if named is None else named

    @cached_property
    def key_of(self) -> Callable[[Row], Key]:
        """The key of a row."""
        return _values_of(self.key)

    def of_streams(self, tx: Tx, streams: Sequence[UUID]) -> list[Row]:
        statement = SQL("SELECT {} FROM {} WHERE {} = ANY(%(streams)s)").format(
            _list(self.columns), Identifier(self.name), Identifier(self.stream)
        )
        return fetch(tx, self.row, statement, streams=list(streams))

    def add(self, tx: Tx, rows: Sequence[Row]) -> None:
        """Insert rows that cannot be there yet."""
        types = self._types(tx) if len(rows) >= MANY else []
        if types and all(each.type_display in _COPIED for each in types):
            self._copy(tx, rows, types)
        elif rows:
            tx.execute(self._insert, (self._document(rows),))

    def put(self, tx: Tx, rows: Sequence[Row]) -> None:
        """Insert rows, or replace those with the same key."""
        if rows:
            tx.execute(self._insert + self._replace, (self._document(rows),))

    def remove(self, tx: Tx, keys: Sequence[Key]) -> None:
        statement = SQL(
            "DELETE FROM {0} t USING json_populate_recordset(NULL::{0}, %s::json) k WHERE {1}"
        ).format(
            Identifier(self.name),
            SQL(" AND ").join(SQL("t.{0} = k.{0}").format(Identifier(c)) for c in self.key),
        )
        if keys:
            documents = [dict(zip(self.key, key, strict=True)) for key in keys]
            tx.execute(statement, (_json(documents),))

    def _types(self, tx: Tx) -> list[Column]:
        statement = SQL("SELECT {} FROM {} LIMIT 0").format(
            _list(self.columns), Identifier(self.name)
        )
        return tx.execute(statement).description or []

    def _copy(self, tx: Tx, rows: Sequence[Row], types: Sequence[Column]) -> None:
        statement = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            Identifier(self.name), _list(self.columns)
        )
        values_of = _values_of(self.columns)
        with tx.cursor() as cursor:
            for array in ARRAYS:
                cursor.adapters.register_dumper(None, array)
            with cursor.copy(statement) as copy:
                copy.set_types([each.type_code for each in types])
                for row in rows:
                    copy.write_row(values_of(row))

    def _document(self, rows: Sequence[Row]) -> str:
        return _json(
            [cast("Any", each)._asdict() if isinstance(each, tuple) else each for each in rows]
        )

    @cached_property
    def _insert(self) -> Composed:
        return SQL(
            "INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, %s::json)"
        ).format(Identifier(self.name), _list(self.columns))

    @cached_property
    def _replace(self) -> Composed:
        others = [column for column in self.columns if column not in self.key]
        sets = SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(c)) for c in others)
        return SQL(" ON CONFLICT ({}) DO {}").format(
            _list(self.key), SQL("UPDATE SET {}").format(sets) if others else SQL("NOTHING")
        )


class Fold(Generic[Row]):
    """The rows of the streams that a batch touches; `save` writes those that changed.

    The result of a fold never depends on where a batch begins or ends.
    """

    def __init__(self, tx: Tx, table: Table[Row], facts: Iterable[Fact]) -> None:
        self._tx = tx
        self._table = table
        versions: dict[UUID, int] = {}
        for fact in facts:
            versions.setdefault(fact.stream, fact.row.version)
        # A stream that begins in this batch has no rows yet.
        known = [stream for stream, version in versions.items() if version > 1]
        rows = table.of_streams(tx, known) if known else []
        self._key_of = table.key_of
        self._rows = {self._key_of(row): row for row in rows}
        self._stored = set(self._rows)
        self._changed: dict[Key, Row | None] = {}

    def __iter__(self) -> Iterator[Row]:
        return iter(tuple(self._rows.values()))

    def __getitem__(self, key: Key) -> Row:
        return self._rows[key]

    def get(self, *key: Any) -> Row | None:
        return self._rows.get(key)

    def put(self, row: Row) -> None:
        key = self._key_of(row)
        self._rows[key] = self._changed[key] = row

    def drop(self, *key: Any) -> None:
        if self._rows.pop(key, None) is not None:
            self._changed[key] = None

    def save(self) -> None:
        known = self._changed.keys() & self._stored
        new = [row for key, row in self._changed.items() if row is not None and key not in known]
        self._table.add(self._tx, new)
        kept = [row for key in known if (row := self._changed[key]) is not None]
        self._table.put(self._tx, kept)
        self._table.remove(self._tx, [key for key in known if self._changed[key] is None])


def _json(rows: Sequence[object]) -> str:
    return orjson.dumps(rows, default=_plain).decode()


def _values_of(columns: Sequence[str]) -> Callable[[Any], Key]:
    get = attrgetter(*columns)
    return get if len(columns) > 1 else lambda row: (get(row),)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)


def _list(columns: Iterable[str]) -> Composable:
    return SQL(", ").join(map(Identifier, columns))
