"""Looking at, and ending, the processes of an embedded server and of those who use it."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg

from ledger.embedded import Endpoint

ROOT = Path(__file__).parents[3]
USER = Path(__file__).with_name("user.py")


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


def home_in(state: Path) -> Path:
    return (state / "pg").resolve()


def postmaster(state: Path, major: int = 18) -> int:
    return int((home_in(state) / f"pg{major}" / "postmaster.pid").read_text().split("\n")[0])


def supervisor(state: Path) -> int:
    stat = Path(f"/proc/{postmaster(state)}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill(*pids: int) -> None:
    """Kill them with -9, all of them before any is waited for: no one tidies up after another."""
    with ExitStack() as handles:
        killed: list[int] = []
        for pid in pids:
            with suppress(ProcessLookupError):
                killed.append(os.pidfd_open(pid))
                handles.callback(os.close, killed[-1])
                signal.pidfd_send_signal(killed[-1], signal.SIGKILL)
        for handle in killed:
            select.select([handle], [], [])


@contextmanager
def nothing_left(state: Path, after: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until no process of the server is left, and keep new ones out."""
    lock = os.open(home_in(state) / "server.lock", os.O_RDWR)
    after()
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def is_running(state: Path) -> bool:
    lock = os.open(home_in(state) / "server.lock", os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(lock)
