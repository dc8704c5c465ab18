"""The leave book: who asked for leave from a session and what was said, and how it is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.leave import Leave
from domain.make_up import MakeUps
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS leave (
    leave_id uuid PRIMARY KEY,
    session_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    category text NOT NULL,
    requested_at timestamptz NOT NULL,
    is_granted boolean,
    decided_at timestamptz,
    handed_in_on date
);
CREATE INDEX IF NOT EXISTS leave_session ON leave (session_id);
CREATE INDEX IF NOT EXISTS leave_learner ON leave (learner_id);
CREATE INDEX IF NOT EXISTS leave_waiting ON leave (school_code) WHERE is_granted IS NULL;
CREATE TABLE IF NOT EXISTS make_up (
    learner_id uuid,
    by_id uuid,
    make_ups_id uuid NOT NULL,
    missed_session_id uuid NOT NULL,
    school_code text NOT NULL,
    reason text NOT NULL,
    term text NOT NULL,
    until date NOT NULL,
    assigned_at timestamptz NOT NULL,
    completed_at timestamptz,
    PRIMARY KEY (learner_id, by_id)
);
CREATE INDEX IF NOT EXISTS make_up_missed ON make_up (missed_session_id);
CREATE TABLE IF NOT EXISTS make_up_taken_back (
    learner_id uuid,
    by_id uuid,
    make_ups_id uuid NOT NULL,
    missed_session_id uuid NOT NULL,
    school_code text NOT NULL,
    taken_back_at timestamptz NOT NULL,
    words_id uuid NOT NULL,
    PRIMARY KEY (learner_id, by_id)
);
"""
_OF_SESSION: LiteralString = """
SELECT * FROM leave WHERE session_id = %(session)s ORDER BY requested_at, learner_id
"""
_OF_LEARNER: LiteralString = """
SELECT * FROM leave
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY learner_id = %(learner)s, requested_at
"""
_WAITING: LiteralString = """
SELECT session_id, b.title, b.begins_at, count(*) AS waiting
  FROM leave l JOIN session_board b USING (session_id)
 WHERE l.school_code = %(school)s AND l.is_granted IS NULL
 GROUP BY session_id, b.title, b.begins_at ORDER BY b.begins_at, session_id
"""
_MAKE_UPS_OF_SESSION: LiteralString = """
SELECT * FROM make_up WHERE missed_session_id = %(session)s ORDER BY assigned_at, learner_id
"""
_MAKE_UPS_OF_LEARNER: LiteralString = """
SELECT * FROM make_up
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY until, by_id
"""
_TAKEN_BACK: LiteralString = """
SELECT * FROM make_up_taken_back
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY taken_back_at, by_id
"""


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """`is_granted` of None: nobody has decided yet."""

    leave_id: UUID
    session_id: UUID
    learner_id: UUID
    school_code: str
    category: str
    requested_at: datetime
    is_granted: bool | None = None
    decided_at: datetime | None = None
    handed_in_on: date | None = None


@dataclass(frozen=True, slots=True)
class WaitingLeaves:
    """A session with requests that nobody has decided."""

    session_id: UUID
    title: str
    begins_at: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class MakeUpLine:
    """`by_id` is the session or the micro-class that makes up for the missed session."""

    learner_id: UUID
    by_id: UUID
    make_ups_id: UUID
    missed_session_id: UUID
    school_code: str
    reason: str
    term: str
    until: date
    assigned_at: datetime
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MakeUpTakenBack:
    """What was assigned in error and undone, the last time; the words of `words_id` say why."""

    learner_id: UUID
    by_id: UUID
    make_ups_id: UUID
    missed_session_id: UUID
    school_code: str
    taken_back_at: datetime
    words_id: UUID


LEAVE = Table("leave", LeaveLine, key=("leave_id",), stream="leave_id")
MAKE_UP = Table("make_up", MakeUpLine, key=("learner_id", "by_id"), stream="make_ups_id")
TAKEN_BACK = Table(
    "make_up_taken_back", MakeUpTakenBack, key=("learner_id", "by_id"), stream="make_ups_id"
)


