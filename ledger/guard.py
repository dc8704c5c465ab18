"""The guard: event triggers that refuse to change what a ledger's schema is, outside migrations.

A superuser sets it up, and only a superuser takes it away. It keeps mistakes and hasty hands out;
what an owner or superuser does on purpose, the transparency log shows.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import psycopg
import structlog
from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.events_table import lock_key

log = structlog.get_logger(__name__)

_STANDS = """
SELECT count(*) = 2 FROM pg_event_trigger
  JOIN pg_proc ON pg_proc.oid = evtfoid JOIN pg_roles ON pg_roles.oid = proowner
 WHERE (evtname, evtevent) IN ((%s, 'ddl_command_start'), (%s, 'ddl_command_end'))
   AND evtenabled = 'A' AND evttags IS NULL AND rolsuper AND prosrc = %s
"""


def script(ledger: str) -> Composed:
    """What a superuser runs in the ledger's database; a second time it changes nothing."""
    text = (files("ledger") / "guard.sql").read_text(encoding="utf-8")
    return SQL(text).format(  # pyright: ignore[reportArgumentType]  # our own file
        ledger=Literal(ledger),
        guard=Identifier(schema_of(ledger)),
        before=Identifier(f"{ledger}_guard_before"),
        after=Identifier(f"{ledger}_guard_after"),
        state=Literal(f"{ledger}_guard.state"),
        mark=Literal(_mark(ledger)),
    )


def schema_of(ledger: str) -> str:
    """Where the guard's function lies: beside the ledger, for it is a superuser's."""
    return f"{ledger}_guard"


def allow(connection: psycopg.Connection, ledger: str) -> None:
    """Mark this one transaction as a migration; who opens the next has to ask again."""
    connection.execute("SELECT set_config(%s, pg_current_xact_id()::text, true)", (_mark(ledger),))


def stands(connection: psycopg.Connection, ledger: str) -> bool:
    """Whether this version's guard is on, unaltered."""
    _, body, _ = script(ledger).as_string(connection).split("$guard$")
    names = (f"{ledger}_guard_before", f"{ledger}_guard_after")
    row = connection.execute(_STANDS, (*names, body)).fetchone()
    assert row is not None
    return bool(row[0])


def ensure(owner: str, ledger: str, superuser: Callable[[], str]) -> None:
    """Set the guard up unless it stands; where nobody here is a superuser, leave it be."""
    with psycopg.connect(owner) as connection:
        if stands(connection, ledger):
            return
    with psycopg.connect(superuser()) as connection:
        if connection.info.parameter_status("is_superuser") != "on":
            return
        key = lock_key(ledger, "guard")
        connection.execute(SQL("SELECT pg_advisory_xact_lock({})").format(Literal(key)))
        if not stands(connection, ledger):  # another process may have been faster
            connection.execute(script(ledger))
            log.info("guard set up", ledger=ledger)


def _mark(ledger: str) -> str:
    return f"{ledger}_guard.migration"
