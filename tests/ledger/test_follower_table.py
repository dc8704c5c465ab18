"""The follower's checkpoint moves out of the read models with the release that backs it up."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from api.migrations import steps as web_steps
from ledger import guard
from ledger.migrations import migrate
from projections import checkpoints
from tests.database import NAMES, PASSWORDS, Beginning, TestDatabase

STEP = "0004_follower.sql"


@pytest.fixture(scope="module")
def beginning(unread: str, nothing: Beginning) -> Beginning:
    """The table of checkpoints is made here as a release before this one made it."""
    return replace(nothing, database=unread)


def test_a_follower_goes_on_where_the_read_models_kept_it_before(database: TestDatabase) -> None:
    with psycopg.connect(database.owner) as connection:
        guard.allow(connection, NAMES.ledger)
        connection.execute("DROP TABLE ledger.follower")
        connection.execute("DELETE FROM ledger.schema_version WHERE step = %s", (STEP,))
    with psycopg.connect(database.app, options="-c search_path=ledger_views") as connection:
        connection.execute(checkpoints.TABLE)
        connection.execute(
            "INSERT INTO checkpoint (projection, version, tables, position)"
            " VALUES ('awards', 1, '{}', 7), ('accounts', 3, '{account}', 9)"
        )

    assert migrate(database.owner, NAMES, PASSWORDS, web_steps()) == [STEP]

    with psycopg.connect(database.app) as connection:
        moved = connection.execute("SELECT follower, version, position FROM ledger.follower")
        assert moved.fetchall() == [("awards", 1, 7)]
        left = connection.execute("SELECT projection FROM ledger_views.checkpoint")
        assert left.fetchall() == [("accounts",)]
