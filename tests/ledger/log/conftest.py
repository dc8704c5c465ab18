"""A sequencer on a database of one's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from ledger import guard
from ledger.log.logs import Connection, Logs
from ledger.log.publishing import CheckpointFolder
from ledger.log.sequencer import Sequencer, log_signer
from tests.database import TestDatabase

ORIGIN = "log.example/log"
signer_of = partial(log_signer, b"s" * 32)


@dataclass(frozen=True)
class LogDesk:
    """What keeps a log and what reads it."""

    database: TestDatabase
    folder: CheckpointFolder
    logs: Logs

    def opened(self, patience: float = 10) -> Sequencer:
        """The next one; the server may take a moment to see that the last was killed."""
        until = time.monotonic() + patience
        while True:
            found = Sequencer.opened(
                self.database.log, self.database.names, ORIGIN, signer_of, self.folder
            )
            if found is not None:
                return found
            assert time.monotonic() < until, "somebody else keeps this log"
            time.sleep(0.05)

    def step(self) -> None:
        with self.opened() as sequencer:
            sequencer.step()

    def tamper(self, table: str, statement: str) -> None:
        """Past guard and triggers, as whoever has the password of the database's owner can."""
        with psycopg.connect(self.database.owner) as connection:
            guard.allow(connection, self.database.schema)
            connection.execute(cast("Any", f"ALTER TABLE ledger.{table} DISABLE TRIGGER USER"))
            connection.execute(cast("Any", statement))
            connection.execute(cast("Any", f"ALTER TABLE ledger.{table} ENABLE TRIGGER USER"))


@pytest.fixture
def desk(database: TestDatabase, tmp_path: Path) -> Iterator[LogDesk]:
    with ConnectionPool[Connection](database.app, min_size=1, max_size=2, open=True) as pool:
        yield LogDesk(database, CheckpointFolder(tmp_path / "log"), Logs(pool, "ledger"))
