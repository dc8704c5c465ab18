"""Two PostgreSQL nodes, one the standby of the other: to be killed, promoted and rejoined."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from ledger import binaries, embedded_account
from ledger.embedded_cluster import SHIM
from ledger.embedded_home import BASE
from tests.soak.ground import lasting_port

MAJOR = 18
PASSWORD = "invented"
PATIENCE = 60.0
SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "150",
    "shared_buffers": "64MB", "wal_keep_size": "512MB", "wal_sender_timeout": "5s",
    "wal_receiver_timeout": "5s", "wal_retrieve_retry_interval": "200ms",
    "wal_receiver_status_interval": "1s", "io_method": "sync", "log_min_messages": "warning",
}  # fmt: skip


@dataclass
class Node:
    """One server: its folder, its port, and its process while it runs."""

    name: str
    folder: Path
    port: int = field(default_factory=lasting_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / self.name

    @property
    def superuser(self) -> str:
        return make_conninfo(
            host="127.0.0.1", port=self.port, user="postgres", password=PASSWORD,
            dbname="postgres", connect_timeout=3,
        )  # fmt: skip

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            cursor = connection.execute(question.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def set(self, name: str, value: str) -> None:
        self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def start(self) -> None:
        """Called by the main thread: the server ends with the thread that started it."""
        account = embedded_account.chosen(None)
        me = [os.getpid(), account.uid if account else -1, account.gid if account else -1]
        command = [sys.executable, "-I", "-S", str(SHIM), *map(str, me), program("postgres")]
        log = os.open(self.folder / f"{self.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.process = subprocess.Popen(
            [*command, "-D", str(self.data), f"--port={self.port}"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
            env=binaries.CLEAN, start_new_session=True,
        )  # fmt: skip
        os.close(log)
        until(self.answers)

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"node {self.name} did not start"
        with suppress(psycopg.OperationalError):
            return bool(self.ask("SELECT true"))
        return False

    def kill(self) -> None:
        """The postmaster and all its children at once, and wait until it is reaped."""
        if self.process is None:
            return
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.process.wait()
        self.process = None
        until(lambda: not any(Path(f"/proc/{each}").exists() for each in children))


@dataclass
class Pair:
    """Who writes and who stands by; a failover changes the roles."""

    primary: Node
    standby: Node

    def conninfo(self, **words: object) -> str:
        """Both hosts, whichever of them writes: as docs/high-availability.md says."""
        first, second = sorted((self.primary, self.standby), key=lambda node: node.name)
        return make_conninfo(
            host="127.0.0.1,127.0.0.1", port=f"{first.port},{second.port}", user="postgres",
            password=PASSWORD, target_session_attrs="read-write",
            **{"dbname": "postgres"} | words,  # type: ignore[arg-type]  # a word for libpq
        )  # fmt: skip

    def wait_for_standby(self, is_wanted: bool = True) -> None:
        """Writes are acknowledged when the standby has them, from now on."""
        self.primary.set("synchronous_standby_names", "FIRST 1 (standby)" if is_wanted else "")
        state = "sync" if is_wanted else "async"
        until(lambda: bool(self.primary.ask(
            "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = %s", state
        )))  # fmt: skip

    def hold_back(self) -> None:
        """The standby receives nothing more; the primary sees it go."""
        self.standby.set("primary_conninfo", "")
        until(lambda: not self.primary.ask("SELECT 1 FROM pg_stat_replication"))

    def kill_and_promote(self) -> float:
        """The primary dies; the other one takes over, and acknowledges alone until one rejoins.

        Returns the moment of its death.
        """
        self.primary.kill()
        dead = time.monotonic()
        self.standby.ask("SELECT pg_promote()")
        self.standby.set("synchronous_standby_names", "")
        self.primary, self.standby = self.standby, self.primary
        return dead

    def rejoin(self) -> None:
        """Bring the one that died back as standby, and wait until it has replayed everything."""
        # Else pg_rewind sees the timeline of before and says that there is nothing to do.
        self.primary.ask("CHECKPOINT")
        run("pg_rewind", f"--target-pgdata={self.standby.data}",
            f"--source-server={self.primary.superuser}")  # fmt: skip
        follow(self.standby, self.primary)
        self.standby.start()
        self.wait_for_replay()

    def wait_for_replay(self) -> None:
        [(at,)] = self.primary.ask("SELECT pg_current_wal_flush_lsn()::text")
        replayed = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        until(lambda: self.standby.ask(replayed, at)[0][0] is True)

    def end(self) -> None:
        self.primary.kill()
        self.standby.kill()


@contextmanager
def pair() -> Iterator[Pair]:
    """Node a, and node b as its synchronous standby; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="nodes-"))
    embedded_account.give(folder, embedded_account.chosen(None))
    a, b = Node("a", folder), Node("b", folder)
    found = Pair(a, b)
    try:
        initdb(a)
        a.start()
        copy(a, b)
        b.start()
        found.wait_for_standby()
        yield found
    finally:
        found.end()
        shutil.rmtree(folder)


def initdb(node: Node) -> None:
    run("initdb", f"--pgdata={node.data}", "--username=postgres", "--pwfile=/dev/stdin",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums",
        text=PASSWORD)  # fmt: skip
    # In the file: pg_rewind recovers a killed node first, which must keep its WAL for it.
    with (node.data / "postgresql.conf").open("a") as file:
        file.writelines(f"{key} = '{value}'\n" for key, value in SETTINGS.items())


def copy(source: Node, target: Node) -> None:
    """A new standby from nothing."""
    run("pg_basebackup", f"--dbname={source.superuser}", f"--pgdata={target.data}",
        "--wal-method=stream", "--checkpoint=fast")  # fmt: skip
    follow(target, source)


def follow(standby: Node, primary: Node) -> None:
    sign = standby.data / "standby.signal"
    sign.touch()
    embedded_account.give(sign, embedded_account.chosen(None))
    to = f"host=127.0.0.1 port={primary.port} user=postgres password={PASSWORD}"
    with (standby.data / "postgresql.auto.conf").open("a") as file:
        file.write(f"primary_conninfo = '{to} application_name=standby'\n")
        file.write("synchronous_standby_names = ''\n")


def program(name: str) -> str:
    account = embedded_account.chosen(None)
    tree = binaries.reachable(binaries.install(MAJOR), account, beside=BASE / "programs")
    return str(tree / "bin" / name)


def run(name: str, *words: str, text: str = "") -> None:
    """A program of PostgreSQL as the account of the servers; raises where it fails."""
    account = embedded_account.chosen(None)
    reader, writer = os.pipe()
    if account:  # initdb opens /dev/stdin anew, with its own rights
        os.fchown(reader, account.uid, account.gid)
    os.write(writer, text.encode())
    os.close(writer)
    done = subprocess.run(
        [program(name), *words], stdin=reader, capture_output=True, text=True, check=False,
        cwd="/", env=binaries.CLEAN, **embedded_account.credentials(account),
    )  # fmt: skip
    os.close(reader)
    assert not done.returncode, done.stderr


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, "it does not come to pass"
        time.sleep(0.02)
