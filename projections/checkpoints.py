"""Checkpoints: up to which position of the feed each projection has come; followers are shown, too.

Those of followers are written elsewhere (`following`): read models may be dropped with theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg.sql import SQL

from projections.database import Tx, Views, fetch

# `looked_at` moves even where nothing happens: a dead projector must not read "lag 0".
TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS checkpoint (
    projection text PRIMARY KEY,
    version integer NOT NULL,
    tables text[] NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    looked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stopped_at timestamptz,
    stopped_reason text
)
"""
_BEGIN: LiteralString = """
INSERT INTO checkpoint (projection, version, tables) VALUES (%(name)s, %(version)s, %(tables)s)
ON CONFLICT (projection) DO NOTHING
"""
_ALL: LiteralString = """
SELECT projection AS name, version, tables, position, stopped_reason,
       extract(epoch FROM clock_timestamp() - looked_at)::float8 AS age_seconds
  FROM checkpoint
UNION ALL
SELECT follower, version, '{{}}'::text[], position, stopped_reason,
       extract(epoch FROM clock_timestamp() - looked_at)::float8
  FROM {followers}
 ORDER BY name
"""
_RUNNING: LiteralString = """
SELECT projection, position FROM checkpoint
 WHERE (projection, version) IN (SELECT * FROM unnest(%(names)s::text[], %(versions)s::int[]))
   AND stopped_reason IS NULL
"""
# Rows are locked in one order, or two projectors could wait for each other.
_MOVE: LiteralString = """
WITH mine AS (
    SELECT projection FROM checkpoint
     WHERE position = %(after)s
       AND (projection, version) IN (SELECT * FROM unnest(%(names)s::text[], %(versions)s::int[]))
     ORDER BY projection FOR UPDATE
)
UPDATE checkpoint SET position = %(to)s, moved_at = clock_timestamp(),
       looked_at = clock_timestamp(), stopped_at = NULL, stopped_reason = NULL
 WHERE position = %(after)s AND projection IN (SELECT projection FROM mine)
"""
_STOP: LiteralString = """
UPDATE checkpoint SET stopped_at = clock_timestamp(), stopped_reason = %(reason)s
 WHERE projection = %(name)s AND version = %(version)s AND position = %(position)s
"""
# Whoever has come to the version meanwhile is well: only what still waits may say why.
_COMPLAIN: LiteralString = """
UPDATE checkpoint SET stopped_at = clock_timestamp(), stopped_reason = %(reason)s
 WHERE projection = %(name)s AND version <> %(version)s
"""
_RETRY: LiteralString = """
UPDATE checkpoint SET stopped_at = NULL, stopped_reason = NULL
 WHERE projection = ANY(%(names)s) AND stopped_at IS NOT NULL
"""
_LOOK: LiteralString = """
WITH mine AS (
    SELECT projection FROM checkpoint WHERE projection = ANY(%(names)s) AND stopped_at IS NULL
     ORDER BY projection FOR UPDATE
)
UPDATE checkpoint SET looked_at = clock_timestamp() WHERE projection IN (SELECT * FROM mine)
"""
_LOCK: LiteralString = """
SELECT projection AS name, version, tables, position, stopped_reason, 0::float8 AS age_seconds
  FROM checkpoint WHERE projection = %(name)s FOR UPDATE
"""
_SWITCH: LiteralString = """
INSERT INTO checkpoint (projection, version, tables, position)
VALUES (%(name)s, %(version)s, %(tables)s, %(position)s)
ON CONFLICT (projection) DO UPDATE SET version = excluded.version, tables = excluded.tables,
       position = excluded.position, moved_at = excluded.moved_at,
       looked_at = excluded.looked_at, stopped_at = NULL, stopped_reason = NULL
"""


class Moved(Exception):
    """Somebody else moved the checkpoint first: what we were about to apply is applied."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    name: str
    version: int
    tables: tuple[str, ...]
    position: int
    stopped_reason: str | None
    age_seconds: float

    @property
    def runs(self) -> bool:
        return self.stopped_reason is None


def begin(tx: Tx, name: str, version: int, tables: Sequence[str]) -> None:
    tx.execute(_BEGIN, {"name": name, "version": version, "tables": list(tables)})


def versions(tx: Tx) -> dict[str, int]:
    """The version of each projection whose tables are there."""
    return dict(tx.execute("SELECT projection, version FROM checkpoint").fetchall())


def positions(tx: Tx, names: Sequence[str]) -> set[int]:
    """Where these projections stand: one position for what shows one moment."""
    statement = "SELECT position FROM checkpoint WHERE projection = ANY(%s)"
    return {position for (position,) in tx.execute(statement, [list(names)])}


def checkpoints(views: Views) -> dict[str, Checkpoint]:
    statement = SQL(_ALL).format(followers=views.followers)
    return {found.name: found for found in views.rows(Checkpoint, statement)}


def running(views: Views, versions: Mapping[str, int]) -> dict[str, int]:
    """Where those stand whose tables are of this version and that have not stopped."""
    with views.read() as connection:
        return dict(connection.execute(_RUNNING, _listed(versions)).fetchall())


def move(tx: Tx, versions: Mapping[str, int], after: int, to: int) -> int:
    """Move checkpoints that stand at `after`, by compare-and-set; answer how many stood there.

    The rows stay locked until the transaction ends.
    """
    return tx.execute(_MOVE, {**_listed(versions), "after": after, "to": to}).rowcount


def stop(views: Views, name: str, version: int, position: int, reason: str) -> None:
    """Say why tables of this version go no further than a position."""
    values = {"name": name, "version": version, "position": position}
    with views.transaction() as tx:
        tx.execute(_STOP, {**values, "reason": kept(reason)})


def complain(views: Views, name: str, version: int, reason: str) -> None:
    """Say why tables of another version than this one still wait to be rebuilt."""
    with views.transaction() as tx:
        tx.execute(_COMPLAIN, {"name": name, "version": version, "reason": kept(reason)})


def kept(reason: str) -> str:
    """A reason as the database can keep it, whatever the event had in it that is to blame."""
    return reason.replace("\0", "?").encode(errors="replace").decode()


def retry(tx: Tx, names: Iterable[str]) -> None:
    """Forget that projections stopped: a restart tries again."""
    tx.execute(_RETRY, {"names": list(names)})


def look(views: Views, names: Iterable[str]) -> None:
    """Say that somebody looked, and found nothing to do."""
    with views.transaction() as tx:
        tx.execute(_LOOK, {"names": list(names)})


def hold(tx: Tx, name: str) -> Checkpoint | None:
    """Hold a checkpoint still while something else catches up with it."""
    tx.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")
    return lock(tx, name)


def lock(tx: Tx, name: str) -> Checkpoint | None:
    """Hold a checkpoint still until the transaction ends."""
    return next(iter(fetch(tx, Checkpoint, _LOCK, name=name)), None)


def switch(tx: Tx, to: Checkpoint) -> None:
    """Give a projection other tables, and their position."""
    values = {"name": to.name, "version": to.version, "position": to.position}
    tx.execute(_SWITCH, {**values, "tables": list(to.tables)})


def forget(tx: Tx, name: str) -> None:
    tx.execute("DELETE FROM checkpoint WHERE projection = %s", (name,))


def _listed(versions: Mapping[str, int]) -> dict[str, object]:
    return {"names": list(versions), "versions": list(versions.values())}
