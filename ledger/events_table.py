"""The events table and its append function: one statement a batch, ids in commit order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from itertools import count
from typing import LiteralString

from psycopg.sql import SQL, Composed, Identifier, Literal

# Identity and recorded_at are the database's alone: the app role has no right to those columns.
_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.{table} (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (originator_id, originator_version)
) WITH (
    autovacuum_vacuum_threshold = 100000000,
    autovacuum_vacuum_scale_factor = 0.5,
    autovacuum_analyze_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01
)
"""

_INDEX = "CREATE UNIQUE INDEX IF NOT EXISTS {index} ON {schema}.{table} (notification_id)"

_DROP = """
DROP FUNCTION IF EXISTS {schema}.{append}(int[], uuid[], bigint[], text[], bytea[], boolean)
"""

# The advisory lock is held to the commit, so ids are given in commit order and a tailing reader
# never passes a gap that is filled later. (LOCK TABLE needs rights the app role must not have.)
# Handed back are positions and times of recording: with them a receipt says the leaf of the log.
# A unit is one save: it goes in whole or not at all, and a conflict fails that unit alone.
# With `is_retry`, rows that are there byte for byte are our own first attempt whose
# acknowledgement was lost: they are answered, not refused.
_APPEND = """
CREATE FUNCTION {schema}.{append}(
    units int[], ids uuid[], versions bigint[], topics text[], states bytea[], is_retry boolean,
    OUT positions bigint[], OUT times timestamptz[]
) LANGUAGE plpgsql SET search_path = pg_catalog AS $append$
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    NOTIFY {channel};
    BEGIN
        WITH added AS (
            INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state)
            SELECT i, v, t, s
              FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS x(i, v, t, s, n)
             ORDER BY n
            RETURNING notification_id, recorded_at)
        SELECT array_agg(notification_id ORDER BY notification_id),
               array_agg(recorded_at ORDER BY notification_id)
          INTO positions, times FROM added;
        RETURN;
    EXCEPTION WHEN unique_violation THEN
        NULL;  -- somebody conflicts: sort out who, below
    END;
    WITH wanted AS MATERIALIZED (
        SELECT x.*, e.notification_id AS position, e.recorded_at AS since,
               (e.topic = x.t AND e.state = x.s) AS same
          FROM unnest(units, ids, versions, topics, states) WITH ORDINALITY AS x(u, i, v, t, s, n)
          LEFT JOIN {schema}.{table} e ON e.originator_id = x.i AND e.originator_version = x.v
    ), judged AS MATERIALIZED (
        SELECT u, count(position) = 0 AS is_new,
               is_retry AND count(*) FILTER (WHERE same) = count(*) AS is_replay
          FROM wanted GROUP BY u
    ), added AS (
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state)
        SELECT i, v, t, s FROM wanted JOIN judged USING (u) WHERE is_new ORDER BY n
        RETURNING originator_id, originator_version, notification_id, recorded_at)
    SELECT array_agg(CASE WHEN is_replay THEN position ELSE added.notification_id END ORDER BY n),
           array_agg(CASE WHEN is_replay THEN since ELSE added.recorded_at END ORDER BY n)
      INTO positions, times
      FROM wanted JOIN judged USING (u)
      LEFT JOIN added ON i = originator_id AND v = originator_version;
    -- NULL where the unit was refused
END
$append$
"""


def lock_key(schema: str, table: str) -> int:
    """The advisory lock of one events table: a signed 64-bit number made of its full name."""
    digest = hashlib.sha256(f"{schema}.{table}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def channel_of(schema: str, table: str) -> str:
    """The NOTIFY channel of one events table; two ledgers in one database do not mix."""
    return f"{schema}.{table}"[:63]


def append_unmoved(table: str) -> str:
    """The name of the append that is refused where something moved."""
    return f"{table}_append_unmoved"


def ddl(schema: str, table: str) -> tuple[Composed, ...]:
    """The statements that set up an events table, for migrations and for tests."""
    return formatted((_TABLE, _INDEX, _DROP, _APPEND), schema, table)


def append_again(schema: str, table: str) -> tuple[Composed, ...]:
    """The append function of this version in place of an older one's; rights are to be granted."""
    return formatted((_DROP, _APPEND), schema, table)


def formatted(texts: Iterable[LiteralString], schema: str, table: str) -> tuple[Composed, ...]:
    names = {
        "schema": Identifier(schema),
        "table": Identifier(table),
        "append": Identifier(f"{table}_append"),
        "append_unmoved": Identifier(append_unmoved(table)),
        "index": Identifier(f"{table}_notification_id_idx"),
        "lock": Literal(lock_key(schema, table)),
        "channel": Identifier(channel_of(schema, table)),
    }
    return tuple(SQL(text).format(**names) for text in texts)


def append_statement(schema: str, table: str, *answers: str) -> Composed:
    """The one round trip of every write: parallel arrays in, positions (or NULL) and times out."""
    return SQL(
        "SELECT {answers} FROM {schema}.{append}"
        "(%b::int[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b)"
    ).format(
        answers=SQL(", ").join(map(Identifier, answers)),
        schema=Identifier(schema),
        append=Identifier(f"{table}_append"),
    )


def numbered(statement: Composed) -> bytes:
    """A statement as the server itself reads it, its parameters by number."""
    numbers = count(1)
    return re.sub(rb"%b", lambda _: b"$%d" % next(numbers), statement.as_bytes())
