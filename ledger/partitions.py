"""The events table in parts, for hundreds of millions of rows; the order stays what it was."""

from __future__ import annotations

from importlib.resources import files

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from domain.refusals import Refused
from ledger import guard
from ledger.ledger import EVENTS_TABLE
from ledger.migrations import Names

MINIMUM_SERVER = 17  # the first one whose partitioned tables may have an identity


class ServerTooOld(Refused):
    """PostgreSQL before `needed` knows no identity in a table of parts."""

    code = "server_too_old"


class AlreadyInParts(Refused):
    """The events table lies in parts: there is no second time."""

    code = "events_in_parts"


def partition(owner: str, names: Names, parts: int) -> None:
    """Copy the events table into so many parts, in one transaction, while nothing writes.

    Raises ServerTooOld, AlreadyInParts.
    """
    with psycopg.connect(owner) as connection:
        if connection.info.server_version < MINIMUM_SERVER * 10_000:
            raise ServerTooOld(needed=MINIMUM_SERVER)
        row = connection.execute(
            "SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", (full_name(names),)
        ).fetchone()
        if row == (True,):
            raise AlreadyInParts
        guard.allow(connection, names.ledger)
        connection.execute(script(names, parts))


def script(names: Names, parts: int) -> Composed:
    text = (files("ledger") / "partition.sql").read_text(encoding="utf-8")
    new = f"{EVENTS_TABLE}_in_parts"
    return SQL(text).format(  # pyright: ignore[reportArgumentType]  # our own file
        **names.identifiers(),
        new=Identifier(new),
        new_name=Literal(f"{names.ledger}.{new}"),
        events_name=Literal(full_name(names)),
        parts=Literal(parts),
        prefix=Literal(f"{EVENTS_TABLE}_"),
    )


def full_name(names: Names) -> str:
    return f"{names.ledger}.{EVENTS_TABLE}"
