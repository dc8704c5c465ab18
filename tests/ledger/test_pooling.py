"""A kept connection is believed for a second, unless it has something to say."""

from __future__ import annotations

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from ledger import pooling
from ledger.pooling import SERVER_NOTICES, check, pool, transaction
from projections.database import Views
from tests.database import TestDatabase


def test_who_answered_just_now_is_not_asked_again(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(ConnectionPool, "check_connection", asked.append)
    with psycopg.connect(database.app, autocommit=True) as connection:
        for _ in range(3):
            check(connection)
        assert len(asked) == 1
        monkeypatch.setattr(pooling, "SECONDS_BELIEVED", 0.0)
        check(connection)
        assert len(asked) == 2


def test_a_connection_that_the_server_ended_is_not_handed_out(database: TestDatabase) -> None:
    with pool(database.app, 1) as kept:
        with kept.connection() as connection:
            ended = connection.info.backend_pid
        with psycopg.connect(database.owner, autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", (ended,))
        with kept.connection() as connection:
            assert connection.execute("SELECT 42").fetchone() == (42,)
            assert connection.info.backend_pid != ended


def test_several_statements_go_in_whole_or_not_at_all(database: TestDatabase) -> None:
    def torn() -> None:
        with transaction(kept) as connection:
            connection.execute("CREATE TEMPORARY TABLE torn ()")
            connection.execute("SELECT 1/0")

    with pool(database.app, 1) as kept:
        with pytest.raises(psycopg.errors.DivisionByZero):
            torn()
        with kept.connection() as connection:
            assert connection.execute("SELECT to_regclass('torn')").fetchone() == (None,)


def test_the_server_notices_when_a_writer_vanishes_in_the_middle_of_a_copy(
    database: TestDatabase,
) -> None:
    """Then it is not idle in its transaction: only a packet without an answer tells."""
    with Views(database.app, database.names) as views, views.transaction() as tx:
        shown = {
            name: tx.execute(f"SHOW {name}").fetchone()
            for name in ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
        }
        is_local = tx.info.host.startswith("/")
    named = (each.partition("=") for each in SERVER_NOTICES.split() if "=" in each)
    wanted = {name: ("0" if is_local else value,) for name, _, value in named}
    assert shown == wanted
