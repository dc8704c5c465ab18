"""Likeness: records that may be one person's, found by blind index. It merges nobody."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

from psycopg.sql import SQL, Composed, Identifier

from ledger.pooling import Pool, transaction

# Held while it is noted: of somebody who is erased meanwhile nothing is remembered.
NOTE = (
    "INSERT INTO {0}.likeness (kind, digest, subject_id)"
    " SELECT %s, %s, subject_id FROM {0}.subject WHERE subject_id = %s AND erased_at IS NULL"
    " FOR SHARE ON CONFLICT DO NOTHING"
)
HOLDERS = "SELECT digest, subject_id FROM {}.likeness WHERE kind = %s AND digest = ANY(%s)"
AMONG = """
SELECT kind, array_agg(subject_id ORDER BY subject_id) FROM {0}.likeness
 WHERE (kind, digest) IN (SELECT kind, digest FROM {0}.likeness WHERE subject_id = ANY(%s))
 GROUP BY kind, digest HAVING count(*) > 1
"""


@dataclass(frozen=True)
class Like:
    """What a person has that another one may have, too; the value is never stored or shown."""

    kind: str
    value: str = field(repr=False)
    subject_id: UUID


@dataclass(frozen=True)
class AlikePair:
    """Two records, and every kind of thing that they have in common."""

    one: UUID
    other: UUID
    kinds: tuple[str, ...]


class Likeness:
    def __init__(self, pool: Pool, schema: str, index_key: bytes) -> None:
        self._pool = pool
        self._schema = Identifier(schema)
        self._key = index_key

    def note(self, likes: Iterable[Like]) -> None:
        """Remember what persons have; noted again it changes nothing."""
        rows = sorted((k.kind, self._digest(k.kind, k.value), k.subject_id) for k in set(likes))
        with transaction(self._pool) as tx:
            tx.cursor().executemany(self._sql(NOTE), rows)

    def holders(self, kind: str, values: Iterable[str]) -> dict[str, set[UUID]]:
        """Who has these values: value -> persons; what nobody has is left out."""
        digests = {self._digest(kind, value): value for value in values}
        with self._pool.connection() as tx:
            rows = tx.execute(self._sql(HOLDERS), (kind, list(digests))).fetchall()
        found: dict[str, set[UUID]] = {}
        for digest, subject_id in rows:
            found.setdefault(digests[bytes(digest)], set()).add(subject_id)
        return found

    def among(self, ids: Iterable[UUID]) -> list[AlikePair]:
        """The pairs that have something in common, of which one at least is among these."""
        wanted = list(set(ids))
        with self._pool.connection() as tx:
            groups = tx.execute(self._sql(AMONG), (wanted,)).fetchall()
        kinds: dict[tuple[UUID, UUID], set[str]] = {}
        for kind, subjects in groups:
            for one, other in combinations(subjects, 2):
                kinds.setdefault((one, other), set()).add(kind)
        mine = set(wanted)
        return [
            AlikePair(*pair, tuple(sorted(found)))
            for pair, found in sorted(kinds.items())
            if mine & set(pair)
        ]

    def _digest(self, kind: str, value: str) -> bytes:
        text = f"likeness\n{kind}\n{value}"
        return hmac.digest(self._key, text.encode(), "sha256")

    def _sql(self, text: str) -> Composed:
        return SQL(text).format(self._schema)  # pyright: ignore[reportArgumentType]
