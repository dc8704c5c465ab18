"""The embedded server after kill -9 of any of its parts: it comes back, with its data."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedServer, EmbeddedServerError
from tests.ledger.embedded.processes import (
    another_process,
    ask,
    children,
    endpoint_of,
    home_in,
    kill,
    nothing_left,
    postmaster,
    supervisor,
)


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
    kill(pid, supervisor(state), *children(pid))
    pidfile = home_in(state) / "pg18" / "postmaster.pid"
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
    kill(postmaster(state), supervisor(state))
    with nothing_left(state):
        (home_in(state) / "pg18" / "postmaster.pid").write_text("")
    assert ask(server.start(), "SELECT 1") == 1


def test_a_deleted_lock_never_makes_a_second_server_on_the_same_data(fresh: Path) -> None:
    server = EmbeddedServer(fresh)
    endpoint = server.start()
    pid = postmaster(fresh)
    (home_in(fresh) / "server.lock").unlink()
    with pytest.raises(EmbeddedServerError, match=r"was server\.lock deleted"):
        EmbeddedServer(fresh).start()
    assert ask(endpoint, "SELECT 1") == 1
    kill(*children(pid), supervisor(fresh), pid)
    server.leave()


def test_a_temporary_server_leaves_nothing_when_its_last_user_was_killed(fresh: Path) -> None:
    server = EmbeddedServer(fresh, temporary=True)
    ask(server.start(), "CREATE TABLE gone AS SELECT 7 AS n")
    place = home_in(fresh)
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
    (home_in(fresh) / "pg18").rename(home_in(fresh) / "pg18.new")
    shutil.rmtree(home_in(fresh) / "pg18.new" / "base")
    with server as endpoint:
        assert ask(endpoint, "SELECT 1") == 1
