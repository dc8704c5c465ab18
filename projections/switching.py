"""Switching: tables of one projection change places between schemas, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from psycopg.errors import LockNotAvailable
from psycopg.sql import SQL, Identifier

from domain.refusals import Refused
from ledger.migrations import Names
from projections import checkpoints
from projections.checkpoints import Checkpoint
from projections.database import Tx

ATTEMPTS = 100
SECONDS_BETWEEN = 0.05


class TablesInUse(Refused):
    """Long queries read the tables that are to move: they stay as they are."""

    code = "tables_in_use"


def with_patience(switch: Callable[[], None]) -> None:
    """Try again while a long query reads the tables that are to move. Raises TablesInUse."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return switch()
        except LockNotAvailable as busy:
            if attempt == ATTEMPTS:
                raise TablesInUse from busy
            time.sleep(SECONDS_BETWEEN)
    return None


def put_in_place(
    tx: Tx, names: Names, running: Checkpoint | None, ready: Checkpoint, source: str
) -> None:
    """Tables of another schema begin to run; those that ran are kept, and of the kept no others."""
    # Shorter than the wait for a deadlock: a reader of two tables never has to give way.
    tx.execute("SET LOCAL lock_timeout = '200ms'")
    is_back = source == names.old_views
    aside = names.shadow if is_back else names.old_views
    drop(tx, aside, ready.name)
    if running is not None:
        move(tx, running.tables, names.views, aside)
    move(tx, ready.tables, source, names.views)
    checkpoints.switch(tx, ready)
    with within(tx, source):
        checkpoints.forget(tx, ready.name)
    if running is not None:
        if is_back:
            move(tx, running.tables, aside, names.old_views)
        with within(tx, names.old_views):
            checkpoints.switch(tx, running)


def standing_in(tx: Tx, schema: str, name: str) -> Checkpoint | None:
    """Where the tables stand that a schema has of a projection."""
    with within(tx, schema):
        tx.execute(checkpoints.TABLE)
        return checkpoints.lock(tx, name)


def drop(tx: Tx, schema: str, name: str) -> bool:
    """Drop what a schema has of a projection; whether there was anything."""
    standing = standing_in(tx, schema, name)
    if standing is None:
        return False
    # Together: a table's policy may speak of another one.
    tables = SQL(", ").join(Identifier(schema, table) for table in standing.tables)
    tx.execute(SQL("DROP TABLE IF EXISTS {}").format(tables))
    with within(tx, schema):
        checkpoints.forget(tx, name)
    return True


def move(tx: Tx, tables: Sequence[str], source: str, target: str) -> None:
    for table in tables:
        statement = SQL("ALTER TABLE {} SET SCHEMA {}")
        tx.execute(statement.format(Identifier(source, table), Identifier(target)))


@contextmanager
def within(tx: Tx, schema: str) -> Generator[None]:
    """Unqualified names mean this schema for a while. A failed transaction needs no way back."""
    before = tx.execute("SELECT current_setting('search_path')").fetchone()
    tx.execute("SELECT set_config('search_path', %s, true)", [f'"{schema}"'])
    yield
    tx.execute("SELECT set_config('search_path', %s, true)", before)
