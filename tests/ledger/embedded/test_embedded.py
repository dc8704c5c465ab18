"""The embedded server and its users: shared by all of them, stopped after the last."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from ledger import embedded_home
from ledger.embedded import EmbeddedServer, EmbeddedServerError
from ledger.embedded_home import MEMORY, ROOM_IN_MEMORY, erase, home_of
from tests.ledger.embedded.processes import (
    another_process,
    ask,
    children,
    endpoint_of,
    home_in,
    is_running,
    nothing_left,
    postmaster,
    supervisor,
)


def test_a_first_start_makes_a_server_fit_for_a_ledger(server: EmbeddedServer) -> None:
    endpoint = server.start()
    for setting, value in {
        "data_checksums": "on",
        "fsync": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "wal_level": "replica",
        "max_connections": "100",
    }.items():
        assert ask(endpoint, f"SHOW {setting}") == value
    assert str(ask(endpoint, "SHOW server_version")).startswith("18.")
    assert ask(endpoint, "SELECT upper('é')") == "É"


def test_its_role_makes_roles_and_databases_and_is_no_superuser(server: EmbeddedServer) -> None:
    endpoint = server.start()
    assert ask(endpoint, "SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user") is True
    ask(endpoint, "CREATE ROLE reader LOGIN")
    ask(endpoint, "CREATE DATABASE another TEMPLATE parent_credits")
    with psycopg.connect(endpoint.conninfo("another")) as connection:
        assert connection.info.dbname == "another"
    assert ask(server.superuser(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")


def test_nobody_comes_in_without_the_password(server: EmbeddedServer, state: Path) -> None:
    endpoint = server.start()
    for wrong in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(endpoint.conninfo(), password=wrong)
    rules = (home_in(state) / "pg18" / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in rules if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_passwords_are_private_and_on_no_command_line(server: EmbeddedServer, state: Path) -> None:
    password = server.start().password
    for name in ("parent_credits.password", "postgres.password", "server.log", "endpoint.json"):
        assert (home_in(state) / name).stat().st_mode & 0o777 == 0o600
    for pid in (postmaster(state), supervisor(state)):
        assert password not in Path(f"/proc/{pid}/cmdline").read_text()
    assert password not in (home_in(state) / "server.log").read_text()
    assert password not in repr(server.start())


def test_a_second_process_shares_the_server_and_the_last_one_killed_stops_it(state: Path) -> None:
    first = EmbeddedServer(state)
    endpoint = first.start()
    pid = postmaster(state)
    with another_process(state) as second:
        assert endpoint_of(second) == endpoint
        assert postmaster(state) == pid
        first.leave()
        assert ask(endpoint, "SELECT 1") == 1
        second.kill()
        with nothing_left(state), pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_processes_that_start_at_once_get_one_server(state: Path) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(another_process(state)) for _ in range(4)]
        assert len({endpoint_of(process) for process in processes}) == 1
        assert len(children(supervisor(state))) == 1


def test_stopping_is_for_everybody_and_starting_works_again(state: Path) -> None:
    with another_process(state) as other:
        endpoint_of(other)
        server = EmbeddedServer(state)
        server.start()
        pid = postmaster(state)
        server.stop()
        assert not is_running(state)
        with server:
            assert postmaster(state) != pid


def test_leaving_and_starting_in_quick_turns_always_gives_a_server(state: Path) -> None:
    server = EmbeddedServer(state)
    for _ in range(4):
        assert ask(server.start(), "SELECT 1") == 1
        server.leave()


def test_a_server_that_lingers_is_there_for_the_next_user(state: Path) -> None:
    with EmbeddedServer(state, linger=60):
        pid = postmaster(state)
    with EmbeddedServer(state):
        assert postmaster(state) == pid


def test_a_wrong_setting_is_named_at_once(fresh: Path) -> None:
    begin = time.monotonic()
    with pytest.raises(EmbeddedServerError, match="no_such_setting"):
        EmbeddedServer(fresh, settings={"no_such_setting": 1}).start()
    assert time.monotonic() - begin < 30
    assert not is_running(fresh)
    with EmbeddedServer(fresh, settings={"work_mem": "5MB"}) as endpoint:
        assert ask(endpoint, "SHOW work_mem") == "5MB"


def test_a_version_the_wheel_has_not_is_refused(fresh: Path) -> None:
    with pytest.raises(RuntimeError, match="has no PostgreSQL 9"):
        EmbeddedServer(fresh, major=9).start()


def test_postgresql_16_works_and_18_does_not_open_its_data(fresh: Path) -> None:
    server = EmbeddedServer(fresh, major=16)
    with server as endpoint:
        assert str(ask(endpoint, "SHOW server_version")).startswith("16.")
        with pytest.raises(EmbeddedServerError, match="served by PostgreSQL 16"):
            EmbeddedServer(fresh, major=18).start()
    server.stop()
    with pytest.raises(EmbeddedServerError, match="restore with the new"):
        EmbeddedServer(fresh, major=18).start()


def test_erasing_forgets_the_data(fresh: Path) -> None:
    server = EmbeddedServer(fresh)
    ask(server.start(), "CREATE TABLE kept AS SELECT 7 AS n")
    place = home_in(fresh)
    server.erase()
    assert not place.exists()
    assert list(fresh.iterdir()) == []
    assert ask(server.start(), "SELECT to_regclass('kept')") is None
    server.leave()


@pytest.mark.parametrize(
    "name", ["with space, and comma", "中文 资料" * 12], ids=["punctuation", "long and Chinese"]
)
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    state = tmp_path / name
    with EmbeddedServer(state, temporary=True) as endpoint:
        assert ask(endpoint, "SELECT 1") == 1
        assert state.stat().st_mode & 0o777 == 0o700


def test_a_temporary_server_lives_in_memory_and_leaves_nothing_there(tmp_path: Path) -> None:
    state = tmp_path / "var"
    room = shutil.disk_usage(MEMORY).free if MEMORY.is_dir() else 0
    if room <= ROOM_IN_MEMORY:
        pytest.skip("no room in memory on this machine")
    with EmbeddedServer(state, temporary=True) as endpoint:
        home = home_in(state)
        assert home.parent == MEMORY / f"parent-credits-{os.geteuid()}"
        assert (home / "pg18" / "postmaster.pid").exists()
        assert ask(endpoint, "SELECT 1") == 1
    deadline = time.monotonic() + 30
    while home.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_in_memory_that_is_another_accounts_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_home, "MEMORY", tmp_path)
    monkeypatch.setattr(embedded_home, "ROOM_IN_MEMORY", 0)
    theirs = tmp_path / "parent-credits-0"
    theirs.mkdir()
    os.chown(theirs, 65534, -1)
    assert home_of(tmp_path / "var", temporary=True).path.parent == embedded_home.BASE
    erase(tmp_path / "var")
    os.chown(theirs, 0, -1)
    assert home_of(tmp_path / "var", temporary=True).path.parent == theirs
