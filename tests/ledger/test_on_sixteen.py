"""Store, vault and projector on PostgreSQL 16 too: the oldest version that is promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from eventsourcing.utils import Environment

from api.migrations import steps as web_steps
from ledger.book import Book
from ledger.embedded import EmbeddedServer
from ledger.migrations import migrate
from ledger.store import Factory
from ledger.vault import VaultKeys
from projections.database import Views
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, Pilot
from tests.database import NAMES, PASSWORDS, TestDatabase
from tests.ledger_evening import hold


@pytest.fixture
def sixteen(tmp_path: Path) -> Iterator[TestDatabase]:
    with EmbeddedServer(tmp_path / "pg", major=16, temporary=True) as endpoint:
        owner = endpoint.conninfo()
        migrate(owner, NAMES, PASSWORDS, web_steps())
        words = psycopg.conninfo.conninfo_to_dict(owner)

        def login(role: str) -> str:
            changed = {**words, "user": role, "password": PASSWORDS[role]}
            return psycopg.conninfo.make_conninfo("", **changed)

        yield TestDatabase(owner, *map(login, NAMES.roles))


def test_a_term_is_recorded_and_read_on_sixteen(sixteen: TestDatabase) -> None:
    with psycopg.connect(sixteen.app) as connection:
        assert connection.info.server_version // 10_000 == 16
    keys = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
    with (
        Book(sixteen.app, sixteen.vault, NAMES, keys) as book,
        Views(sixteen.app, NAMES) as views,
    ):
        pilot = Pilot(book).set_up()
        hold(pilot, pilot.learners)
        models = ReadModels(views)
        projector = Projector(views, models.projections)
        projector.set_up()
        projector.catch_up()

        learners = models.roster.learners_of(SCHOOL, 2026)
        assert [models.accounts.balance(learner) for learner in learners] == [200, 200, 200]
        assert [status.stopped_reason for status in projector.status()] == [None] * len(
            models.projections
        )


def test_several_hosts_and_any_libpq_keyword_reach_the_pool() -> None:
    conninfo = (
        "postgresql://app:x@one.example,two.example:5433/ledger"
        "?target_session_attrs=read-write&connect_timeout=2"
    )
    settings = {"POSTGRES_CONNINFO": conninfo, "POSTGRES_SCHEMA": "ledger"}

    factory = Factory(Environment("ledger", settings))

    reached = factory.datastore.pool.kwargs
    assert isinstance(reached, dict)
    assert (reached["host"], reached["port"]) == ("one.example,two.example", ",5433")
    assert reached["target_session_attrs"] == "read-write"
    assert reached["connect_timeout"] == "2"
