"""The link board: every link that a phone asked for, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from domain.enrolment import ClassPlace
from domain.links import Links, LinkState
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS link (
    link_id uuid PRIMARY KEY,
    links_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    grade text NOT NULL,
    class_group text NOT NULL,
    device_hash text NOT NULL,
    requested_at timestamptz NOT NULL,
    state text NOT NULL,
    answered_at timestamptz
);
CREATE INDEX IF NOT EXISTS link_of_school ON link (school_code) WHERE state <> 'confirmed';
CREATE INDEX IF NOT EXISTS link_of_stream ON link (links_id);
CREATE INDEX IF NOT EXISTS link_of_learner ON link (learner_id);
"""
_UNCONFIRMED: LiteralString = """
SELECT * FROM link WHERE school_code = %(school)s AND state <> 'confirmed'
 ORDER BY requested_at, link_id
"""
_WAITING: LiteralString = """
SELECT count(*) FROM link WHERE school_code = %(school)s AND state = 'waiting'
"""
_OF_LEARNER: LiteralString = """
SELECT * FROM link
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY requested_at DESC, link_id
"""
_ANSWERED: LiteralString = "SELECT * FROM link WHERE answered_at < %(before)s ORDER BY link_id"
_LINE: LiteralString = "SELECT * FROM link WHERE link_id = %(link)s"
# Of one person, whichever records came in and asked.
_OF_CONFIRMED: LiteralString = """
  FROM attendance_register a JOIN session_board b USING (session_id)
  LEFT JOIN merged_record came ON came.merged_id = a.learner_id
  JOIN link l ON (l.school_code = a.school_code OR l.link_id = a.link_id) AND l.state = 'confirmed'
  LEFT JOIN merged_record asked ON asked.merged_id = l.learner_id
 WHERE a.link_id IS NOT NULL
   AND coalesce(came.speaker_id, a.learner_id) = coalesce(asked.speaker_id, l.learner_id)
   AND (l.link_id = a.link_id OR b.grades = '{}' OR l.grade = ANY(b.grades))
   AND EXISTS (SELECT 1 FROM term_closing t
                WHERE (t.school_code, t.school_year, t.term_no)
                    = (b.school_code, b.school_year, b.term_no)) = %(closed)s
"""
# The phone came in just while somebody confirmed it.
_LEFT_WAITING: LiteralString = (
    "SELECT l.learner_id, l.link_id, a.attendance_id"
    + _OF_CONFIRMED
    + " AND l.answered_at <= %(at)s ORDER BY a.attendance_id, l.link_id"
)
_TO_CORRECT: LiteralString = (
    "SELECT DISTINCT a.session_id, a.learner_id, b.title, b.begins_at"
    + _OF_CONFIRMED
    + " AND a.school_code = %(school)s ORDER BY b.begins_at, a.session_id, a.learner_id"
)


@dataclass(frozen=True, slots=True)
class LinkLine:
    link_id: UUID
    links_id: UUID
    learner_id: UUID
    school_code: str
    school_year: int
    grade: str
    class_group: str
    device_hash: str
    requested_at: datetime
    state: str = LinkState.WAITING
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftWaiting:
    """An attendance that still awaits a link, and a link of the learner that is confirmed."""

    learner_id: UUID
    link_id: UUID
    attendance_id: UUID


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """An attendance of a closed term whose link was confirmed afterwards."""

    session_id: UUID
    learner_id: UUID
    title: str
    begins_at: datetime


LINK = Table("link", LinkLine, ("link_id",), stream="links_id")


class LinkBoard:
    name = "link_board"
    version = 3
    tables = ("link",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Links.Requested.TOPIC,
            Links.Confirmed.TOPIC,
            Links.TurnedDown.TOPIC,
            Links.Moved.TOPIC,
            Links.Reopened.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        links = Fold(tx, LINK, facts)
        for fact in facts:
            match fact.event:
                case Links.Requested() as event:
                    links.put(requested(event))
                case Links.Confirmed(link_id=link_id):
                    links.put(answered(links[link_id,], LinkState.CONFIRMED, fact))
                case Links.TurnedDown(link_id=link_id):
                    links.put(answered(links[link_id,], LinkState.TURNED_DOWN, fact))
                case Links.Moved(link_id=link_id, place=place):
                    links.put(replace(links[link_id,], **of_class(place)))
                case Links.Reopened(link_id=link_id):
                    line = links[link_id,]
                    links.put(replace(line, state=LinkState.WAITING, answered_at=None))
                case _:
                    pass
        links.save()

    def unconfirmed_at(self, school_code: str) -> list[LinkLine]:
        """What a school has not confirmed, answered or not, the oldest first."""
        return self._views.rows(LinkLine, _UNCONFIRMED, school=school_code)

    def waiting_at(self, school_code: str) -> int:
        """How many links wait for an answer."""
        [count] = self._views.cells(_WAITING, school=school_code)
        return int(count)

    def of_learner(self, learner_id: UUID) -> list[LinkLine]:
        """What was asked for under any record of a person, the newest first."""
        return self._views.rows(LinkLine, _OF_LEARNER, learner=learner_id)

    def left_waiting(self, at: datetime) -> list[LeftWaiting]:
        """What awaits a link that was confirmed at `at` or before."""
        return self._views.rows(LeftWaiting, _LEFT_WAITING, at=at, closed=False)

    def to_correct(self, school_code: str) -> list[ToCorrect]:
        """What takes a correction to earn hours: its link was confirmed in a closed term."""
        return self._views.rows(ToCorrect, _TO_CORRECT, school=school_code, closed=True)

    def answered_before(self, moment: datetime) -> list[LinkLine]:
        """The links that a school answered before a moment, one way or the other."""
        return self._views.rows(LinkLine, _ANSWERED, before=moment)

    def line(self, link_id: UUID) -> LinkLine | None:
        return self._views.row(LinkLine, _LINE, link=link_id)


def requested(event: Links.Requested) -> LinkLine:
    place = event.place
    return LinkLine(
        link_id=event.link_id,
        links_id=event.originator_id,
        learner_id=event.learner_id,
        **of_class(place),
        device_hash=event.device_hash,
        requested_at=event.envelope.at,
    )


def of_class(place: ClassPlace) -> dict[str, Any]:
    return place.model_dump(exclude={"stage"})


def answered(line: LinkLine, state: LinkState, fact: Fact) -> LinkLine:
    return replace(line, state=state, answered_at=fact.at)
