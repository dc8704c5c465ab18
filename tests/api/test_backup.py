"""A backup comes back whole with its secrets, and not at all without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from api import secrets as installation
from api.access.idempotency import Answer, Claim
from api.backup import Kept, back_up, opened, restore, sealed, secrets_beside
from api.bootstrap import Runtime, build
from api.sealed_files import BackupError, Seal
from api.settings import Settings
from api.signing import create_key, key_store
from domain.session import Session
from ledger import guard
from projections.feed import Fact
from projections.following import Follower, Following
from tests.acting import Pilot
from tests.clock import TestClock
from tests.database import TestServer

PASSPHRASE = "zhang-pu-jiang-1987"


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """An empty database on the same server."""
    name = f"restored_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield make_conninfo(server, dbname=name)
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture
def backup(runtime: Runtime, tmp_path: Path) -> Path:
    """A backup of a school with three families."""
    Pilot(runtime.book).set_up()
    create_key(runtime, runtime.now())
    file = tmp_path / "pilot.backup"
    connections = runtime.connections
    kept = Kept.of(runtime.secrets, runtime.settings.signing_keys)
    back_up(connections.owner, connections.names, kept, file, PASSPHRASE)
    return file


def elsewhere(folder: Path, database: str) -> Settings:
    return Settings(database_url=SecretStr(database), var=folder / "elsewhere")


def test_a_backup_comes_back_with_every_fact_and_every_name(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path, clock: TestClock
) -> None:
    settings = elsewhere(tmp_path, empty)
    restore(empty, runtime.connections.names, backup, PASSPHRASE, settings)

    again = build(settings, now=clock)
    try:
        again.projector.catch_up()
        learners = again.models.roster.learners_of("4401040001", 2026)
        names = {subject.name for subject in again.book.vault.open(learners).values()}
        assert again.book.ledger.position() == runtime.book.ledger.position()
        assert key_store(again).public_keys() == key_store(runtime).public_keys()
        assert names == {"（示例）陈建2", "（示例）陈建3", "（示例）陈建4"}
    finally:
        again.close()


def test_the_award_process_goes_on_where_it_was(
    runtime: Runtime, empty: str, tmp_path: Path, clock: TestClock
) -> None:
    """Not from the beginning: all of history would be judged once more."""
    Pilot(runtime.book).set_up()
    runtime.projector.set_up()
    following(runtime, []).catch_up()
    head, file, connections = runtime.book.ledger.position(), tmp_path / "b", runtime.connections
    back_up(connections.owner, connections.names, Kept(runtime.secrets), file, PASSPHRASE)
    settings = elsewhere(tmp_path, empty)
    restore(empty, connections.names, file, PASSPHRASE, settings)

    again, asked = build(settings, now=clock), list[Fact]()
    try:
        again.projector.set_up()
        following(again, asked).catch_up()
        [awards] = [each for each in again.projector.status() if each.name == "awards"]
        assert (awards.position, asked) == (head, [])
    finally:
        again.close()


def test_kept_answers_do_not_travel(
    runtime: Runtime, empty: str, tmp_path: Path, clock: TestClock
) -> None:
    claim = runtime.idempotency.begin("chen", "key-1", b"f" * 32, clock.at)
    assert isinstance(claim, Claim)
    runtime.idempotency.finish(claim, Answer(200, {}, b"{}"))
    file, connections = tmp_path / "b", runtime.connections
    back_up(connections.owner, connections.names, Kept(runtime.secrets), file, PASSPHRASE)
    restore(empty, connections.names, file, PASSPHRASE, elsewhere(tmp_path, empty))

    with psycopg.connect(empty) as connection:
        table = Identifier(connections.names.web, "kept_answer")
        kept = connection.execute(SQL("SELECT 1 FROM {}").format(table)).fetchall()
    assert kept == []


def following(runtime: Runtime, asked: list[Fact]) -> Following:
    topics = frozenset({Session.Scheduled.TOPIC})
    made = Following(runtime.views, Follower("awards", topics, asked.extend))
    made.set_up()
    return made


def test_without_the_secrets_nothing_is_restored(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path
) -> None:
    secrets_beside(backup).unlink()

    with pytest.raises(BackupError, match="secrets_missing"):
        restore(empty, runtime.connections.names, backup, PASSPHRASE, elsewhere(tmp_path, empty))
    with psycopg.connect(empty) as connection:
        assert (
            connection.execute(
                "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'ledger'"
            ).fetchall()
            == []
        )


@pytest.mark.parametrize("passphrase", ["", "zhang-pu-jiang-1988"])
def test_a_wrong_passphrase_opens_nothing(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path, passphrase: str
) -> None:
    with pytest.raises(BackupError, match="passphrase_wrong"):
        restore(empty, runtime.connections.names, backup, passphrase, elsewhere(tmp_path, empty))


def test_a_restore_goes_only_into_an_empty_place(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path
) -> None:
    connections = runtime.connections
    there = elsewhere(tmp_path, connections.owner)
    with pytest.raises(BackupError, match="not_empty"):
        restore(connections.owner, connections.names, backup, PASSPHRASE, there)
    with pytest.raises(BackupError, match="not_empty"):
        restore(empty, connections.names, backup, PASSPHRASE, runtime.settings)


def test_where_the_guard_of_a_ledger_was_left_is_no_empty_place(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path, postgres: TestServer
) -> None:
    names, name = runtime.connections.names, conninfo_to_dict(empty)["dbname"]
    with psycopg.connect(make_conninfo(postgres.superuser, dbname=name)) as superuser:
        superuser.execute(guard.script(names.ledger))
    with pytest.raises(BackupError, match="not_empty"):
        restore(empty, names, backup, PASSPHRASE, elsewhere(tmp_path, empty))


def test_a_short_passphrase_is_refused_before_anything_is_written(
    runtime: Runtime, tmp_path: Path
) -> None:
    connections, file = runtime.connections, tmp_path / "pilot.backup"
    with pytest.raises(BackupError, match="passphrase_too_short"):
        back_up(connections.owner, connections.names, Kept(runtime.secrets), file, "short")
    assert list(tmp_path.glob("*pilot*")) == []


def test_sealed_secrets_that_were_touched_do_not_open(runtime: Runtime) -> None:
    content = sealed(Kept(runtime.secrets), PASSPHRASE)
    assert opened(content, PASSPHRASE).secrets == runtime.secrets

    touched = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(BackupError, match="passphrase_wrong"):
        opened(touched, PASSPHRASE)


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = installation.load_or_make(tmp_path / "secrets")
    again = installation.load_or_make(tmp_path / "secrets")

    assert first == again
    assert first != replace(first, vault=b"x" * 32)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
    assert "vault" not in repr(first)
    assert installation.missing(tmp_path / "secrets") == []
    assert "vault" in installation.missing(tmp_path / "nowhere")


def test_nobody_reads_the_database_file_without_the_passphrase(backup: Path) -> None:
    content = backup.read_bytes()
    assert b"PGDMP" not in content[:100]
    assert b"session.scheduled" not in content
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_without_its_end_leaves_the_database_empty(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path
) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) - 100])
    with pytest.raises(BackupError, match="backup_damaged"):
        restore(empty, runtime.connections.names, backup, PASSPHRASE, elsewhere(tmp_path, empty))
    with psycopg.connect(empty) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'ledger'")
        assert found.fetchall() == []


def test_a_backup_of_an_older_release_lies_open_and_is_restored(
    runtime: Runtime, backup: Path, empty: str, tmp_path: Path, clock: TestClock
) -> None:
    with backup.open("rb") as file:
        plain = b"".join(Seal.of(file, PASSPHRASE).open(file))
    backup.write_bytes(plain)
    assert plain.startswith(b"PGDMP")
    settings = elsewhere(tmp_path, empty)

    restore(empty, runtime.connections.names, backup, PASSPHRASE, settings)

    again = build(settings, now=clock)
    try:
        assert again.book.ledger.position() == runtime.book.ledger.position()
    finally:
        again.close()