class LeaveBook:
    name = "leave_book"
    version = 3
    tables = ("leave", "make_up", "make_up_taken_back")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Leave.Requested.TOPIC,
            Leave.Granted.TOPIC,
            Leave.TurnedDown.TOPIC,
            MakeUps.Assigned.TOPIC,
            MakeUps.Completed.TOPIC,
            MakeUps.TakenBack.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        leaves = Fold(tx, LEAVE, facts)
        make_ups = Fold(tx, MAKE_UP, facts)
        back = Fold(tx, TAKEN_BACK, facts)
        for fact in facts:
            me = fact.stream
            match fact.event:
                case Leave.Requested() as event:
                    leaves.put(requested(event))
                case Leave.Granted():
                    leaves.put(replace(leaves[me,], is_granted=True, decided_at=fact.at))
                case Leave.TurnedDown():
                    leaves.put(replace(leaves[me,], is_granted=False, decided_at=fact.at))
                case MakeUps.Assigned() as event:
                    make_ups.put(line := assigned(event))
                    known = back.get(line.learner_id, line.by_id)
                    if known and known.missed_session_id == line.missed_session_id:
                        back.drop(line.learner_id, line.by_id)  # it stands again
                case MakeUps.Completed(learner_id=learner_id, by_id=by_id):
                    line = make_ups[learner_id, by_id]
                    make_ups.put(replace(line, completed_at=fact.at))
                case MakeUps.TakenBack(learner_id=learner_id, by_id=by_id) as event:
                    back.put(taken_back(event, make_ups[learner_id, by_id]))
                    make_ups.drop(learner_id, by_id)
                case _:
                    pass
        leaves.save()
        make_ups.save()
        back.save()

    def of_session(self, session_id: UUID) -> list[LeaveLine]:
        return self._views.rows(LeaveLine, _OF_SESSION, session=session_id)

    def of_learner(self, learner_id: UUID) -> dict[UUID, LeaveLine]:
        """A person's requests by session; of two for one session, the one under this record."""
        found = self._views.rows(LeaveLine, _OF_LEARNER, learner=learner_id)
        return {line.session_id: line for line in found}

    def waiting_at(self, school_code: str) -> list[WaitingLeaves]:
        """The sessions of a school with requests to decide, the soonest first."""
        return self._views.rows(WaitingLeaves, _WAITING, school=school_code)

    def make_ups_of_session(self, session_id: UUID) -> list[MakeUpLine]:
        return self._views.rows(MakeUpLine, _MAKE_UPS_OF_SESSION, session=session_id)

    def make_ups_of_learner(self, learner_id: UUID) -> list[MakeUpLine]:
        """What a person has to make up, under whichever record it was assigned."""
        return self._views.rows(MakeUpLine, _MAKE_UPS_OF_LEARNER, learner=learner_id)

    def taken_back_of_learner(self, learner_id: UUID) -> list[MakeUpTakenBack]:
        """Make-ups of a person that were undone, and not assigned again in the same way."""
        return self._views.rows(MakeUpTakenBack, _TAKEN_BACK, learner=learner_id)


def requested(event: Leave.Requested) -> LeaveLine:
    return LeaveLine(
        leave_id=event.originator_id,
        session_id=event.session_id,
        learner_id=event.learner_id,
        school_code=event.school_code,
        category=event.category,
        requested_at=event.envelope.at,
        handed_in_on=event.handed_in_on,
    )


def assigned(event: MakeUps.Assigned) -> MakeUpLine:
    make_up = event.make_up
    return MakeUpLine(
        learner_id=event.learner_id,
        by_id=make_up.by_id,
        make_ups_id=event.originator_id,
        missed_session_id=make_up.missed_session_id,
        school_code=event.school_code,
        reason=make_up.reason,
        term=make_up.term,
        until=make_up.until,
        assigned_at=event.envelope.at,
    )


def taken_back(event: MakeUps.TakenBack, line: MakeUpLine) -> MakeUpTakenBack:
    return MakeUpTakenBack(
        learner_id=line.learner_id,
        by_id=line.by_id,
        make_ups_id=line.make_ups_id,
        missed_session_id=line.missed_session_id,
        school_code=line.school_code,
        taken_back_at=event.envelope.at,
        words_id=event.words_id,
    )
