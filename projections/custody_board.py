"""The custody board: guardianships whose end one person proposed and another one confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL
);
"""
_WAITING: LiteralString = """
SELECT c.* FROM custody_proposal c
 WHERE EXISTS (SELECT 1 FROM roster_place p
                WHERE p.child_id = c.child_id AND p.learner_id = c.learner_id
                  AND p.school_code = %(school)s AND p.ended_on IS NULL)
 ORDER BY c.proposed_at, c.case_id
"""


@dataclass(frozen=True, slots=True)
class CustodyProposal:
    case_id: UUID
    learner_id: UUID
    child_id: UUID
    reason_code: str
    proposed_by: UUID
    proposed_at: datetime


PROPOSAL = Table("custody_proposal", CustodyProposal, ("case_id",), stream="case_id")


class CustodyBoard:
    name = "custody_board"
    version = 1
    tables = ("custody_proposal",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            CustodyChange.Proposed.TOPIC,
            CustodyChange.Confirmed.TOPIC,
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
                    proposals.put(proposed(event))
                case _:
                    proposals.drop(fact.stream)
        proposals.save()

    def waiting_at(self, school_code: str) -> list[CustodyProposal]:
        """What waits for a second person at a school, the oldest first."""
        return self._views.rows(CustodyProposal, _WAITING, school=school_code)


def proposed(event: CustodyChange.Proposed) -> CustodyProposal:
    return CustodyProposal(
        case_id=event.originator_id,
        learner_id=event.learner_id,
        child_id=event.child_id,
        reason_code=event.reason_code,
        proposed_by=event.envelope.actor.id,
        proposed_at=event.envelope.at,
    )
