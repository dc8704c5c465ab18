"""The access log: every look of staff at personal data. It lies in the vault, never in the feed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from domain.envelope import Actor
from ledger.pooling import Pool

NOTE: LiteralString = """
INSERT INTO {}.access_log (at, actor_id, role, organisation, purpose, subject_ids)
VALUES (%s, %s, %s, %s, %s, %s)
"""
EVERYBODY: LiteralString = "WITH look AS (SELECT * FROM {}.access_log)"
# By the index of subjects first: a walk through the newest looks would pass thousands of others.
SOMEBODY: LiteralString = """
WITH look AS MATERIALIZED (SELECT * FROM {}.access_log WHERE subject_ids && %(subjects)s)
"""
LOOKS: LiteralString = """
SELECT entry, at, actor_id, role, organisation, purpose, subject_ids FROM look
 WHERE (%(organisations)s::text[] IS NULL OR organisation = ANY(%(organisations)s))
   AND (%(first_actor)s::uuid IS NULL OR actor_id BETWEEN %(first_actor)s AND %(last_actor)s)
   AND (%(role)s::text IS NULL OR role = %(role)s)
   AND (%(purpose)s::text IS NULL OR purpose = %(purpose)s)
   AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
   AND (%(before)s::bigint IS NULL OR entry < %(before)s)
 ORDER BY entry DESC LIMIT %(limit)s
"""
KINDS: LiteralString = "SELECT subject_id, kind FROM {}.subject WHERE subject_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, in which role and for whom, why, and whose data, by their ids alone."""

    entry: int
    at: datetime
    actor_id: UUID
    role: str
    organisation: str
    purpose: str
    subject_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which looks are asked for; what is None is not asked. `before` an entry: older ones.

    A code of a person who looked stands for the ids between two.
    """

    organisations: Sequence[str] | None = None
    subjects: Sequence[UUID] | None = None
    first_actor: UUID | None = None
    last_actor: UUID | None = None
    role: str | None = None
    purpose: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class AccessLog:
    """Notes are added and read. The vault's role may neither change nor delete one."""

    def __init__(self, pool: Pool, schema: str) -> None:
        self._pool = pool
        self._note = SQL(NOTE).format(Identifier(schema))
        self._everybody = SQL(EVERYBODY + LOOKS).format(Identifier(schema))
        self._somebody = SQL(SOMEBODY + LOOKS).format(Identifier(schema))
        self._kinds = SQL(KINDS).format(Identifier(schema))

    def note(self, ids: Sequence[UUID], by: Actor, purpose: str, at: datetime) -> None:
        """Record a look before anything is shown."""
        values = (at, by.id, by.role.value, by.organisation, purpose, list(ids))
        with self._pool.connection() as tx:
            tx.execute(self._note, values)

    def looks(self, wanted: Wanted, limit: int) -> list[Look]:
        """The looks that are asked for, the newest first."""
        looks = self._everybody if wanted.subjects is None else self._somebody
        with self._pool.connection() as tx, tx.cursor(row_factory=class_row(Look)) as cursor:
            return cursor.execute(looks, {**asdict(wanted), "limit": limit}).fetchall()

    def kinds(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """What was looked at: a learner, a child, staff, a sheet …, or somebody `erased`."""
        with self._pool.connection() as tx:
            return dict(tx.execute(self._kinds, [list(ids)]).fetchall())
