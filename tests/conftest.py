"""A fresh database for every test, copied from a template in milliseconds; always PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from api.bootstrap import Runtime, build
from api.migrations import steps as web_steps
from api.settings import Settings
from ledger.book import Book
from ledger.embedded import EmbeddedServer
from ledger.migrations import migrate
from ledger.vault import VaultKeys
from tests.acting import SET_UP, Pilot
from tests.clock import TestClock
from tests.database import NAMES, PASSWORDS, Copies, TestDatabase, write_role_secrets

settings.register_profile(
    "quick", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


# Without autovacuum: its workers are the superuser's, and would keep a database from going.
FAST = {"fsync": "off", "autovacuum": "off"}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's connection string: the server named in the environment, or our own."""
    named = os.environ.get("PARENT_CREDITS_TEST_DATABASE_URL")
    if named:
        yield named
        return
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with EmbeddedServer(Path(shared) / "pg", temporary=True, settings=FAST) as endpoint:
        yield endpoint.conninfo()


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """An empty, migrated database that every test's own is copied from."""
    name = f"template_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        migrate(make_conninfo(server, dbname=name), NAMES, PASSWORDS, web_steps())
        yield name
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(scope="session")
def copies(server: str, template: str) -> Iterator[Copies]:
    made = Copies(server, template)
    yield made
    made.close()


@pytest.fixture
def database(copies: Copies) -> Iterator[TestDatabase]:
    with copies.one() as made:
        yield made


@pytest.fixture
def book(database: TestDatabase) -> Iterator[Book]:
    """Every command, on an empty ledger."""
    keys = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
    with Book(database.app, database.vault, database.names, keys) as opened:
        yield opened


@pytest.fixture
def pilot(book: Book) -> Pilot:
    """A school with a roster of three families and one planned session."""
    return Pilot(book).set_up()


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands until a test moves it; it begins before the pilot's term."""
    return TestClock(SET_UP)


@pytest.fixture
def runtime(database: TestDatabase, tmp_path: Path, clock: TestClock) -> Iterator[Runtime]:
    """Everything joined as a process has it, on the test's database and clock."""
    write_role_secrets(tmp_path / "var" / "secrets")
    settings = Settings(database_url=SecretStr(database.owner), var=tmp_path / "var")
    made = build(settings, now=clock)
    yield made
    made.close()
