"""Our own PostgreSQL killed with -9 under a serving web process: it comes back, and answers."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.processes import CONSOLE
from tests.journeys.site import free_port, until


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web process and its worker over a server of their own; base address and var folder."""
    port, var = free_port(), tmp_path / "var"
    base = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": "/usr/bin:/bin",
        "PARENT_CREDITS_VAR": str(var),
        "PARENT_CREDITS_PORT": str(port),
        "PARENT_CREDITS_PUBLIC_URL": base,
        "PARENT_CREDITS_LOG_LEVEL": "critical",
    }
    subprocess.run([CONSOLE, "setup"], env=environment, check=True)
    running = [subprocess.Popen([CONSOLE, word], env=environment) for word in ("serve", "work")]
    until(lambda: status(base, "/readyz") == 200)
    yield base, var
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)
    subprocess.run([CONSOLE, "reset"], env=environment, check=True)


def status(base: str, address: str) -> int:
    try:
        return httpx.get(base + address, timeout=20).status_code
    except httpx.HTTPError:
        return 0


def postmaster(var: Path) -> int:
    [pidfile] = (var / "pg").resolve().glob("pg*/postmaster.pid")
    return int(pidfile.read_text().splitlines()[0])


def kill_all(pid: int) -> None:
    """The postmaster and every child of it, as when the machine's memory ran out."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_a_killed_server_comes_back_and_pages_answer(served: tuple[str, Path]) -> None:
    base, var = served
    looked_up = "/verify?number=440104-2026-0000123-7&code=ABCD-EFGH"
    first = status(base, looked_up)
    before = postmaster(var)

    kill_all(before)

    until(lambda: pid_of(var) not in {0, before})
    until(lambda: status(base, "/readyz") == 200)
    assert status(base, looked_up) == first
    assert first < 500


def pid_of(var: Path) -> int:
    try:
        return postmaster(var)
    except (OSError, ValueError):
        return 0
