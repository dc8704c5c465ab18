"""A drill brings a backup back, proves it, and leaves nothing; what differs fails it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import psycopg
import pytest

from api.backup import Kept, back_up
from api.bootstrap import Runtime
from api.signing import create_key
from ledger import guard
from tests.acting import STARTS, Pilot, envelope
from tests.api.log.test_log_files import step
from tests.api.test_cli import Command, command
from tests.database import TestDatabase

__all__ = ["command"]

PASSPHRASE = "zhang-pu-jiang-1987"


@pytest.fixture
def backup(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a school whose log is kept; the source goes on after it. Drills have a folder for us."""
    pilot = Pilot(runtime.book).set_up()
    create_key(runtime, runtime.now())
    step(runtime.log_keeping)
    file, connections = tmp_path / "pilot.backup", runtime.connections
    kept = Kept.of(runtime.secrets, runtime.settings.signing_keys)
    back_up(connections.owner, connections.names, kept, file, PASSPHRASE)
    runtime.book.learners.consent(pilot.learners[0], "records", "1", envelope(STARTS))
    step(runtime.log_keeping)
    drills = tmp_path / "drills"
    drills.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(drills))
    return file


def drilled(command: Command, file: Path, *words: str) -> tuple[int, list[str]]:
    command.environment["PARENT_CREDITS_PASSPHRASE"] = PASSPHRASE
    done = command("drill", str(file), *words)
    assert not list((file.parent / "drills").iterdir())
    return done.exit_code, done.output.splitlines()


def tampered(database: TestDatabase, table: str, statement: str) -> None:
    """As whoever has the password of the database's owner can."""
    with psycopg.connect(database.owner) as connection:
        guard.allow(connection, database.schema)
        connection.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER USER".encode())
        connection.execute(statement.encode())
        connection.execute(f"ALTER TABLE ledger.{table} ENABLE TRIGGER USER".encode())


@pytest.mark.slow
def test_a_drill_tells_the_seconds_of_every_step(
    runtime: Runtime, backup: Path, command: Command
) -> None:
    code, lines = drilled(command, backup)

    assert code == 0
    assert [re.sub(r"[0-9.]+ s", "…", line).split("\t")[0] for line in lines] == [
        "✓ restore", "✓ rebuild", "✓ audit", "✓ compare", "✓ …",
    ]  # fmt: skip
    last = runtime.book.ledger.position() - 1
    assert lines[3].split("\t")[2] == str(last)


@pytest.mark.slow
def test_a_source_that_holds_something_else_fails_the_drill(
    backup: Path, command: Command, database: TestDatabase
) -> None:
    tampered(
        database, "ledger_events",
        "DELETE FROM ledger.ledger_events WHERE topic = 'session.scheduled'",
    )  # fmt: skip
    tampered(
        database, "log_tile",
        "UPDATE ledger.log_tile SET hashes = decode(repeat('00', 32), 'hex')"
        " || substring(hashes FROM 33) WHERE level = 0",
    )  # fmt: skip

    code, lines = drilled(command, backup)

    assert code == 1
    assert "  session.scheduled: 1 restored, 0 in the source" in lines
    assert "  log: log_forked" in lines
    assert drilled(command, backup, "--alone")[0] == 0


def test_a_backup_that_cannot_be_restored_fails_the_drill(backup: Path, command: Command) -> None:
    backup.write_bytes(backup.read_bytes()[:-1])
    assert drilled(command, backup)[0] == 4
