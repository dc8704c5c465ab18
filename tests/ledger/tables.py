"""The statements that make an events table, changed for a proof: in parts, or without its lock."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg.sql import Composable

PARTS = 3


def in_parts(made: Iterable[Composable], connection: psycopg.Connection) -> list[bytes]:
    """The same table by hash of its streams."""
    table, _, *append = (each.as_string(connection) for each in made)
    columns, _, _ = table.rpartition(" WITH (")
    name = columns.split("EXISTS ", 1)[1].split(" (", 1)[0]
    parts = [
        f'CREATE TABLE IF NOT EXISTS {name[:-1]}_{number}" PARTITION OF {name}'
        f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {number})"
        for number in range(PARTS)
    ]
    index = f"CREATE INDEX ON {name} (notification_id)"
    of_all = f"{columns} PARTITION BY HASH (originator_id)"
    return [each.encode() for each in (of_all, *parts, index, *append)]


def without_lock(made: Iterable[bytes]) -> list[bytes]:
    """The same append function, but nobody waits for anybody."""
    lines = [each.splitlines() for each in made]
    kept = [[line for line in each if b"pg_advisory_xact_lock" not in line] for each in lines]
    assert sum(map(len, lines)) == sum(map(len, kept)) + 1
    return [b"\n".join(each) for each in kept]
