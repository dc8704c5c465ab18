"""Packed columns are what the server reads of them, and what the driver would have sent."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
import pytest

from ledger.packed import Column, byteas, int4s, int8s, texts, uuids
from tests.database import TestDatabase

COLUMNS: list[tuple[Callable[[Any], Column], str, Sequence[object]]] = [
    (int4s, "int[]", [0, -1, 2**31 - 1, -(2**31)]),
    (int8s, "bigint[]", [0, -1, 2**63 - 1, -(2**63)]),
    (
        uuids,
        "uuid[]",
        [UUID(int=0), UUID(int=2**128 - 1), UUID("0190a5c0-0000-7000-8000-000000000001")],
    ),
    (texts, "text[]", ["", "示例小学", "a,b", "示例小学", '"\\{}', "NULL", "😀"]),
    (byteas, "bytea[]", [b"", b"\x00\xff", "示例".encode(), b"\\x00"]),
]


@pytest.mark.parametrize("wanted", ["all of them", "one", "none"])
@pytest.mark.parametrize(("pack", "kind", "values"), COLUMNS)
def test_the_server_reads_what_was_packed(
    database: TestDatabase,
    pack: Callable[[Any], Column],
    kind: str,
    values: Sequence[object],
    wanted: str,
) -> None:
    some = {"all of them": values, "one": values[:1], "none": []}[wanted]
    with psycopg.connect(database.owner) as connection:
        query = f"SELECT %b::{kind}, %b::{kind} = %b::{kind}".encode()
        row = (
            connection.cursor(binary=True)
            .execute(query, (pack(some), pack(some), list(some)))
            .fetchone()
        )
    assert row == (list(some), True)


def test_what_does_not_fit_is_no_other_number() -> None:
    for pack, number in ((int4s, 2**31), (int8s, 2**63)):
        with pytest.raises(struct.error):
            pack([number])
