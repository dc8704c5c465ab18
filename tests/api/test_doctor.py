"""`parent-credits doctor`: what is wrong is found, and what to do about it is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api import doctor, doctor_archive
from api.backup_notes import BackupNotes
from api.bootstrap import Runtime
from api.doctor import examine
from api.findings import Finding, State
from api.settings import Settings
from api.signing import create_key
from tests.acting import Pilot
from tests.api.log.test_log_files import step
from tests.api.test_cli import Command
from tests.clock import TestClock
from tests.database import TestDatabase, TestServer


@pytest.fixture
def house(runtime: Runtime, clock: TestClock) -> Runtime:
    """A small house in order, by a clock that shows the true time."""
    with psycopg.connect(runtime.connections.owner) as owner:
        row = owner.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    clock.move_to(row[0])
    Pilot(runtime.book).set_up()
    create_key(runtime, runtime.now())
    for key in runtime.settings.secrets_folder.iterdir():
        key.chmod(0o600)  # the tests' own passwords lie there as they were copied
    runtime.projector.catch_up()
    step(runtime.log_keeping)
    return runtime


def found(runtime: Runtime, what: str) -> Finding:
    return next(each for each in examine(runtime) if each.what.startswith(what))


def test_a_house_in_order_has_nothing_bad(house: Runtime) -> None:
    findings = list(examine(house))
    assert [each for each in findings if each.state is State.BAD] == []
    assert {each.what for each in findings} >= {
        "database", "clock", "connections", "roles", "guard", "secrets", "signing key",
        "read models", "log", "backup", "drill",
    }  # fmt: skip
    assert all(each.do for each in findings if each.state is State.LOOK)


def test_a_wrong_clock_is_found(house: Runtime, clock: TestClock) -> None:
    clock.move(timedelta(minutes=5))
    assert found(house, "clock").state is State.BAD


def test_a_mighty_role_is_found(house: Runtime, postgres: TestServer) -> None:
    """In this database alone: roles are the whole server's, and others work on it."""
    names = house.connections.names
    here = conninfo_to_dict(house.connections.owner)["dbname"]
    with psycopg.connect(make_conninfo(postgres.superuser, dbname=here)) as connection:
        connection.execute(f"DROP SCHEMA {names.ledger}_guard CASCADE")
        connection.execute(f"GRANT UPDATE ON {names.ledger}.ledger_events TO {names.app_role}")
    finding = found(house, "roles")
    assert finding.state is State.BAD
    assert "UPDATE" in finding.found
    assert found(house, "guard").state is State.LOOK


def test_secrets_that_others_may_read_are_found(house: Runtime) -> None:
    (house.settings.secrets_folder / "vault.key").chmod(0o644)
    finding = found(house, "secrets")
    assert (finding.state, "vault.key" in finding.found) == (State.BAD, True)
    (house.settings.secrets_folder / "vault.key").unlink()
    assert "vault" in found(house, "secrets").found


def test_a_key_that_was_rotated_away_and_still_lies_there_is_told(house: Runtime) -> None:
    (house.settings.secrets_folder / "vault.0123456789abcdef.old").touch(0o600)
    finding = found(house, "old vault key")
    assert (finding.state, finding.found) == (State.LOOK, "vault.0123456789abcdef.old")


def test_a_key_that_ends_soon_and_one_that_ended(house: Runtime, clock: TestClock) -> None:
    clock.move(timedelta(days=2 * 365 - 10))
    assert found(house, "signing key").state is State.LOOK
    clock.move(timedelta(days=20))
    assert found(house, "signing key").state is State.BAD


def test_little_room_is_found(house: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((2**29, State.BAD), (2 * 2**30, State.LOOK), (9 * 2**30, State.GOOD)):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr("shutil.disk_usage", lambda _, usage=usage: usage)
        assert found(house, "disk").state is state


@pytest.mark.parametrize(
    ("trusted", "state"), [("127.0.0.1", State.LOOK), ("172.31.97.1", State.GOOD)]
)
def test_a_proxy_elsewhere_that_is_not_believed_is_told(
    runtime: Runtime, trusted: str, state: State
) -> None:
    given = Settings(host="0.0.0.0", public_url="https://example.cn", trusted_proxies=trusted)
    [finding] = doctor.proxies(replace(runtime, settings=given))
    assert finding.state is state
    assert bool(finding.do) is (state is State.LOOK)


def test_a_stopped_read_model_is_named(house: Runtime) -> None:
    with psycopg.connect(house.connections.owner) as owner:
        stopped = "UPDATE ledger_views.checkpoint SET stopped_reason = 'poison'"
        owner.execute(f"{stopped} WHERE projection = 'roster'")
    finding = found(house, "read model roster")
    assert (finding.state, finding.found) == (State.BAD, "poison")


def test_old_backups_are_told(house: Runtime, tmp_path: Path) -> None:
    notes = BackupNotes(house.settings.backup_notes)
    for days, state in ((9, State.BAD), (2, State.LOOK), (0, State.GOOD)):
        notes.note("backup", house.now() - timedelta(days=days), tmp_path / "a.backup")
        assert found(house, "backup").state is state
    with notes.path.open("a") as cut:
        cut.write('{"kind": "backup"')
    assert found(house, "backup").state is State.GOOD


def test_a_check_that_cannot_look_says_so(house: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(doctor, "standing", broken)
    finding = found(house, "log")
    assert (finding.state, finding.found) == (State.BAD, "RuntimeError")


def test_the_command_says_it_and_exits_with_one_for_what_is_bad(
    runtime: Runtime, database: TestDatabase
) -> None:
    command = Command(database, runtime.settings.var)
    told = command("doctor", "--json")
    assert told.exit_code == 1  # no signing key
    assert {"what": "signing key", "state": "bad", "found": "none is in force",
            "do": "parent-credits keys create"} in json.loads(told.stdout)  # fmt: skip
    assert "→ parent-credits keys create" in command("doctor").stdout


def test_what_waits_for_an_archive_and_may_not_be_seen_is_said(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a named server whose owner is no monitor; here an archive that has nothing yet."""
    monkeypatch.setattr(doctor_archive, "_ARCHIVE", "SELECT true, NULL, NULL, NULL")
    unseen = replace(runtime.connections, owner=runtime.connections.app)

    found = next(
        each for each in examine(replace(runtime, connections=unseen)) if each.what == "archive"
    )

    assert (found.state, found.found) == (State.LOOK, "how many files wait is not seen")
    assert "pg_monitor" in found.do
