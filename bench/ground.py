"""The ground a benchmark stands on: a server, a fresh database, and the program joined on it."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from api.bootstrap import Runtime, build
from api.settings import Settings
from bench.processors import count_in, server_of
from ledger.embedded import EmbeddedServer

LEDGER = "bench"
# Roles belong to the whole cluster: every database of a run finds the same secrets.
ROLE_SECRETS = {"database_app": b"a" * 32, "database_vault": b"v" * 32, "database_log": b"l" * 32}


@dataclass(frozen=True)
class Ground:
    """A database of its own, with every part of the program on it."""

    runtime: Runtime
    owner: str
    profile: bool = False  # whether children of a benchmark tell where their time goes
    server_pid: int | None = None  # of a server on this machine

    @property
    def settings(self) -> Settings:
        return self.runtime.settings

    def environment(self) -> dict[str, str]:
        """What a process of the program needs to stand on the same ground."""
        settings = self.settings
        own = {
            "DATABASE_URL": self.owner,
            "LEDGER": settings.ledger,
            "VAR": str(settings.var),
            "PUBLIC_URL": settings.public_url,
            "PORT": str(settings.port),
            "LOG_LEVEL": "warning",
        }
        return os.environ | {f"PARENT_CREDITS_{name}": value for name, value in own.items()}


@contextmanager
def server() -> Generator[str]:
    """The owner's connection string: the server that is named, or our own, with fsync on.

    Not a temporary one: its data would lie in memory, where a flush costs nothing.
    """
    named = os.environ.get("PARENT_CREDITS_TEST_DATABASE_URL")
    if named:
        yield named
        return
    with TemporaryDirectory(prefix="parent-credits-bench-") as folder:
        own = EmbeddedServer(Path(folder) / "pg")
        try:
            yield own.start().conninfo()
        finally:
            own.erase()  # waits: the data must be gone before the folder that leads to them


@contextmanager
def fresh(on: str, *, profile: bool = False) -> Generator[Ground]:
    """A database that nobody else uses, gone afterwards."""
    name = f"bench_{uuid4().hex}"
    owner = make_conninfo(on, dbname=name)
    with psycopg.connect(on, autocommit=True) as connection:
        if server_pid := server_of(connection):
            count_in(server_pid)
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            with TemporaryDirectory(prefix="parent-credits-bench-") as folder:
                runtime = build(settings_for(owner, Path(folder)))
                try:
                    yield Ground(runtime, owner, profile, server_pid)
                finally:
                    runtime.close()
        finally:
            # Not by force: the server itself sends its vacuum away, which is a superuser's.
            connection.execute(SQL("DROP DATABASE {}").format(Identifier(name)))


def settings_for(owner: str, var: Path) -> Settings:
    secrets = var / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    for name, secret in ROLE_SECRETS.items():
        (secrets / f"{name}.key").write_text(secret.hex())
    port = free_port()
    return Settings(
        database_url=SecretStr(owner),
        ledger=LEDGER,
        var=var,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
    )


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
    return port
