"""The yardstick: the same events and commands on the library's own recorder, as it comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from bench.ground import Ground
from domain.aggregate import LedgerAggregate, LedgerEvent
from ledger.ledger import EVENTS_TABLE, Ledger

SCHEMA = "stock"
THREADS = 16


class StockLedger(Ledger):
    """Every save is `Application.save()` of the library; streams are read one by one.

    Only the recorder is the library's own: the events and their JSON are the same on both sides.
    """

    name = "ledger"  # the library would name the table after this class

    def __init__(self, ground: Ground) -> None:
        with psycopg.connect(ground.owner, autocommit=True) as connection:
            connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(SCHEMA)))
        super(Ledger, self).__init__(env=environment(ground.owner))

    def load(self, ids: Iterable[UUID]) -> dict[UUID, LedgerAggregate]:
        found: dict[UUID, LedgerAggregate] = {}
        for key in ids:
            aggregate: LedgerAggregate | None = None
            for event in self.events.get(key):
                aggregate = cast("LedgerEvent", event).mutate(aggregate)
            if aggregate is not None:
                found[key] = aggregate
        return found


def environment(owner: str) -> dict[str, str]:
    """The library's settings: its defaults, and a connection for each of the threads."""
    words = {key: str(value) for key, value in conninfo_to_dict(owner).items()}
    server = {
        f"POSTGRES_{key.upper()}": words.get(key, "")
        for key in ("dbname", "host", "port", "user", "password")
    }
    return server | {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "MAPPER_TOPIC": "ledger.mapper:LedgerMapper",
        "POSTGRES_SCHEMA": SCHEMA,
        "POSTGRES_POOL_SIZE": str(THREADS),
        "POSTGRES_MAX_OVERFLOW": str(THREADS),
        "CREATE_TABLE": "y",
    }


def copy_history(ground: Ground) -> None:
    """Give the stock store the same history, row for row."""
    ours, theirs = (
        SQL("{}.{}").format(Identifier(schema), Identifier(EVENTS_TABLE))
        for schema in (ground.settings.ledger, SCHEMA)
    )
    columns = SQL("originator_id, originator_version, topic, state")
    statement = SQL("INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY notification_id")
    with psycopg.connect(ground.owner) as connection:
        connection.execute(statement.format(theirs, columns, columns, ours))
        for table in (ours, theirs):
            connection.execute(SQL("ANALYZE {}").format(table))
