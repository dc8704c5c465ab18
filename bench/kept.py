"""What `make bench-data` keeps: a server of its own, and on it one ground for each set of data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from api.bootstrap import build
from bench.ground import Ground, settings_for
from bench.processors import count_in
from ledger.embedded import EmbeddedServer

# A small server of today. Twenty million keys are more than its memory: that is what is measured.
# Checkpoints are rare, because random keys write every page anew after each of them.
SETTINGS: dict[str, str | int] = {
    "shared_buffers": "1GB",
    "maintenance_work_mem": "256MB",
    "min_wal_size": "1GB",
    "max_wal_size": "6GB",
    "checkpoint_timeout": "15min",
    "effective_cache_size": "3GB",
    "random_page_cost": "1.1",  # a solid-state disk
}
PIECE = 1 << 20
INDEXES: LiteralString = "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind = 'i'"


@dataclass(frozen=True)
class Kept:
    """The folder with the server's data, the secrets of each set, and what making them took."""

    folder: Path

    @property
    def note(self) -> Path:
        return self.folder / "made.json"

    def read(self) -> dict[str, Any]:
        known: dict[str, Any] = {}
        if self.note.exists():
            known = json.loads(self.note.read_text(encoding="utf-8"))
        return known

    def whole(self) -> set[str]:
        """The sets of which every step is done."""
        return {name for name, made in self.read().items() if made.get("whole")}

    def write(self, known: dict[str, Any]) -> None:
        """Whole or not at all: a run that is cut goes on by it."""
        new = self.note.with_suffix(".new")
        new.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(self.note)

    @contextmanager
    def server(self) -> Generator[str]:
        """The owner's connection string. The server stops with its last user; its data stay."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._server() as endpoint:
            yield endpoint.conninfo()

    @contextmanager
    def ground(self, on: str, name: str) -> Generator[Ground]:
        """The ground of a set: empty where it is new."""
        database = f"bench_{name}"
        with psycopg.connect(on, autocommit=True) as connection:
            server_pid = count_in(connection)
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (database,)
            ).fetchone()
            if found is None:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))
        var = self.folder / name
        var.mkdir(exist_ok=True)
        owner = make_conninfo(on, dbname=database)
        runtime = build(settings_for(owner, var))
        try:
            yield Ground(runtime, owner, server_pid=server_pid)
        finally:
            runtime.close()

    def read_indexes(self, on: str, name: str) -> int:
        """Read every index of a set once, as on a server that was asked all day; the bytes.

        The system's cache has them then. Rows stay where they are.
        """
        with psycopg.connect(on, dbname=f"bench_{name}") as connection:
            paths = [path for (path,) in connection.execute(INDEXES)]
        [cluster] = self._server().folder.glob("pg*")
        return sum(read_through(cluster / path) for path in paths)

    def erase(self) -> None:
        """Everything, for good."""
        self._server().erase()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _server(self) -> EmbeddedServer:
        return EmbeddedServer(self.folder / "server", settings=SETTINGS)


def read_through(relation: Path) -> int:
    """The bytes of a relation's files: of what is larger than a gigabyte there are several."""
    read = 0
    for path in (relation, *relation.parent.glob(f"{relation.name}.*")):
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                read += len(piece)
    return read
