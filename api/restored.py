"""A restored ledger shows nobody before it is known who was erased since the backup.

Crash states: it is noted in the database before the secrets are put back, without which nothing
starts; the note goes once the list was carried out whole.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from api.database import Connections, passwords_of
from api.migrations import steps as web_steps
from api.secrets import Secrets
from domain.refusals import Refused
from ledger.migrations import Names, migrate


class ErasuresAwaited(Refused):
    """The ledger was restored, and nobody said yet who was erased since the backup."""

    code = "erasures_awaited"


def await_erasures(owner: str, names: Names, secrets: Secrets) -> None:
    """Note it in a ledger that was just brought back, and that may be of an older release."""
    migrate(owner, names, passwords_of(names, secrets), web_steps())
    with psycopg.connect(owner) as connection:
        connection.execute(told("DELETE FROM {}", names))
        connection.execute(told("INSERT INTO {} DEFAULT VALUES", names))


def awaits_erasures(connection: Connection[Any], names: Names) -> bool:
    return connection.execute(told("SELECT FROM {} LIMIT 1", names)).fetchone() is not None


def erasures_are_known(connections: Connections) -> None:
    """The list was carried out, or there is none: the program may start."""
    with psycopg.connect(connections.owner) as connection:
        connection.execute(told("DELETE FROM {}", connections.names))


def refuse_unheard(connections: Connections) -> None:
    """Raises ErasuresAwaited."""
    with psycopg.connect(connections.app) as connection:
        if awaits_erasures(connection, connections.names):
            raise ErasuresAwaited


def told(statement: str, names: Names) -> Composed:
    table = Identifier(names.web, "restored")
    return SQL(statement).format(table)  # pyright: ignore[reportArgumentType] - text is ours
