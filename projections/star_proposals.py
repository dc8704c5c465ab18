"""Star proposals: who could be proposed, who is published, what was objected and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.star_proposal import StarProposal
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS star_proposal (
    proposal_id uuid PRIMARY KEY,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    stage text NOT NULL,
    level bigint NOT NULL,
    school_year bigint NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    published_until date NOT NULL,
    state text NOT NULL,
    decided_at timestamptz,
    reason_code text
);
CREATE INDEX IF NOT EXISTS star_proposal_school ON star_proposal (school_code);
CREATE TABLE IF NOT EXISTS star_objection (
    proposal_id uuid,
    objection_id uuid,
    reason_code text NOT NULL,
    role text NOT NULL,
    made_at timestamptz NOT NULL,
    answer text,
    PRIMARY KEY (proposal_id, objection_id)
);
"""
_PROPOSALS: LiteralString = """
SELECT p.*, (SELECT count(*) FROM star_objection o
              WHERE o.proposal_id = p.proposal_id AND o.answer IS NULL) AS open_objections
  FROM star_proposal p
 WHERE (p.school_code = ANY(%(schools)s) OR p.proposal_id = %(proposal)s)
 ORDER BY p.proposed_at DESC, p.proposal_id
"""
_OBJECTIONS: LiteralString = """
SELECT * FROM star_objection WHERE proposal_id = %(proposal)s ORDER BY made_at, objection_id
"""
# The school that may propose is the one of the newest place in the stage. A merged record is spoken
# for; what was proposed under it is proposed of the person.
_CANDIDATES: LiteralString = """
SELECT s.learner_id, s.stage, s.star_level + 1 AS level, r.grade, r.class_group, s.as_of
  FROM star_progress s
  JOIN LATERAL (
       SELECT * FROM roster_place r
        WHERE r.learner_id = s.learner_id AND r.stage = s.stage
        ORDER BY r.school_year DESC, r.ended_on IS NOT NULL, r.school_code LIMIT 1) r ON true
 WHERE s.needs_proposal AND r.school_code = %(school)s
   AND NOT EXISTS (SELECT 1 FROM star_proposal p
                    WHERE p.learner_id = ANY(ARRAY(SELECT s.learner_id UNION ALL
                          SELECT merged_id FROM merged_record WHERE speaker_id = s.learner_id))
                      AND p.stage = s.stage
                      AND p.level = s.star_level + 1 AND p.state = 'published')
   AND NOT EXISTS (SELECT 1 FROM merged_record m WHERE m.merged_id = s.learner_id)
 ORDER BY r.grade, r.class_group, s.learner_id
"""


@dataclass(frozen=True, slots=True)
class ProposalRow:
    proposal_id: UUID
    learner_id: UUID
    school_code: str
    stage: str
    level: int
    school_year: int
    proposed_by: UUID
    proposed_at: datetime
    published_until: date
    state: str = "published"
    decided_at: datetime | None = None
    reason_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(ProposalRow):
    """A proposal with how many objections wait for an answer."""

    open_objections: int


@dataclass(frozen=True, slots=True)
class Objection:
    """`answer` is dismissed or upheld, and None while it waits."""

    proposal_id: UUID
    objection_id: UUID
    reason_code: str
    role: str
    made_at: datetime
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A learner who meets every condition of a star that the school proposes."""

    learner_id: UUID
    stage: str
    level: int
    grade: str
    class_group: str
    as_of: date


PROPOSAL = Table("star_proposal", ProposalRow, ("proposal_id",), stream="proposal_id")
OBJECTION = Table(
    "star_objection", Objection, ("proposal_id", "objection_id"), stream="proposal_id"
)


class StarProposals:
    name = "star_proposals"
    version = 1
    tables = ("star_proposal", "star_objection")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            StarProposal.Made.TOPIC,
            StarProposal.Objected.TOPIC,
            StarProposal.ObjectionDismissed.TOPIC,
            StarProposal.ObjectionUpheld.TOPIC,
            StarProposal.Granted.TOPIC,
            StarProposal.Refused.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        proposals = Fold(tx, PROPOSAL, facts)
        objections = Fold(tx, OBJECTION, facts)
        for fact in facts:
            me = fact.stream
            match fact.event:
                case StarProposal.Made() as event:
                    proposals.put(made(event))
                case StarProposal.Objected() as event:
                    objections.put(objected(event))
                case StarProposal.ObjectionDismissed(objection_id=key):
                    objections.put(replace(objections[me, key], answer="dismissed"))
                case StarProposal.ObjectionUpheld(objection_id=key):
                    objections.put(replace(objections[me, key], answer="upheld"))
                case StarProposal.Granted():
                    proposals.put(replace(proposals[me,], state="granted", decided_at=fact.at))
                case StarProposal.Refused(reason_code=reason):
                    ended = replace(proposals[me,], state="refused", reason_code=reason)
                    proposals.put(replace(ended, decided_at=fact.at))
                case _:
                    pass
        proposals.save()
        objections.save()

    def of_schools(self, school_codes: Sequence[str]) -> list[Proposal]:
        """The proposals of schools, the newest first."""
        return self._views.rows(Proposal, _PROPOSALS, schools=list(school_codes), proposal=None)

    def proposal(self, proposal_id: UUID) -> Proposal | None:
        return self._views.row(Proposal, _PROPOSALS, schools=[], proposal=proposal_id)

    def objections_to(self, proposal_id: UUID) -> list[Objection]:
        return self._views.rows(Objection, _OBJECTIONS, proposal=proposal_id)

    def candidates_of(self, school_code: str) -> list[Candidate]:
        """Whom a school may propose, by class."""
        return self._views.rows(Candidate, _CANDIDATES, school=school_code)


def made(event: StarProposal.Made) -> ProposalRow:
    return ProposalRow(
        proposal_id=event.originator_id,
        learner_id=event.learner_id,
        school_code=event.school_code,
        stage=event.stage,
        level=event.level,
        school_year=event.school_year,
        proposed_by=event.envelope.actor.id,
        proposed_at=event.envelope.at,
        published_until=event.published_until,
    )


def objected(event: StarProposal.Objected) -> Objection:
    return Objection(
        proposal_id=event.originator_id,
        objection_id=event.objection_id,
        reason_code=event.reason_code,
        role=event.envelope.actor.role,
        made_at=event.envelope.at,
    )
