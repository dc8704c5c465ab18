"""The link board: every link that a phone asked for, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

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
 WHERE (learner_id = %(learner)s OR learner_id IN (
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY requested_at DESC, link_id
"""
_ANSWERED: LiteralString = "SELECT * FROM link WHERE answered_at < %(before)s ORDER BY link_id"
_LINE: LiteralString = "SELECT * FROM link WHERE link_id = %(link)s"


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


LINK = Table("link", LinkLine, ("link_id",), stream="links_id")


class LinkBoard:
    name = "link_board"
    version = 1
    tables = ("link",)
    ddl: LiteralString = TABLES
    topics = frozenset({Links.Requested.TOPIC, Links.Confirmed.TOPIC, Links.TurnedDown.TOPIC})

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
        school_code=place.school_code,
        school_year=place.school_year,
        grade=place.grade,
        class_group=place.class_group,
        device_hash=event.device_hash,
        requested_at=event.envelope.at,
    )


def answered(line: LinkLine, state: LinkState, fact: Fact) -> LinkLine:
    return replace(line, state=state, answered_at=fact.at)
