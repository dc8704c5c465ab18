"""Columns as the binary arrays that PostgreSQL reads, for thousands of values at a time.

The driver asks each value for its dumper and looks for the narrowest integers, which the server
widens again; here the types are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from struct import Struct, pack
from typing import Final
from uuid import UUID

from psycopg import adapters
from psycopg.adapt import Dumper
from psycopg.postgres import types
from psycopg.pq import Format

_HEAD = Struct("!iiIii").pack  # dimensions, no nulls, element's type, how many, the first's number
_LENGTH = Struct("!i").pack
_LENGTH_OF_UUID: Final = _LENGTH(16)


@dataclass(frozen=True, slots=True)
class Column:
    """An array as the driver sends it."""

    data: bytes


class Int4s(Column):
    pass


class Int8s(Column):
    pass


class Uuids(Column):
    pass


class Texts(Column):
    pass


class Byteas(Column):
    pass


NAMES: Final = {Int4s: "int4", Int8s: "int8", Uuids: "uuid", Texts: "text", Byteas: "bytea"}


class _Sent(Dumper):
    format = Format.BINARY

    def dump(self, obj: Column) -> bytes:
        return obj.data


for _kind, _name in NAMES.items():
    adapters.register_dumper(_kind, type(_name, (_Sent,), {"oid": types[_name].array_oid}))


def int4s(values: Sequence[int]) -> Int4s:
    return Int4s(_numbers("int4", "ii", 4, values))


def int8s(values: Sequence[int]) -> Int8s:
    return Int8s(_numbers("int8", "iq", 8, values))


def uuids(values: Sequence[UUID]) -> Uuids:
    parts = [_LENGTH_OF_UUID + value.int.to_bytes(16) for value in values]
    return Uuids(_array("uuid", len(values), parts))


def texts(values: Sequence[str]) -> Texts:
    """Quick where few of them differ."""
    known = {value: value.encode() for value in set(values)}
    parts = {value: _LENGTH(len(encoded)) + encoded for value, encoded in known.items()}
    return Texts(_array("text", len(values), map(parts.__getitem__, values)))


def byteas(values: Sequence[bytes]) -> Byteas:
    lengths = map(_LENGTH, map(len, values))
    parts = chain.from_iterable(zip(lengths, values, strict=True))
    return Byteas(_array("bytea", len(values), parts))


def _numbers(element: str, form: str, size: int, values: Sequence[int]) -> bytes:
    pairs = chain.from_iterable(zip(repeat(size, len(values)), values, strict=True))
    return _array(element, len(values), [pack(f"!{form * len(values)}", *pairs)])


def _array(element: str, count: int, parts: Iterable[bytes]) -> bytes:
    return b"".join((_HEAD(1, 0, types[element].oid, count, 1), *parts))
