"""Small projections that fail on purpose, and a look at whole tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from domain.attendance import Attendance
from projections.comparing import fingerprint
from projections.database import Tx, Views
from projections.feed import Fact, Topics
from projections.projection import Projection
from tests.database import TestDatabase


class Arrivals:
    """Counts check-ins; `mishap` may fail after the rows are written."""

    name = "arrivals"
    tables: tuple[str, ...] = ("arrival",)
    ddl: LiteralString = (
        "CREATE TABLE IF NOT EXISTS arrival (position bigint PRIMARY KEY, learner_id uuid)"
    )
    topics: Topics | None = frozenset({Attendance.CheckedIn.TOPIC})

    def __init__(self, mishap: Callable[[Tx, Fact], None] | None = None, version: int = 1) -> None:
        self.version = version
        self._mishap = mishap

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        for fact in facts:
            assert isinstance(fact.event, Attendance.CheckedIn)
            row = (fact.position, fact.event.learner_id)
            tx.execute("INSERT INTO arrival VALUES (%s, %s)", row)
            if self._mishap:
                self._mishap(tx, fact)


def fingerprints(views: Views, projections: Sequence[Projection]) -> dict[str, tuple[int, str]]:
    """Rows and content of every table."""
    with views.read() as tx:
        return {
            table: fingerprint(tx, views.schema, table)
            for projection in projections
            for table in projection.tables
        }


def forget(views: Views, projections: Sequence[Projection]) -> None:
    """Drop every table, as if nothing had ever been projected."""
    tables = ("checkpoint", *(t for p in projections for t in p.tables))
    with views.transaction() as tx:
        tx.execute(SQL("DROP TABLE IF EXISTS {}").format(SQL(", ").join(map(Identifier, tables))))


def record_as_is(database: TestDatabase, topic: str, state: bytes = b"{}") -> None:
    """Write a row that no release of this program could have written."""
    with psycopg.connect(database.app, autocommit=True) as connection:
        connection.execute(
            SQL(
                "INSERT INTO {} (originator_id, originator_version, topic, state)"
                " VALUES (gen_random_uuid(), 1, %s, %s)"
            ).format(Identifier(database.schema, "ledger_events")),
            (topic, state),
        )


def end_connections(database: TestDatabase, name: str) -> int:
    """Cut connections as a restart of the server does."""
    with psycopg.connect(database.owner, autocommit=True) as connection:
        return connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            (name,),
        ).rowcount


def poison(learner: UUID) -> Callable[[Tx, Fact], None]:
    def refuse(tx: Tx, fact: Fact) -> None:
        if getattr(fact.event, "learner_id", None) == learner:
            raise ValueError("a fact that cannot be")

    return refuse
