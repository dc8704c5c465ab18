"""An installation over a server of its own, whose processes are there to be killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import eventsourcing.persistence as stored
import httpx
import psycopg
import psycopg_pool
from pydantic import SecretStr

from api.bootstrap import Runtime, build
from api.settings import Settings
from api.signing import ensure_key
from ledger.ledger import Contended, OutcomeUnknown
from tests.faults.processes import Installation, found_school

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
NURSERY = [sys.executable, "-m", "tests.soak.nursery"]
PATIENCE = 180.0
# What passes when whoever was killed is back: the same command is sent again.
PASSING = (
    psycopg.Error, psycopg_pool.PoolTimeout, stored.OperationalError, stored.InterfaceError,
    OutcomeUnknown, Contended, OSError,
)  # fmt: skip


@dataclass
class Ground:
    """What runs under which name (`web 0`, `worker 1`), and a runtime to look in."""

    folder: Path
    runtime: Runtime
    made: Installation
    ports: list[int]
    running: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        self._nursery = subprocess.Popen(
            NURSERY, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @property
    def bases(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def start(self, name: str, *words: str) -> int:
        """The id of a new process of the program."""
        kind, _, number = name.partition(" ")
        environment = dict(self.made.environment)
        if kind == "web":
            environment["PARENT_CREDITS_PORT"] = str(self.ports[int(number)])
        log = str(self.folder / f"{name.replace(' ', '-')}.log")
        wanted = {"words": words, "environment": environment, "log": log}
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        with self._turn:
            self._nursery.stdin.write(json.dumps(wanted) + "\n")
            self._nursery.stdin.flush()
            self.running[name] = pid = int(self._nursery.stdout.readline())
        return pid

    def start_ended(self) -> int:
        """Start again who ended by itself (the database was away at its start), as a supervisor."""
        # Whoever is killed is struck off first.
        ran = list(self.running.items())
        ended = [n for n, pid in ran if is_dead(pid) and self.running.get(n) == pid]
        words = {"web": "serve", "worker": "work"}
        again = [(n, words[n.split()[0]]) for n in ended if n.split()[0] in words]
        for name, word in again:
            self.start(name, word)
        return len(again)

    def start_all(self, webs: int, workers: int) -> None:
        for number in range(webs):
            self.start(f"web {number}", "serve")
        for number in range(workers):
            self.start(f"worker {number}", "work")
        for base in self.bases:
            insist(partial(answers, base))

    def kill(self, name: str) -> None:
        pid = self.running.pop(name)
        with suppress(ProcessLookupError):
            while True:
                os.kill(pid, signal.SIGKILL)
                time.sleep(0.01)

    def kill_database(self) -> None:
        """The postmaster and every child of it, as when the machine's memory ran out."""
        with suppress(OSError, ValueError):
            [pidfile] = (self.folder / "var" / "pg").resolve().glob("pg*/postmaster.pid")
            kill_all(int(pidfile.read_text().splitlines()[0]))

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.runtime.close()
        if self.runtime.connections.server is not None:
            self.start("reset", "reset")
            insist(self._gone)
        self._nursery.communicate()

    def _gone(self) -> None:
        if not is_dead(self.running["reset"]):
            raise OSError("it resets")


def is_dead(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def kill_all(pid: int) -> None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def answers(base: str) -> bool:
    if httpx.get(f"{base}/livez", timeout=2).status_code != 200:
        raise OSError(base)
    return True


def insist(act: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Do it again until it is done: whoever was killed comes back."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return act()
        except (*PASSING, httpx.HTTPError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def ground(folder: Path, families: int, webs: int, database: str | None = None) -> Ground:
    """A school over its own PostgreSQL or a named one, in a folder of its own; nothing runs yet."""
    ports = [lasting_port() for _ in range(webs)]
    var, url = folder / "var", f"http://127.0.0.1:{ports[0]}"
    environment = {
        "PATH": "/usr/bin:/bin",
        "PARENT_CREDITS_VAR": str(var),
        "PARENT_CREDITS_PORT": str(ports[0]),
        "PARENT_CREDITS_PUBLIC_URL": url,
        "PARENT_CREDITS_LOG_LEVEL": "error",
    }
    named = SecretStr(database) if database else None
    if database:
        environment["PARENT_CREDITS_DATABASE_URL"] = database
    runtime = build(Settings(database_url=named, var=var, port=ports[0], public_url=url))
    ensure_key(runtime)
    made = Installation(runtime, environment)
    found_school(made, families)
    return Ground(folder, runtime, made, ports)


def lasting_port() -> int:
    """A port that no outgoing connection takes while its process is dead for a moment."""
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
