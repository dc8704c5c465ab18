"""The irregularities: what was flagged, how far its review is, and every step of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from domain.irregularity import Irregularity
from domain.irregularity_finding import Stands
from projections.database import Tx, Views
from projections.feed import Fact
from projections.parts import ALL, HowMany, Part, cut_by
from projections.sight import everything_in_sight
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS irregularity (
    irregularity_id uuid PRIMARY KEY,
    rule text NOT NULL,
    rules_version text NOT NULL,
    school_code text NOT NULL,
    term text NOT NULL,
    session_ids uuid[] NOT NULL,
    learner_ids uuid[] NOT NULL,
    staff_ids uuid[] NOT NULL,
    score bigint NOT NULL,
    facts jsonb NOT NULL,
    flagged_at timestamptz NOT NULL,
    answer_until date NOT NULL,
    stands text NOT NULL,
    heard uuid[] NOT NULL,
    finding text,
    reason_code text,
    proposed_by uuid,
    proposed_role text,
    decided_at timestamptz,
    corrections uuid[] NOT NULL
);
CREATE INDEX IF NOT EXISTS irregularity_school ON irregularity (school_code, stands);
CREATE INDEX IF NOT EXISTS irregularity_learner ON irregularity USING gin (learner_ids);
CREATE TABLE IF NOT EXISTS irregularity_step (
    position bigint PRIMARY KEY,
    irregularity_id uuid NOT NULL,
    topic text NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    role text NOT NULL,
    person_id uuid,
    code text,
    heard_by text,
    words_id uuid,
    correction_id uuid
);
CREATE INDEX IF NOT EXISTS irregularity_step_of ON irregularity_step (irregularity_id);
"""
# The strongest evidence first, then the oldest: never by school, never by person.
_ROW: LiteralString = " FROM irregularity i WHERE i.irregularity_id"
_BY_EVIDENCE = cut_by("-i.score, i.flagged_at, i.irregularity_id", _ROW)
_NEWEST_FIRST = cut_by("-extract(epoch FROM i.decided_at), i.irregularity_id", _ROW)
_OPEN: LiteralString = " i.stands IN ('flagged', 'proposed') "
_ALL: LiteralString = """
SELECT i.*, s.district_code, b.title, b.begins_at
  FROM irregularity i JOIN school s USING (school_code)
  LEFT JOIN session_board b ON b.session_id = i.session_ids[1]
"""
_ONE = _ALL + " WHERE i.irregularity_id = %(irregularity)s"
_OF: LiteralString = """
 WHERE (%(school)s::text IS NULL OR i.school_code = %(school)s)
   AND (%(district)s::text IS NULL OR s.district_code = %(district)s) AND
"""
_WAITING = _ALL + _OF + _OPEN + _BY_EVIDENCE
_DECIDED = _ALL + _OF + "NOT" + _OPEN + _NEWEST_FIRST
_HOW_MANY: LiteralString = """
SELECT count(*) FILTER (WHERE i.stands IN ('flagged', 'proposed')) AS waiting,
       count(*) FILTER (WHERE i.stands NOT IN ('flagged', 'proposed')) AS ended
  FROM irregularity i JOIN school s USING (school_code)
"""
_COUNTED = _HOW_MANY + _OF + "true"
_OF_LEARNERS = (
    _ALL + " WHERE i.learner_ids && %(learners)s ORDER BY i.flagged_at DESC, i.irregularity_id"
)
_STEPS: LiteralString = """
SELECT * FROM irregularity_step WHERE irregularity_id = %(irregularity)s ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class IrregularityRow:
    """`heard`: who was heard of those concerned. `finding` counts once a second person agreed."""

    irregularity_id: UUID
    rule: str
    rules_version: str
    school_code: str
    term: str
    session_ids: tuple[UUID, ...]
    learner_ids: tuple[UUID, ...]
    staff_ids: tuple[UUID, ...]
    score: int
    facts: dict[str, int]
    flagged_at: datetime
    answer_until: date
    stands: str
    heard: tuple[UUID, ...] = ()
    finding: str | None = None
    reason_code: str | None = None
    proposed_by: UUID | None = None
    proposed_role: str | None = None
    decided_at: datetime | None = None
    corrections: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class IrregularityFile(IrregularityRow):
    """The same beside its school's district and its first session."""

    district_code: str = ""
    title: str | None = None
    begins_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.stands in {Stands.FLAGGED, Stands.PROPOSED}


@dataclass(frozen=True, slots=True)
class IrregularityStep:
    """One fact of a review; its words lie in the vault."""

    position: int
    irregularity_id: UUID
    topic: str
    at: datetime
    actor_id: UUID
    role: str
    person_id: UUID | None = None
    code: str | None = None
    heard_by: str | None = None
    words_id: UUID | None = None
    correction_id: UUID | None = None


ROW = Table("irregularity", IrregularityRow, ("irregularity_id",), stream="irregularity_id")
STEP = Table("irregularity_step", IrregularityStep, ("position",), stream="irregularity_id")


