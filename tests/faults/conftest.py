"""A pilot school whose book writes through a wire that can be cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.book import Book
from ledger.vault import VaultKeys
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.faults.cutting import CuttingProxy, cutting


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
