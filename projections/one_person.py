"""One person: which records were merged into which, and which pairs were told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.envelope import Envelope
from domain.learner import Learner
from domain.like_pair import LikePair
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS merged_record (
    merged_id uuid PRIMARY KEY,
    survivor_id uuid NOT NULL,
    speaker_id uuid NOT NULL,
    merged_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS merged_record_survivor ON merged_record (survivor_id);
CREATE INDEX IF NOT EXISTS merged_record_speaker ON merged_record (speaker_id);
CREATE TABLE IF NOT EXISTS told_apart (
    pair_id uuid PRIMARY KEY,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    told_by uuid NOT NULL
);
"""
# Whoever reads what is known of a person asks for every record that their own one speaks for:
# learner_id = ANY(ARRAY(SELECT <own> UNION ALL SELECT merged_id … WHERE speaker_id = <own>)), which
# is asked of the index of learners; with OR, every row of the table would be looked at.
_INTO: LiteralString = """
WITH moved AS (UPDATE merged_record SET speaker_id = %(survivor)s WHERE speaker_id = %(merged)s)
INSERT INTO merged_record VALUES (%(merged)s, %(survivor)s, %(survivor)s, %(at)s)
"""
_APART_AGAIN: LiteralString = """
WITH RECURSIVE own AS (
    SELECT %(merged)s::uuid AS id
     UNION SELECT m.merged_id FROM merged_record m JOIN own ON m.survivor_id = own.id
), gone AS (DELETE FROM merged_record WHERE merged_id = %(merged)s)
UPDATE merged_record SET speaker_id = %(merged)s
 WHERE merged_id IN (SELECT id FROM own) AND merged_id <> %(merged)s
"""
_MERGED: LiteralString = """
SELECT merged_id, survivor_id, speaker_id, merged_at FROM merged_record
 WHERE survivor_id = %(learner)s OR merged_id = %(learner)s ORDER BY merged_at, merged_id
"""
_APART: LiteralString = """
SELECT pair_id, one_id, other_id, told_by FROM told_apart
 WHERE one_id = ANY(%(learners)s) OR other_id = ANY(%(learners)s)
"""


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record, the one it was merged into, and the one at the end of the chain."""

    merged_id: UUID
    survivor_id: UUID
    speaker_id: UUID
    merged_at: datetime


@dataclass(frozen=True, slots=True)
class Apart:
    pair_id: UUID
    one_id: UUID
    other_id: UUID
    told_by: UUID


APART = Table("told_apart", Apart, ("pair_id",), stream="pair_id")


class OnePerson:
    name = "one_person"
    version = 2
    tables = ("merged_record", "told_apart")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {Learner.MergedInto.TOPIC, Learner.UnmergedFrom.TOPIC, LikePair.ToldApart.TOPIC}
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        for fact in facts:
            match fact.event:
                case Learner.MergedInto(survivor_id=survivor_id):
                    ids = {"merged": fact.stream, "survivor": survivor_id}
                    tx.execute(_INTO, {**ids, "at": fact.at})
                case Learner.UnmergedFrom(survivor_id=survivor_id, envelope=envelope):
                    tx.execute(_APART_AGAIN, {"merged": fact.stream})
                    APART.put(tx, [apart((fact.stream, survivor_id), envelope)])
                case LikePair.ToldApart(learner_ids=pair, envelope=envelope):
                    APART.put(tx, [apart(pair, envelope)])
                case _:
                    pass

    def merges_of(self, learner_id: UUID) -> list[MergedRecord]:
        """What was merged into a record, and into what it was merged itself."""
        return self._views.rows(MergedRecord, _MERGED, learner=learner_id)

    def told_apart(self, learner_ids: Sequence[UUID]) -> set[frozenset[UUID]]:
        """The pairs of these that somebody found to be two persons, or parted again as such."""
        found = self._views.rows(Apart, _APART, learners=list(learner_ids))
        return {frozenset((pair.one_id, pair.other_id)) for pair in found}


def apart(pair: tuple[UUID, UUID], by: Envelope) -> Apart:
    one_id, other_id = sorted(pair)
    return Apart(LikePair.create_id((one_id, other_id)), one_id, other_id, by.actor.id)
