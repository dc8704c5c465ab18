"""The connection strings a test gets: one database, one string for each role that uses it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from ledger.migrations import Names

NAMES = Names("ledger")
# The roles are the cluster's: every runtime of the tests finds these secrets ready.
ROLE_SECRETS = {"database_app": b"a" * 32, "database_vault": b"v" * 32, "database_log": b"l" * 32}
PASSWORDS = {
    NAMES.app_role: ROLE_SECRETS["database_app"].hex(),
    NAMES.vault_role: ROLE_SECRETS["database_vault"].hex(),
    NAMES.log_role: ROLE_SECRETS["database_log"].hex(),
}


@dataclass(frozen=True)
class TestDatabase:
    __test__ = False

    owner: str
    app: str
    vault: str
    log: str
    schema: str = "ledger"

    @property
    def names(self) -> Names:
        return Names(self.schema)


def write_role_secrets(folder: Path) -> None:
    """The secrets that every installation of the tests shares, before it makes the others."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, secret in ROLE_SECRETS.items():
        (folder / f"{name}.key").write_text(secret.hex())


def login(at: str, role: str) -> str:
    return make_conninfo(at, user=role, password=PASSWORDS[role])


@contextmanager
def copied(server: str, template: str) -> Generator[TestDatabase]:
    """A database of one's own, gone afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        )
        at = make_conninfo(server, dbname=name)
        yield TestDatabase(
            owner=at,
            app=login(at, NAMES.app_role),
            vault=login(at, NAMES.vault_role),
            log=login(at, NAMES.log_role),
        )
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
