"""Whether the server hands over its WAL: what it may not, or what waits, fills the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, LiteralString

import psycopg
from psycopg import Connection

from api.bootstrap import Runtime
from api.findings import Finding, State

HANDING_OVER_TAKES: Final = timedelta(minutes=10)
_ARCHIVE: LiteralString = """
SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time,
       last_failed_wal FROM pg_stat_archiver
"""
_MAY_SEE: LiteralString = "SELECT has_function_privilege('pg_ls_archive_statusdir()', 'execute')"
_WAITING: LiteralString = """
SELECT count(*), coalesce(clock_timestamp() - min(modification), '0'::interval)
  FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'
"""


def archive(runtime: Runtime, owner: Connection[Any]) -> Finding:
    """A file of the WAL that is not handed over stays, and in the end the disk is full."""
    row = owner.execute(_ARCHIVE).fetchone()
    assert row is not None
    is_kept, handed_over, failed, name = row
    if not is_kept:
        return Finding("archive", State.GOOD, "none: a backup comes back, and no moment after it")
    todo = 'operations.md, "Any moment": let the server write there, or the disk fills up'
    if failed is not None and (handed_over is None or failed > handed_over):
        return Finding("archive", State.BAD, f"{name} is not taken", todo)
    server = runtime.connections.server
    sees_all = server.superuser().conninfo() if server else runtime.connections.owner
    with psycopg.connect(sees_all) as looking:
        count, age = waiting(looking) or (None, timedelta())
    if count is None:
        grant = "GRANT pg_monitor to the owner role"
        return Finding("archive", State.LOOK, "how many files wait is not seen", grant)
    if age > HANDING_OVER_TAKES:
        since = f"{count} files wait, the first for {age.total_seconds() / 60:.0f} min"
        return Finding("archive", State.BAD, since, todo)
    if handed_over is None:
        return Finding("archive", State.GOOD, "nothing to hand over yet")
    minutes = (runtime.now() - handed_over).total_seconds() / 60
    return Finding("archive", State.GOOD, f"the newest file came {minutes:.0f} min ago")


def waiting(looking: Connection[Any]) -> tuple[int, timedelta] | None:
    """How many files wait to be handed over, the first for how long; None without the right."""
    if looking.execute(_MAY_SEE).fetchone() != (True,):
        return None
    row = looking.execute(_WAITING).fetchone()
    assert row is not None
    return row[0], row[1]
