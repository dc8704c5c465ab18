"""The custody board: what one person proposed of a guardianship, and those that two ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.custody import CustodyChange
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS custody_proposal (
    case_id uuid PRIMARY KEY,
    learner_id uuid NOT NULL,
    child_id uuid NOT NULL,
    reason_code text NOT NULL,
    holds_from date,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL
);
"""
# The child's school is where those have it who speak for it; where nobody does any more, where it
# was. A child that moved meanwhile is another school's.
_HERE: LiteralString = """
 EXISTS (SELECT 1 FROM roster_place p
          WHERE p.child_id = c.child_id AND p.school_code = %(school)s AND p.ended_on IS NULL
            AND (p.relation_code IS NOT NULL
                 OR p.learner_id = c.learner_id AND NOT EXISTS (
                    SELECT 1 FROM roster_place other
                     WHERE other.child_id = c.child_id AND other.relation_code IS NOT NULL)))
"""
_PROPOSALS: LiteralString = "SELECT c.* FROM custody_proposal c WHERE"
_OLDEST: LiteralString = " ORDER BY c.proposed_at, c.case_id"
_WAITING = _PROPOSALS + _HERE + _OLDEST
# Of whoever is tied to the child again, under the record that speaks, nothing is to be restored.
_PARTED: LiteralString = """
WITH c AS (
    SELECT DISTINCT ON (1, 2) coalesce(m.speaker_id, e.learner_id) AS learner_id, e.child_id,
           e.reason_code, e.ended_on
      FROM roster_former_tie e LEFT JOIN merged_record m ON m.merged_id = e.learner_id
     ORDER BY 1, 2, e.ended_on DESC
)
SELECT c.* FROM c
 WHERE NOT EXISTS (SELECT 1 FROM roster_guardianship g
                    WHERE g.learner_id = c.learner_id AND g.child_id = c.child_id)
   AND
"""
_NEWEST: LiteralString = " ORDER BY c.ended_on DESC, c.learner_id, c.child_id"
_ENDED = _PARTED + _HERE + _NEWEST


@dataclass(frozen=True, slots=True)
class CustodyProposal:
    """`holds_from`: it ended, and is to come back from that day on."""

    case_id: UUID
    learner_id: UUID
    child_id: UUID
    reason_code: str
    holds_from: date | None
    proposed_by: UUID
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class EndedGuardianship:
    """What two persons ended of an adult, by the record that speaks, and a child."""

    learner_id: UUID
    child_id: UUID
    reason_code: str
    ended_on: date


PROPOSAL = Table("custody_proposal", CustodyProposal, ("case_id",), stream="case_id")


class CustodyBoard:
    name = "custody_board"
    version = 3
    tables = ("custody_proposal",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            CustodyChange.Proposed.TOPIC,
            CustodyChange.Confirmed.TOPIC,
            CustodyChange.RestorationProposed.TOPIC,
            CustodyChange.RestorationConfirmed.TOPIC,
            CustodyChange.Dropped.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        proposals = Fold(tx, PROPOSAL, facts)
        for fact in facts:
            match fact.event:
                case CustodyChange.Proposed() as event:
                    proposals.put(proposed(event, None))
                case CustodyChange.RestorationProposed(holds_from=day) as event:
                    proposals.put(proposed(event, day))
                case _:
                    proposals.drop(fact.stream)
        proposals.save()

    def waiting_at(self, school_code: str) -> list[CustodyProposal]:
        """What waits for a second person at a school, the oldest first."""
        return self._views.rows(CustodyProposal, _WAITING, school=school_code)

    def ended_at(self, school_code: str) -> list[EndedGuardianship]:
        """What two persons ended about a child of the school, the last first."""
        return self._views.rows(EndedGuardianship, _ENDED, school=school_code)


def proposed(
    event: CustodyChange.Proposed | CustodyChange.RestorationProposed, holds_from: date | None
) -> CustodyProposal:
    return CustodyProposal(
        case_id=event.originator_id,
        learner_id=event.learner_id,
        child_id=event.child_id,
        reason_code=event.reason_code,
        holds_from=holds_from,
        proposed_by=event.envelope.actor.id,
        proposed_at=event.envelope.at,
    )