class IrregularityBoard:
    name = "irregularity_board"
    version = 2
    tables = ("irregularity", "irregularity_step")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Irregularity.Flagged.TOPIC,
            Irregularity.Told.TOPIC,
            Irregularity.Heard.TOPIC,
            Irregularity.FindingProposed.TOPIC,
            Irregularity.FindingSetAside.TOPIC,
            Irregularity.Cleared.TOPIC,
            Irregularity.Confirmed.TOPIC,
            Irregularity.CorrectionLinked.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        rows = Fold(tx, ROW, facts)
        for fact in facts:
            if isinstance(fact.event, Irregularity.Flagged):
                rows.put(flagged(fact.event))
            else:
                row = rows[fact.stream,]
                rows.put(replace(row, **changes(row, fact)))
        rows.save()
        STEP.add(tx, [step(fact) for fact in facts])

    def one(self, irregularity_id: UUID) -> IrregularityFile | None:
        return self._views.row(IrregularityFile, _ONE, irregularity=irregularity_id)

    def steps_of(self, irregularity_id: UUID) -> list[IrregularityStep]:
        """The history of a review, oldest first."""
        return self._views.rows(IrregularityStep, _STEPS, irregularity=irregularity_id)

    def waiting(
        self, part: Part = ALL, *, school_code: str | None = None, district_code: str | None = None
    ) -> list[IrregularityFile]:
        """What two persons have not decided yet: the strongest evidence first."""
        return self._of(_WAITING, part, school_code, district_code)

    def decided(
        self, part: Part = ALL, *, school_code: str | None = None, district_code: str | None = None
    ) -> list[IrregularityFile]:
        """What was cleared or confirmed, the newest first."""
        return self._of(_DECIDED, part, school_code, district_code)

    def how_many(
        self, *, school_code: str | None = None, district_code: str | None = None
    ) -> HowMany:
        """How long both lists are."""
        values = {"school": school_code, "district": district_code}
        return self._views.rows(HowMany, _COUNTED, **values)[0]

    @everything_in_sight()  # in sight of a policy the index of learners is of no use
    def of_learners(self, learner_ids: Sequence[UUID]) -> list[IrregularityFile]:
        """What concerns a person, under whichever of their records; the newest first."""
        return self._views.rows(IrregularityFile, _OF_LEARNERS, learners=list(learner_ids))

    def _of(
        self, statement: LiteralString, part: Part, school: str | None, district: str | None
    ) -> list[IrregularityFile]:
        values = {"school": school, "district": district, **part.values}
        return self._views.rows(IrregularityFile, statement, **values)


def flagged(event: Irregularity.Flagged) -> IrregularityRow:
    return IrregularityRow(
        irregularity_id=event.originator_id,
        rule=event.rule,
        rules_version=event.rules_version,
        school_code=event.school_code,
        term=event.term,
        session_ids=event.session_ids,
        learner_ids=event.learner_ids,
        staff_ids=event.staff_ids,
        score=event.score,
        facts=event.facts,
        flagged_at=event.envelope.at,
        answer_until=event.answer_until,
        stands=Stands.FLAGGED,
    )


def changes(row: IrregularityRow, fact: Fact) -> dict[str, Any]:
    match fact.event:
        case Irregularity.Heard(person_id=person_id):
            return {"heard": tuple(dict.fromkeys((*row.heard, person_id)))}
        case Irregularity.FindingProposed(finding=finding, reason_code=reason, envelope=by):
            proposed = {"proposed_by": by.actor.id, "proposed_role": by.actor.role}
            return {
                "stands": Stands.PROPOSED,
                "finding": finding,
                "reason_code": reason,
                **proposed,
            }
        case Irregularity.FindingSetAside():
            nothing = dict.fromkeys(("finding", "reason_code", "proposed_by", "proposed_role"))
            return {"stands": Stands.FLAGGED, **nothing}
        case Irregularity.Cleared() | Irregularity.Confirmed():
            return {"stands": Stands(str(row.finding)), "decided_at": fact.at}
        case Irregularity.CorrectionLinked(correction_id=correction_id):
            return {"corrections": (*row.corrections, correction_id)}
        case _:
            return {}


def step(fact: Fact) -> IrregularityStep:
    """A line of the timeline."""
    envelope = fact.event.envelope
    return IrregularityStep(
        position=fact.position,
        irregularity_id=fact.stream,
        topic=fact.event.TOPIC,
        at=fact.at,
        actor_id=envelope.actor.id,
        role=envelope.actor.role,
        **details(fact),
    )


def details(fact: Fact) -> dict[str, Any]:
    match fact.event:
        case Irregularity.Told(person_id=person_id, how=how):
            return {"person_id": person_id, "heard_by": how}
        case Irregularity.Heard() as event:
            said = {"code": event.says, "heard_by": event.heard_by, "words_id": event.words_id}
            return {"person_id": event.person_id, **said}
        case Irregularity.FindingProposed() as event:
            return {"code": event.reason_code, "words_id": event.words_id}
        case Irregularity.Cleared(reason_code=code) | Irregularity.Confirmed(reason_code=code):
            return {"code": code}
        case Irregularity.CorrectionLinked(correction_id=correction_id):
            return {"correction_id": correction_id}
        case _:
            return {}
