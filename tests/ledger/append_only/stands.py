"""A guarded ledger with facts and a log on either version, beside a second ledger."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import starmap
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from api.migrations import steps as web_steps
from ledger import binaries, guard
from ledger.book import Book
from ledger.embedded import EmbeddedServer
from ledger.log.leaf import COLUMNS, LoggedEvent
from ledger.log.merkle import leaf_hash
from ledger.log.publishing import CheckpointFolder
from ledger.log.sequencer import Sequencer, log_signer
from ledger.log.tiles import Edge
from ledger.migrations import Names, migrate
from ledger.vault import VaultKeys
from tests.acting import Pilot
from tests.database import NAMES, PASSWORDS

SECOND = Names("second")
SECOND_PASSWORDS = {role: f"password of {role}" for role in SECOND.roles}
TABLES = (
    "ledger_events",
    *("log", "log_tile", "log_head", "log_checkpoint", "log_cosignature", "log_alarm"),
)


@dataclass(frozen=True)
class Stand:
    """A server, and who logs in there."""

    version: int
    owner: str
    superuser: str

    def login(self, role: str) -> str:
        if role in ("owner", "superuser"):
            return str(getattr(self, role))
        return make_conninfo(self.owner, user=role, password=(PASSWORDS | SECOND_PASSWORDS)[role])

    def content(self) -> dict[str, str]:
        """Every row of every table that is kept, as one digest for each."""
        with psycopg.connect(self.superuser) as connection:
            return {table: digest(connection, table) for table in TABLES}

    def definition(self) -> list[str]:
        """The schema with its triggers and rights, as pg_dump writes it."""
        words = conninfo_to_dict(self.superuser)
        done = subprocess.run(
            [
                binaries.tool(18, "pg_dump"), "--schema-only", "--schema=ledger",
                "--schema=ledger_guard", f"--dbname={self.superuser}",
            ],
            env={"PGPASSWORD": str(words["password"])}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [
            line
            for line in done.stdout.splitlines()
            if not line.startswith(("\\restrict", "\\unrestrict"))
        ]


def digest(connection: psycopg.Connection, table: str) -> str:
    rows = SQL("SELECT md5(string_agg(x::text, ' ' ORDER BY x::text)) FROM {} x").format(
        Identifier("ledger", table)
    )
    row = connection.execute(rows).fetchone()
    assert row is not None
    assert row[0] is not None, f"{table} is empty: nothing could change"
    return str(row[0])


def recomputed(connection: psycopg.Connection) -> bytes:
    """The root of the log, taken from nothing but the facts."""
    edge = Edge()
    statement = SQL("SELECT {} FROM ledger.ledger_events ORDER BY notification_id").format(COLUMNS)
    for event in starmap(LoggedEvent, connection.execute(statement)):
        edge.add(leaf_hash(event.leaf))
    return edge.root()


def published(connection: psycopg.Connection) -> bytes:
    row = connection.execute("SELECT root FROM ledger.log_head ORDER BY size DESC").fetchone()
    assert row is not None
    return bytes(row[0])


@contextmanager
def stood(version: int, folder: Path) -> Generator[Stand]:
    server = EmbeddedServer(folder / "pg", major=version, temporary=True)
    with server as endpoint:
        superuser = server.superuser().conninfo(endpoint.database)
        made = Stand(version, endpoint.conninfo(), superuser)
        for names, passwords in ((NAMES, PASSWORDS), (SECOND, SECOND_PASSWORDS)):
            migrate(made.owner, names, passwords, web_steps())
            guard.ensure(made.owner, names.ledger, lambda: superuser)
        record(made, folder / "log")
        yield made


def record(stand: Stand, folder: Path) -> None:
    """A pilot's facts, logged, cosigned by nobody real, and one alarm."""
    keys = VaultKeys(encryption=b"e" * 32, index=b"i" * 32)
    with Book(stand.login("ledger_app"), stand.login("ledger_vault_app"), NAMES, keys) as book:
        Pilot(book).set_up()
    signer = partial(log_signer, b"s" * 32)
    log = stand.login("ledger_log")
    sequencer = Sequencer.opened(log, NAMES, "log.example/log", signer, CheckpointFolder(folder))
    assert sequencer is not None
    with sequencer:
        sequencer.step()
    with psycopg.connect(log) as connection:
        connection.execute(
            "INSERT INTO ledger.log_cosignature (log, size, witness, line, cosigned_at)"
            " SELECT log, size, 'witness.example', '—', now() FROM ledger.log_checkpoint"
        )
        connection.execute("INSERT INTO ledger.log_alarm (code, facts) VALUES ('x', '{}')")
