"""Beginning a log anew after a declared incident: the first leaf says what the last log said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import ClassVar

import psycopg
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from domain.refusals import Refused
from ledger.events_table import lock_key
from ledger.log.checkpoint import Checkpoint
from ledger.log.logs import Connection, Log, NoLogYet, Statements
from ledger.log.note import Note, NoteSigner
from ledger.log.publishing import CheckpointFolder
from ledger.migrations import Names


class LogIsKept(Refused):
    """A worker keeps the log now: stop it first."""

    code: ClassVar[str] = "log_is_kept"


def begin_again(
    conninfo: str,
    names: Names,
    signer_of: Callable[[str], NoteSigner],
    folder: CheckpointFolder,
) -> Log:
    """Give up the log that is written for a new one. Raises LogIsKept, NoLogYet.

    The new one takes in every event again, after a leaf with the last checkpoint of the old one:
    of what was published, or of what the database knows, the larger.
    """
    sql = Statements(names.ledger)
    opened: Connection = psycopg.connect(conninfo, autocommit=True, row_factory=tuple_row)
    with closing(opened) as connection:
        must_be_free(connection, names)
        old = written(connection, sql)
        last = last_word(connection, sql, old, folder)
        origin = f"{old.origin.removesuffix(f'-{old.number}')}-{old.number + 1}"
        began = (old.number + 1, origin, str(signer_of(origin).key), last.text)
        connection.execute(
            sql("INSERT INTO {0}.log (number, origin, key, continues) VALUES (%s, %s, %s, %s)"),
            began,
        )
        connection.execute(
            sql("INSERT INTO {0}.log_alarm (code, facts) VALUES ('log_begun_again', %s)"),
            (Jsonb({"origin": origin, "continues": last.origin, "size": last.size}),),
        )
        return written(connection, sql)


def must_be_free(connection: Connection, names: Names) -> None:
    """Take the log's lock for as long as the connection lives. Raises LogIsKept."""
    key = lock_key(names.ledger, "log")
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
    if not (row and row[0]):
        raise LogIsKept


def written(connection: Connection, sql: Statements) -> Log:
    """Raises NoLogYet."""
    statement = "SELECT number, origin, key, continues, began_at FROM {0}.log"
    found = connection.execute(sql(f"{statement} ORDER BY number DESC LIMIT 1")).fetchone()
    if found is None:
        raise NoLogYet
    return Log.of(found)


def last_word(
    connection: Connection, sql: Statements, old: Log, folder: CheckpointFolder
) -> Checkpoint:
    """Raises NoLogYet."""
    statement = sql("SELECT note FROM {0}.log_checkpoint WHERE log = %s ORDER BY size DESC LIMIT 1")
    known = connection.execute(statement, (old.number,)).fetchone()
    notes = [Note.parsed(known[0].encode())] if known else []
    published = folder.read(old.number)
    notes += [published] if published else []
    said = [Checkpoint.opened(note, [old.key], old.origin) for note in notes]
    if not said:
        raise NoLogYet
    return max(said, key=lambda each: each.size)
