"""A standby that never answers: the wait is cancelled, and nobody may say "recorded" yet."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api.migrations import steps as web_steps
from ledger.book import Book
from ledger.embedded import EmbeddedServer
from ledger.intake import Intake
from ledger.ledger import OutcomeUnknown
from ledger.migrations import migrate
from ledger.vault import VaultKeys
from tests.acting import STARTS, Pilot, envelope
from tests.database import NAMES, PASSWORDS, login
from tests.ledger.evenings import open_session, wish
from tests.receipts import receipt_of

CANCEL_THE_WAIT = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


class Standby:
    """The wish for a standby that is not there, and the patience with it."""

    def __init__(self, superuser: str) -> None:
        self._superuser = superuser

    def is_wanted(self, names: str) -> None:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'".encode())
            connection.execute("SELECT pg_reload_conf()")

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Cancel whoever waits, as soon as somebody does."""
        done = threading.Event()
        thread = threading.Thread(target=self._cancel, args=(done,))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _cancel(self, done: threading.Event) -> None:
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            while not done.wait(0.01):
                connection.execute(CANCEL_THE_WAIT)


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[tuple[str, Standby]]:
    server = EmbeddedServer(tmp_path / "pg", temporary=True)
    with server as opened:
        yield opened.conninfo(), Standby(server.superuser().conninfo())


@pytest.fixture
def doubtful(endpoint: tuple[str, Standby]) -> Iterator[tuple[Pilot, Standby]]:
    owner, standby = endpoint
    migrate(owner, NAMES, PASSWORDS, web_steps())
    app, vault = login_all(owner)
    keys = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
    with Book(app, vault, NAMES, keys) as book:
        pilot = Pilot(book).set_up()
        open_session(pilot)
        standby.is_wanted("nobody")
        yield pilot, standby
        standby.is_wanted("")


def login_all(owner: str) -> tuple[str, str]:
    return login(owner, NAMES.app_role), login(owner, NAMES.vault_role)


def test_a_cancelled_wait_is_an_unknown_outcome_and_asking_again_tells(
    doubtful: tuple[Pilot, Standby],
) -> None:
    pilot, standby = doubtful
    by = envelope(STARTS)
    with standby.impatient(), pytest.raises(OutcomeUnknown):
        pilot.book.learners.consent(pilot.learners[0], "records", "1", by)
    standby.is_wanted("")

    position = pilot.book.learners.consent(pilot.learners[0], "records", "1", by)

    assert position == pilot.book.ledger.position()
    assert pilot.book.learners.get(pilot.learners[0]).consents == {"records": "1"}


def test_the_intake_says_so_too(doubtful: tuple[Pilot, Standby]) -> None:
    pilot, standby = doubtful
    book, asked = pilot.book, wish(pilot, pilot.learners[0])

    async def run() -> None:
        intake = Intake(
            book.ledger, login(conninfo(pilot), NAMES.app_role), book.sessions.door_of, receipt_of
        )
        await intake.start()
        with standby.impatient(), pytest.raises(OutcomeUnknown):
            await intake.check_in(asked)
        standby.is_wanted("")
        assert (await intake.check_in(asked)).checked_in_at == STARTS
        await intake.close()

    asyncio.run(run())
    assert len(book.sessions.attendance_ids(pilot.session_id)) == 1


def conninfo(pilot: Pilot) -> str:
    kwargs = pilot.book.ledger.store.datastore.pool.kwargs
    assert isinstance(kwargs, dict)
    return psycopg.conninfo.make_conninfo(
        **{key: kwargs[key] for key in ("dbname", "host", "port", "user", "password")}
    )
