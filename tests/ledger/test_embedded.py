"""The embedded server and its users: shared, stopped after the last, back after any kill."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from ledger.embedded import EmbeddedServer, EmbeddedServerError, Endpoint

ROOT = Path(__file__).parents[2]
USER = Path(__file__).with_name("embedded_user.py")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder that the tests share, one after the other: each leaves a sound server."""
    folder = tmp_path_factory.mktemp("installation") / "var"
    yield folder
    EmbeddedServer(folder).erase()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var"
    yield folder
    EmbeddedServer(folder).erase()


@pytest.fixture
def server(state: Path) -> Iterator[EmbeddedServer]:
    running = EmbeddedServer(state)
    running.start()
    yield running
    running.leave()


@contextmanager
def another_process(state: Path, major: int = 18) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(USER), str(state), str(major)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    ) as process:
        yield process
        process.kill()


def endpoint_of(process: subprocess.Popen[str]) -> Endpoint:
    assert process.stdout is not None
    return Endpoint(**json.loads(process.stdout.readline()))


def ask(endpoint: Endpoint, statement: str) -> object:
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def home(state: Path) -> Path:
    return (state / "pg").resolve()


def postmaster(state: Path, major: int = 18) -> int:
    return int((home(state) / f"pg{major}" / "postmaster.pid").read_text().split("\n")[0])


def supervisor(state: Path) -> int:
    stat = Path(f"/proc/{postmaster(state)}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill(*pids: int) -> None:
    """Kill them with -9 and wait until each has ended."""
    for pid in pids:
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [])
            os.close(handle)


@contextmanager
def nothing_left(state: Path, after: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until no process of the server is left, and keep new ones out."""
    lock = os.open(home(state) / "server.lock", os.O_RDWR)
    after()
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def is_running(state: Path) -> bool:
    lock = os.open(home(state) / "server.lock", os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(lock)


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
    rules = (home(state) / "pg18" / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in rules if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_passwords_are_private_and_on_no_command_line(server: EmbeddedServer, state: Path) -> None:
    password = server.start().password
    for name in ("parent_credits.password", "postgres.password", "server.log", "endpoint.json"):
        assert (home(state) / name).stat().st_mode & 0o777 == 0o600
    for pid in (postmaster(state), supervisor(state)):
        assert password not in Path(f"/proc/{pid}/cmdline").read_text()
    assert password not in (home(state) / "server.log").read_text()
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


def test_a_killed_postmaster_is_started_again_with_its_data(
    server: EmbeddedServer, state: Path
) -> None:
    ask(server.start(), "CREATE TABLE survivor_of_postmaster AS SELECT 7 AS n")
    old, owner = postmaster(state), supervisor(state)
    kill(old)
    assert ask(server.start(), "SELECT n FROM survivor_of_postmaster") == 7
    assert postmaster(state) != old
    assert supervisor(state) == owner


def test_a_killed_supervisor_takes_the_server_along_and_a_new_start_brings_it_back(
    server: EmbeddedServer, state: Path
) -> None:
    ask(server.start(), "CREATE TABLE survivor_of_supervisor AS SELECT 7 AS n")
    kill(supervisor(state))
    with nothing_left(state):
        pass
    assert ask(server.start(), "SELECT n FROM survivor_of_supervisor") == 7


def test_after_everything_was_killed_a_stale_pid_that_lives_again_is_no_obstacle(
    server: EmbeddedServer, state: Path
) -> None:
    ask(server.start(), "CREATE TABLE survivor_of_everything AS SELECT 7 AS n")
    pid = postmaster(state)
    kill(supervisor(state), *children(pid), pid)
    pidfile = home(state) / "pg18" / "postmaster.pid"
    with nothing_left(state):
        account = pidfile.stat().st_uid  # of the same account: another's pid would be no riddle
        stranger = subprocess.Popen(["sleep", "60"], user=account if os.geteuid() == 0 else None)
        lines = pidfile.read_text().split("\n")
        pidfile.write_text("\n".join([str(stranger.pid), *lines[1:]]))
    assert ask(server.start(), "SELECT n FROM survivor_of_everything") == 7
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_empty_pid_file_left_by_a_power_cut_is_no_obstacle(
    server: EmbeddedServer, state: Path
) -> None:
    server.start()
    kill(supervisor(state), postmaster(state))
    with nothing_left(state):
        (home(state) / "pg18" / "postmaster.pid").write_text("")
    assert ask(server.start(), "SELECT 1") == 1


def test_a_deleted_lock_never_makes_a_second_server_on_the_same_data(fresh: Path) -> None:
    server = EmbeddedServer(fresh)
    endpoint = server.start()
    pid = postmaster(fresh)
    (home(fresh) / "server.lock").unlink()
    with pytest.raises(EmbeddedServerError, match=r"was server\.lock deleted"):
        EmbeddedServer(fresh).start()
    assert ask(endpoint, "SELECT 1") == 1
    kill(*children(pid), supervisor(fresh), pid)
    server.leave()


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


def test_a_temporary_server_leaves_nothing_when_its_last_user_was_killed(fresh: Path) -> None:
    server = EmbeddedServer(fresh, temporary=True)
    ask(server.start(), "CREATE TABLE gone AS SELECT 7 AS n")
    place = home(fresh)
    with another_process(fresh) as other:
        endpoint_of(other)
        server.leave()
        with nothing_left(fresh, after=other.kill):
            assert not place.exists()
            assert list(fresh.iterdir()) == []
    with EmbeddedServer(fresh) as endpoint:
        assert ask(endpoint, "SELECT to_regclass('gone')") is None


def test_an_initialisation_cut_short_is_done_again(fresh: Path) -> None:
    server = EmbeddedServer(fresh)
    server.start()
    server.stop()
    (home(fresh) / "pg18").rename(home(fresh) / "pg18.new")
    shutil.rmtree(home(fresh) / "pg18.new" / "base")
    with server as endpoint:
        assert ask(endpoint, "SELECT 1") == 1


def test_erasing_forgets_the_data(fresh: Path) -> None:
    server = EmbeddedServer(fresh)
    ask(server.start(), "CREATE TABLE kept AS SELECT 7 AS n")
    place = home(fresh)
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
