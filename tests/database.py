"""The connection strings a test gets: one database, one string for each role that uses it."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier

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


class Copies:
    """Copies of a template: one is always made ahead, and none is waited for when it goes."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        # One thread: the copies of a template are made and dropped one after the other.
        self._beside = ThreadPoolExecutor(1)
        self._next = self._beside.submit(self._make)

    @contextmanager
    def one(self) -> Generator[TestDatabase]:
        """A database of one's own, gone afterwards."""
        name, self._next = self._next.result(), self._beside.submit(self._make)
        at = make_conninfo(self._server, dbname=name)
        yield TestDatabase(
            owner=at,
            app=login(at, NAMES.app_role),
            vault=login(at, NAMES.vault_role),
            log=login(at, NAMES.log_role),
        )
        self._beside.submit(self._drop, name)

    def close(self) -> None:
        self._beside.submit(self._drop, self._next.result()).result()
        self._beside.shutdown()

    def _make(self) -> str:
        name = f"test_{uuid4().hex}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(Identifier(name), Identifier(self._template)))
        return name

    def _drop(self, name: str) -> None:
        self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _run(self, statement: Composed) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)
