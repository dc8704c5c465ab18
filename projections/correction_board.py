"""The correction board: what was proposed, who signed it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from domain.correction import Correction, Order, State
from projections.database import Tx, Views
from projections.feed import Fact
from projections.parts import ALL, Part, cut_by
from projections.sight import everything_in_sight
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS correction (
    correction_id uuid PRIMARY KEY,
    kind text NOT NULL,
    school_code text NOT NULL,
    effective_term text NOT NULL,
    "order" jsonb NOT NULL,
    second text NOT NULL,
    sha256 text NOT NULL,
    counts jsonb NOT NULL,
    state text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    refusal_reason text
);
CREATE INDEX IF NOT EXISTS correction_school ON correction (school_code, proposed_at);
CREATE INDEX IF NOT EXISTS correction_accusing ON correction (proposed_at)
 WHERE state = 'waiting' AND "order" ->> 'reason_code' = 'fraud_confirmed';
"""
_OF_SCHOOLS: LiteralString = """
SELECT c.*, b.title
  FROM correction c
  LEFT JOIN session_board b ON b.session_id = (c."order" ->> 'session_id')::uuid
 WHERE c.school_code = ANY(%(schools)s) AND (%(state)s::text IS NULL OR state = %(state)s)
"""
_NEWEST_FIRST = cut_by(
    "-extract(epoch FROM c.proposed_at), c.correction_id",
    " FROM correction c WHERE c.correction_id",
)
_LISTED = _OF_SCHOOLS + _NEWEST_FIRST
_OF_TERM = _OF_SCHOOLS + " AND c.effective_term = %(term)s" + _NEWEST_FIRST
_ABOUT = (
    _OF_SCHOOLS + """ AND (c."order" ->> 'session_id')::uuid = ANY(%(sessions)s)""" + _NEWEST_FIRST
)
_COUNTED: LiteralString = "SELECT count(*) FROM correction WHERE school_code = %(school)s"
_COUNTED_IN: LiteralString = """
SELECT count(*) FROM correction c WHERE c.school_code = ANY(%(schools)s) AND c.state = %(state)s
"""
_AWAITED: LiteralString = """
   AND (c.school_code = ANY(%(own)s) OR c.proposed_by <> %(person)s
        AND c.school_code || ' ' || c.kind || ' ' || c.second = ANY(%(signs)s))
"""
_ONE: LiteralString = "SELECT * FROM correction WHERE correction_id = %(correction)s"
_ACCUSING: LiteralString = """
SELECT * FROM correction
 WHERE state = 'waiting' AND "order" ->> 'reason_code' = 'fraud_confirmed'
   AND CASE kind
       WHEN 'attendance' THEN ("order" ->> 'learner_id')::uuid = ANY(%(learners)s)
       WHEN 'external' THEN EXISTS (SELECT FROM external_hours e
            WHERE e.external_id = ("order" ->> 'external_id')::uuid
              AND e.learner_id = ANY(%(learners)s))
       WHEN 'exam_result' THEN EXISTS (SELECT FROM exam_attempt a
            WHERE a.attempt_id = ("order" ->> 'attempt_id')::uuid
              AND a.learner_id = ANY(%(learners)s))
       ELSE false END
"""
_WAITING: LiteralString = """
SELECT count(*) FROM correction
 WHERE school_code = %(school)s AND effective_term = %(term)s AND state = 'waiting'
"""
_AWAITED_LISTED = _OF_SCHOOLS + _AWAITED + _NEWEST_FIRST
_AWAITED_COUNTED = _COUNTED_IN + _AWAITED
ORDER: TypeAdapter[Order] = TypeAdapter(Order)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    correction_id: UUID
    kind: str
    school_code: str
    effective_term: str
    order: dict[str, object]
    second: str
    sha256: str
    counts: dict[str, int]
    state: str = State.WAITING
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    refusal_reason: str | None = None

    @property
    def asked(self) -> Order:
        """The order as it was signed."""
        return ORDER.validate_python(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCorrection(CorrectionRow):
    """A correction beside the session it is about, if it is about one."""

    title: str | None = None


class Sign(NamedTuple):
    """A second signature that somebody may give: at a school, under a kind, as whom."""

    school_code: str
    kind: str
    second: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What waits for a person: all of `own` schools, elsewhere what others proposed for `signs`."""

    person_id: UUID
    own: Sequence[str]
    signs: Sequence[Sign]

    @property
    def values(self) -> Mapping[str, object]:
        return {
            "person": self.person_id,
            "own": list(self.own),
            "signs": [" ".join(each) for each in self.signs],
            "schools": sorted({*self.own, *(each.school_code for each in self.signs)}),
            "state": State.WAITING,
        }


CORRECTION = Table("correction", CorrectionRow, ("correction_id",), stream="correction_id")


class CorrectionBoard:
    name = "correction_board"
    version = 2
    tables = ("correction",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Correction.Proposed.TOPIC,
            Correction.Applied.TOPIC,
            Correction.Refused.TOPIC,
            Correction.Withdrawn.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        board = Fold(tx, CORRECTION, facts)
        for fact in facts:
            match fact.event:
                case Correction.Proposed() as event:
                    board.put(proposed(event))
                case Correction.Applied():
                    board.put(decided(board[fact.stream,], State.APPLIED, fact))
                case Correction.Refused(reason_code=reason):
                    row = decided(board[fact.stream,], State.REFUSED, fact)
                    board.put(replace(row, refusal_reason=reason))
                case Correction.Withdrawn():
                    board.put(decided(board[fact.stream,], State.WITHDRAWN, fact))
                case _:
                    pass
        board.save()

    def of_schools(
        self, school_codes: Sequence[str], state: str | None = None, part: Part = ALL
    ) -> list[ListedCorrection]:
        """Every correction of some schools, the newest first; all states, or one."""
        values = {"schools": list(school_codes), "state": state, **part.values}
        return self._views.rows(ListedCorrection, _LISTED, **values)

    def of_term(self, school_code: str, term: str) -> list[ListedCorrection]:
        """Those of a school that take effect in a term, the newest first."""
        return self._of(_OF_TERM, school_code, term=term)

    def about(self, school_code: str, session_ids: Sequence[UUID]) -> list[ListedCorrection]:
        """Those of a school about some sessions or who was there, the newest first."""
        return self._of(_ABOUT, school_code, sessions=list(session_ids))

    def how_many(self, school_code: str) -> int:
        """How many a school has in all states."""
        return int(self._views.cells(_COUNTED, school=school_code)[0])

    def awaited(self, wanted: Awaited, part: Part = ALL) -> list[ListedCorrection]:
        """What waits for a person, the newest first."""
        return self._views.rows(ListedCorrection, _AWAITED_LISTED, **wanted.values, **part.values)

    def how_many_awaited(self, wanted: Awaited) -> int:
        return int(self._views.cells(_AWAITED_COUNTED, **wanted.values)[0])

    def correction(self, correction_id: UUID) -> CorrectionRow | None:
        return self._views.row(CorrectionRow, _ONE, correction=correction_id)

    @everything_in_sight()  # a parent sees no correction but what accuses them
    def accusing(self, learner_ids: Sequence[UUID]) -> list[CorrectionRow]:
        """What waits and says of one person, under any of their records, that they cheated."""
        return self._views.rows(CorrectionRow, _ACCUSING, learners=list(learner_ids))

    def waiting(self, school_code: str, term: str) -> int:
        """How many of a term still wait for their second person."""
        return int(self._views.cells(_WAITING, school=school_code, term=term)[0])

    def _of(
        self, statement: LiteralString, school_code: str, **values: object
    ) -> list[ListedCorrection]:
        values |= {"schools": [school_code], "state": None, **ALL.values}
        return self._views.rows(ListedCorrection, statement, **values)


def proposed(event: Correction.Proposed) -> CorrectionRow:
    return CorrectionRow(
        correction_id=event.originator_id,
        kind=event.order.kind,
        school_code=event.school_code,
        effective_term=event.effective_term,
        order=event.order.model_dump(mode="json"),
        second=event.second,
        sha256=event.sha256,
        counts=event.counts,
        proposed_by=event.envelope.actor.id,
        proposed_at=event.envelope.at,
    )


def decided(row: CorrectionRow, state: State, fact: Fact) -> CorrectionRow:
    by = fact.event.envelope.actor.id
    return replace(row, state=state, decided_by=by, decided_at=fact.at)
