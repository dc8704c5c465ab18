"""What each scan id was first used for: the same id with another meaning is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from psycopg.sql import SQL, Composed, Identifier

from ledger.ledger import Ledger

KEPT = timedelta(days=2)


def remembering(schema: str) -> Composed:
    """The CTE `said`: the scan_id and first meaning of each of %(scans)s.

    New ones are inserted with their %(meanings)s. A pair that another transaction inserted
    meanwhile is missing: ask again.
    """
    # In order of their ids: two batches that hold the same scans never wait for each other.
    return SQL(
        "added AS (INSERT INTO {0}.scan (scan_id, meaning)"
        " SELECT s, m FROM unnest(%(scans)b::uuid[], %(meanings)b::uuid[])"
        " WITH ORDINALITY AS x(s, m, n) ORDER BY s, n ON CONFLICT DO NOTHING"
        " RETURNING scan_id, meaning),"
        " said AS (SELECT scan_id, meaning FROM added"
        " UNION ALL SELECT scan_id, meaning FROM {0}.scan WHERE scan_id = ANY(%(scans)b::uuid[]))"
    ).format(Identifier(schema))


def remember_statement(schema: str) -> Composed:
    """Answers with the first meaning of each scan id, as `remembering` says."""
    return SQL("WITH {} SELECT scan_id, meaning FROM said").format(remembering(schema))


def mean_now_statement(schema: str) -> Composed:
    """Scan ids with what they meant and what they mean now; the role changes no row, it moves it.

    Answers with those that did mean that.
    """
    return SQL(
        "WITH moved AS (DELETE FROM {0}.scan USING unnest(%b::uuid[], %b::uuid[], %b::uuid[])"
        " AS x(s, old, new) WHERE scan_id = s AND meaning = old RETURNING s, new)"
        " INSERT INTO {0}.scan (scan_id, meaning) SELECT s, new FROM moved RETURNING scan_id"
    ).format(Identifier(schema))


class Scans:
    def __init__(self, ledger: Ledger) -> None:
        self._store = ledger.store
        schema = self._store.datastore.schema
        self._remember = remember_statement(schema)
        self._mean_now = mean_now_statement(schema)
        self._forget = SQL("DELETE FROM {}.scan WHERE seen_at < %s").format(Identifier(schema))

    def remember(self, scans: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
        """Remember what scan ids are used for; return what each was used for first."""
        ids, meanings = list(scans), list(scans.values())
        found: dict[UUID, UUID] = {}
        while len(found) < len(ids):
            rows = self._store.rows(self._remember, {"scans": ids, "meanings": meanings})
            found = dict(cast("list[tuple[UUID, UUID]]", rows))
        return found

    def mean_now(self, scan_id: UUID, meant: UUID, means: UUID) -> bool:
        """A scan of a merged record counts for another: it counts for no third one if they part.

        False where it means something else already.
        """
        return bool(self._store.rows(self._mean_now, ([scan_id], [meant], [means])))

    def forget(self, now: datetime) -> None:
        """Drop what is older than any retry."""
        with self._store.datastore.get_connection() as connection:
            connection.execute(self._forget, (now - KEPT,))
