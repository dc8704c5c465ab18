"""A table of a read model as rows in memory: folded event by event, written in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from msgspec import Struct
from msgspec.structs import astuple
from psycopg.sql import SQL, Composable, Composed, Identifier
from pydantic import BaseModel

from projections.arrays import ARRAYS
from projections.database import Tx, fetch
from projections.feed import Fact

Row = TypeVar("Row")
Key = tuple[Any, ...]


MANY = 100
# What a binary COPY takes as Python has it. Rows with other columns travel as JSON.
_COPIED = frozenset(
    {"bool", "date", "date[]", "int8", "text", "text[]", "timestamptz", "uuid", "uuid[]"}
)


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
        if issubclass(kind, Struct):
            return tuple(kind.__struct_fields__)
        named: tuple[str, ...] | None = getattr(kind, "_fields", None)
        return tuple(kind.__dataclass_fields__) if named is None else named

    @cached_property
    def _values_of(self) -> Callable[[Row], Sequence[Any]]:
        """A row in the order of the columns."""
        if issubclass(self.row, Struct):
            return cast("Callable[[Row], Sequence[Any]]", astuple)
        if issubclass(self.row, tuple):
            return cast("Callable[[Row], Sequence[Any]]", tuple)
        return _values_of(self.columns)

    @cached_property
    def _types(self) -> list[list[int]]:
        return []

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
        if len(rows) >= MANY and (types := self._types_copied(tx)):
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

    def _types_copied(self, tx: Tx) -> list[int]:
        """The types of the columns, none where they cannot be copied."""
        if not self._types:  # the same in every schema: the program that knows us made the table
            statement = SQL("SELECT {} FROM {} LIMIT 0").format(
                _list(self.columns), Identifier(self.name)
            )
            found = tx.execute(statement).description or []
            copied = all(each.type_display in _COPIED for each in found)
            self._types.append([each.type_code for each in found] if copied else [])
        return self._types[0]

    def _copy(self, tx: Tx, rows: Sequence[Row], types: Sequence[int]) -> None:
        with tx.cursor() as cursor:
            for array in ARRAYS:
                cursor.adapters.register_dumper(None, array)
            with cursor.copy(self._copying) as copy:
                copy.set_types(types)
                write = copy.write_row
                for values in map(self._values_of, rows):
                    write(values)

    def _document(self, rows: Sequence[Row]) -> str:
        if not issubclass(self.row, Struct | tuple):  # orjson itself reads what is a dataclass
            return _json(rows)
        return _json([dict(zip(self.columns, self._values_of(r), strict=True)) for r in rows])

    @cached_property
    def _copying(self) -> Composed:
        return SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            Identifier(self.name), _list(self.columns)
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

    def __init__(self, tx: Tx, table: Table[Row], facts: Sequence[Fact]) -> None:
        self._tx = tx
        self._table = table
        begun = {fact.stream.int for fact in facts if fact.version == 1}
        # A stream that begins in this batch has no rows yet.
        touched = {fact.stream.int: fact.stream for fact in facts if fact.version > 1}
        known = [stream for number, stream in touched.items() if number not in begun]
        rows = table.of_streams(tx, known) if known else []
        # By the number of the stream where that is the key: an id is hashed and compared by Python.
        self._by_stream = table.key == (table.stream,)
        self._stream_of: Callable[[Row], int] = attrgetter(f"{table.stream}.int")
        self._place_of = self._stream_of if self._by_stream else table.key_of
        self._stored = {self._place_of(row): row for row in rows}
        self._rows: dict[Any, Row] = dict(self._stored)
        self._of_streams: dict[int, dict[object, None]] | None = None  # made when asked for

    def __iter__(self) -> Iterator[Row]:
        return iter(tuple(self._rows.values()))

    def __getitem__(self, key: Key) -> Row:
        return self._rows[self._place(key)]

    def of(self, stream: UUID) -> list[Row]:
        """The rows of a stream."""
        if self._of_streams is None:
            self._of_streams = defaultdict(dict)
            for place, row in self._rows.items():
                self._of_streams[self._stream_of(row)][place] = None
        return [self._rows[place] for place in self._of_streams[stream.int]]

    def get(self, *key: Any) -> Row | None:
        return self._rows.get(self._place(key))

    def put(self, row: Row) -> None:
        place = self._place_of(row)
        self._rows[place] = row
        if self._of_streams is not None:
            self._of_streams[self._stream_of(row)][place] = None

    def drop(self, *key: Any) -> None:
        place = self._place(key)
        row = self._rows.pop(place, None)
        if row is not None and self._of_streams is not None:
            self._of_streams[self._stream_of(row)].pop(place, None)

    def save(self) -> None:
        rows, stored = self._rows, self._stored
        if not stored:
            self._table.add(self._tx, list(rows.values()))
            return
        self._table.add(self._tx, [row for place, row in rows.items() if place not in stored])
        kept = [row for place, row in rows.items() if stored.get(place, row) is not row]
        self._table.put(self._tx, kept)
        gone = [row for place, row in stored.items() if place not in rows]
        self._table.remove(self._tx, [self._table.key_of(row) for row in gone])

    def _place(self, key: Key) -> object:
        return key[0].int if self._by_stream else key


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
