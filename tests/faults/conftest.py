"""A pilot school whose book writes through a wire that can be cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.migrations import steps as web_steps
from ledger.book import Book
from ledger.embedded import EmbeddedServer
from ledger.migrations import migrate
from ledger.vault import VaultKeys
from tests.acting import Pilot
from tests.database import NAMES, PASSWORDS, TestDatabase, login
from tests.faults.cutting import CuttingProxy, cutting
from tests.faults.standby import Standby
from tests.ledger.evenings import open_session


@pytest.fixture
def wire(database: TestDatabase) -> Iterator[CuttingProxy]:
    with cutting(database.app) as proxy:
        yield proxy


@pytest.fixture
def cut_pilot(pilot: Pilot, wire: CuttingProxy, database: TestDatabase) -> Iterator[Pilot]:
    """The pilot again, seen by a process behind the wire."""
    keys = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
    with Book(wire.conninfo, database.vault, database.names, keys) as book:
        yield Pilot(book, pilot.learners, pilot.session_id)


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
