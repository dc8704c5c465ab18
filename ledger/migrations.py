"""Versioned set-up of a ledger's schemas by the owner role; the program runs under lesser roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files

import psycopg
from psycopg.errors import DuplicateObject, InternalError_, UniqueViolation
from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger import guard, unmoved
from ledger.events_table import append_again, append_unmoved, ddl, lock_key
from ledger.ledger import EVENTS_TABLE

MINIMUM_SERVER = 16
OWN_STEPS = {
    "0001_events.sql": ddl,
    "0008_append_with_times.sql": append_again,
    "0015_append_unmoved.sql": unmoved.ddl,
}


class ServerTooOld(Exception):
    """PostgreSQL 16 or newer is needed."""


@dataclass(frozen=True)
class Step:
    """One version of the schema: SQL text with `{names}` in braces, run once."""

    name: str
    text: str


@dataclass(frozen=True)
class Names:
    """The schemas and roles of one ledger, all made of its name: a city has many ledgers."""

    ledger: str

    @property
    def vault(self) -> str:
        return f"{self.ledger}_vault"

    @property
    def web(self) -> str:
        return f"{self.ledger}_web"

    @property
    def views(self) -> str:
        return f"{self.ledger}_views"

    @property
    def shadow(self) -> str:
        return f"{self.ledger}_shadow"

    @property
    def old_views(self) -> str:
        return f"{self.ledger}_views_old"

    @property
    def read_sides(self) -> tuple[str, ...]:
        """Schemas that hold nothing but what the feed can make anew."""
        return (self.views, self.shadow, self.old_views)

    @property
    def app_role(self) -> str:
        return f"{self.ledger}_app"

    @property
    def vault_role(self) -> str:
        return f"{self.ledger}_vault_app"

    @property
    def log_role(self) -> str:
        return f"{self.ledger}_log"

    @property
    def reader_role(self) -> str:
        return f"{self.ledger}_reader"

    @property
    def roles(self) -> tuple[str, ...]:
        """Those that log in."""
        return (self.app_role, self.vault_role, self.log_role)

    def identifiers(self) -> dict[str, Identifier]:
        return {
            "ledger": Identifier(self.ledger),
            "vault": Identifier(self.vault),
            "web": Identifier(self.web),
            "views": Identifier(self.views),
            "shadow": Identifier(self.shadow),
            "old_views": Identifier(self.old_views),
            "app": Identifier(self.app_role),
            "vault_app": Identifier(self.vault_role),
            "log": Identifier(self.log_role),
            "reader": Identifier(self.reader_role),
            "events": Identifier(EVENTS_TABLE),
            "append": Identifier(f"{EVENTS_TABLE}_append"),
            "append_unmoved": Identifier(append_unmoved(EVENTS_TABLE)),
        }


def steps() -> tuple[Step, ...]:
    """The ledger's own steps, in order; a released one is never edited."""
    folder = files("ledger") / "sql"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(Step(name, (folder / name).read_text(encoding="utf-8")) for name in names)


def migrate(
    owner: str, names: Names, passwords: Mapping[str, str], extra: Sequence[Step] = ()
) -> list[str]:
    """Bring the schemas to the newest version; return the names of the steps that ran.

    Safe to run from many processes at once and again at every start.
    """
    with psycopg.connect(owner) as connection:
        if connection.info.server_version < MINIMUM_SERVER * 10_000:
            raise ServerTooOld(connection.info.server_version)
        key = lock_key(names.ledger, "migrations")
        connection.execute(SQL("SELECT pg_advisory_xact_lock({})").format(Literal(key)))
        ensure_roles(connection, names, passwords)
        guard.allow(connection, names.ledger)
        return run(connection, names, (*steps(), *extra))


def ensure_roles(
    connection: psycopg.Connection, names: Names, passwords: Mapping[str, str]
) -> None:
    """The lesser roles, created once. Only a verifier of the password is sent."""
    for role in (*names.roles, names.reader_role):
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            continue
        create = SQL("CREATE ROLE {}").format(Identifier(role))
        if role in names.roles:
            verifier = connection.pgconn.encrypt_password(
                passwords[role].encode(), role.encode(), b"scram-sha-256"
            ).decode()
            create += SQL(" LOGIN PASSWORD {}").format(Literal(verifier))
        # Roles belong to the server, our lock to the database: another one may be faster.
        with suppress(DuplicateObject, UniqueViolation), connection.transaction():
            connection.execute(create)
        # The owner gives schemas to the role, and must be a member of it for that.
        connection.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(role)))
    let_read(connection, names)


def let_read(connection: psycopg.Connection, names: Names) -> None:
    """The app role may act as the reader. No dump of a database holds who is a member of whom."""
    asked = "SELECT pg_has_role(%s, %s, 'MEMBER')"
    if connection.execute(asked, (names.app_role, names.reader_role)).fetchone() == (False,):
        grant = SQL("GRANT {reader} TO {app}").format(**names.identifiers())
        # Another database of the server may do the same in this moment.
        with suppress(UniqueViolation, InternalError_), connection.transaction():
            connection.execute(grant)


def run(connection: psycopg.Connection, names: Names, wanted: Sequence[Step]) -> list[str]:
    schema = Identifier(names.ledger)
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
    connection.execute(
        SQL(
            "CREATE TABLE IF NOT EXISTS {}.schema_version (step text PRIMARY KEY,"
            " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
        ).format(schema)
    )
    rows = connection.execute(SQL("SELECT step FROM {}.schema_version").format(schema)).fetchall()
    applied = {row[0] for row in rows}
    ran: list[str] = []
    for step in wanted:
        if step.name not in applied:
            for statement in statements(step, names):
                connection.execute(statement)
            connection.execute(
                SQL("INSERT INTO {}.schema_version (step) VALUES (%s)").format(schema),
                (step.name,),
            )
            ran.append(step.name)
    return ran


def statements(step: Step, names: Names) -> list[Composed]:
    """A step as SQL; the events table comes from the recorder's own definition."""
    own = OWN_STEPS.get(step.name)
    first = own(names.ledger, EVENTS_TABLE) if own else ()
    return [*first, SQL(step.text).format(**names.identifiers())]  # pyright: ignore[reportArgumentType]
