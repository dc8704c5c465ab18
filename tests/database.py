"""The connection strings a test gets: one database, one string for each role that uses it."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
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
class Beginning:
    """What tests begin with: the database to copy, and the folder of the installation."""

    database: str
    var: Path


@dataclass(frozen=True)
class TestServer:
    """Connection strings of the tests' server: of the databases' owner, and of a superuser."""

    __test__ = False

    owner: str
    superuser: str


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
    """Copies of templates: the next one is made ahead, and none is waited for when it goes."""

    def __init__(self, server: str) -> None:
        self._server = server
        # One thread: the copies of a template are made and dropped one after the other.
        self._beside = ThreadPoolExecutor(1)
        self._connection = psycopg.connect(server, autocommit=True)
        self._ahead: dict[str, Future[str]] = {}

    @contextmanager
    def of(self, template: str) -> Generator[TestDatabase]:
        """A database of one's own, gone afterwards."""
        name = (self._ahead.get(template) or self._beside.submit(self._make, template)).result()
        self._ahead[template] = self._beside.submit(self._make, template)
        at = make_conninfo(self._server, dbname=name)
        yield TestDatabase(
            owner=at,
            app=login(at, NAMES.app_role),
            vault=login(at, NAMES.vault_role),
            log=login(at, NAMES.log_role),
        )
        self._beside.submit(self._drop, name)

    def close(self) -> None:
        for ahead in self._ahead.values():
            self._beside.submit(self._drop, ahead.result())
        self._beside.submit(self._connection.close)
        self._beside.shutdown()

    def _make(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")  # not by the WAL
        self._run(statement.format(Identifier(name), Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _run(self, statement: Composed) -> None:
        self._connection.execute(statement)


@contextmanager
def made(server: str, template: str = "template1") -> Generator[str]:
    """A new database like another one; its name."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        )
        yield name
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
