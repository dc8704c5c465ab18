"""Two ledgers in one database: a city has one for each district, and they do not mix."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from api.migrations import steps as web_steps
from ledger.book import Book
from ledger.events_table import channel_of, lock_key
from ledger.migrations import Names, migrate
from ledger.vault import VaultKeys
from tests.acting import Pilot
from tests.database import PASSWORDS, TestDatabase

SECOND = Names("second")


@pytest.fixture
def second(database: TestDatabase) -> TestDatabase:
    """Another ledger beside the first, in the same database under its own roles."""
    passwords = {role: f"password of {role}" for role in SECOND.roles}
    migrate(database.owner, SECOND, passwords, web_steps())
    words = psycopg.conninfo.conninfo_to_dict(database.owner)
    logins = {
        role: psycopg.conninfo.make_conninfo("", **{**words, "user": role, "password": password})
        for role, password in passwords.items()
    }
    app, vault, log = (logins[role] for role in SECOND.roles)
    return TestDatabase(database.owner, app, vault, log, SECOND.ledger)


def test_each_ledger_has_its_own_feed_people_and_rules(book: Book, second: TestDatabase) -> None:
    keys = VaultKeys(encryption=b"2" * 32, index=b"2" * 32)
    Pilot(book).set_up()
    with Book(second.app, second.vault, second.names, keys) as other:
        assert other.ledger.position() == 0
        assert not other.rulebooks.is_set_up()
        before = book.ledger.position()

        pilot = Pilot(other).set_up(families=2)

        assert book.ledger.position() == before
        assert other.ledger.position() > 0
        assert book.vault.open(pilot.learners) == {}


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT count(*) FROM second.ledger_events",
        "DELETE FROM second.ledger_events",
        "SELECT count(*) FROM second_web.login",
    ],
)
def test_one_ledger_s_role_has_no_right_in_the_other(
    database: TestDatabase, second: TestDatabase, attempt: str
) -> None:
    with (
        psycopg.connect(database.app) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attempt)


def test_locks_and_channels_are_each_ledger_s_own() -> None:
    assert lock_key("ledger", "ledger_events") != lock_key("second", "ledger_events")
    assert channel_of("ledger", "ledger_events") != channel_of("second", "ledger_events")
    assert set(PASSWORDS) == {"ledger_app", "ledger_vault_app", "ledger_log"}


@pytest.fixture
def empty_databases(server: str) -> Iterator[list[str]]:
    names = [f"empty_{uuid4().hex}" for _ in range(6)]
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield [make_conninfo(server, dbname=name) for name in names]
        for name in names:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def test_the_databases_of_one_server_are_set_up_at_the_same_moment(
    empty_databases: list[str],
) -> None:
    names = Names(f"race_{uuid4().hex[:8]}")
    passwords = {role: f"password of {role}" for role in names.roles}
    with ThreadPoolExecutor(len(empty_databases)) as crowd:
        ran = list(
            crowd.map(lambda at: migrate(at, names, passwords, web_steps()), empty_databases)
        )
    assert all(each == ran[0] != [] for each in ran)
