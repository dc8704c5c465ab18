"""Comparing: a table that was grown anew beside the running one, as a whole and row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Identifier, Literal

from ledger.migrations import Names
from projections.database import Tx
from projections.projection import Projection

MOST_DIFFERENCES = 20

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row by its key. `was` and `now` hold the columns that differ; None: no such row there."""

    key: Values
    was: Values | None
    now: Values | None

    def __str__(self) -> str:
        return f"{told(self.key)}: {told(self.was)} → {told(self.now)}"


@dataclass(frozen=True, slots=True)
class TableReport:
    """A table after the rebuild. `same` is None where there was nothing to compare with.

    `differences` are the first of them, in the order of the key.
    """

    table: str
    rows: int
    rows_before: int | None
    same: bool | None
    differences: tuple[Difference, ...] = ()


def compared(tx: Tx, names: Names, projection: Projection, grown: str) -> tuple[TableReport, ...]:
    """Each table that was grown in a schema beside the running one of the same position."""
    reports: list[TableReport] = []
    for table in projection.tables:
        rows, content = fingerprint(tx, grown, table)
        before = fingerprint(tx, names.views, table)
        same = before == (rows, content)
        found = () if same else differences(tx, table, names.views, grown)
        reports.append(TableReport(table, rows, before[0], same, found))
    return tuple(reports)


def counted(tx: Tx, _: Names, projection: Projection, grown: str) -> tuple[TableReport, ...]:
    """Where there is nothing to compare with."""
    return tuple(
        TableReport(table, fingerprint(tx, grown, table)[0], None, None)
        for table in projection.tables
    )


def fingerprint(tx: Tx, schema: str, table: str) -> tuple[int, str]:
    """How many rows a table has, and a hash of them all in whatever order they lie."""
    statement = SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"
    ).format(Identifier(schema, table))
    row = tx.execute(statement).fetchone()
    assert row is not None
    return row[0], row[1]


def differences(
    tx: Tx, table: str, running: str, grown: str, most: int = MOST_DIFFERENCES
) -> tuple[Difference, ...]:
    """The first rows that are not the same in both, by primary key.

    Names of people lie in the vault alone: what a read model holds may be shown to the operator.
    """
    key = primary_key(tx, running, table)
    columns = SQL(", ").join(map(Identifier, key))
    statement = SQL(
        "SELECT to_jsonb(was), to_jsonb(now) FROM {} was FULL JOIN {} now USING ({})"
        " WHERE was::text IS DISTINCT FROM now::text ORDER BY {} LIMIT {}"
    ).format(
        Identifier(running, table), Identifier(grown, table), columns, columns,
        Literal(most),
    )  # fmt: skip
    return tuple(difference(key, was, now) for was, now in tx.execute(statement))


def primary_key(tx: Tx, schema: str, table: str) -> list[str]:
    statement = (
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid"
        " AND attnum = ANY(indkey) WHERE indrelid = %s::regclass AND indisprimary"
        " ORDER BY array_position(indkey::int2[], attnum)"
    )
    name = Identifier(schema, table).as_string()
    return [column for (column,) in tx.execute(statement, [name])]


def difference(key: list[str], was: Values | None, now: Values | None) -> Difference:
    either = was or now or {}
    if was is not None and now is not None:
        changed = [name for name in was if was[name] != now.get(name)]
        was, now = ({name: side[name] for name in changed} for side in (was, now))
    return Difference({name: either[name] for name in key}, was, now)


def told(values: Values | None) -> str:
    if values is None:
        return "–"
    return ", ".join(f"{name}={value}" for name, value in values.items())
