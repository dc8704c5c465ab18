"""The rows of the roster, and how facts about a learner leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.learner import Learner
from projections.database import Tx
from projections.feed import Fact
from projections.table import Fold, Table

# A place has the guardianship beside it for as long as it stands: the ties of a class lie all over
# their own table, the places of a class side by side. Ties that ended are few.
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS roster_learner (
    learner_id uuid PRIMARY KEY,
    registered_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS roster_place (
    learner_id uuid,
    child_id uuid,
    school_year bigint,
    school_code text,
    stage text NOT NULL,
    grade text NOT NULL,
    class_group text NOT NULL,
    begins_on date,
    ended_on date,
    end_reason text,
    away date[] NOT NULL,
    relation_code text,
    is_guardian boolean,
    basis text,
    tied_from date,
    PRIMARY KEY (learner_id, child_id, school_year, school_code)
);
CREATE INDEX IF NOT EXISTS roster_place_class
    ON roster_place (school_code, school_year, grade, class_group);
CREATE INDEX IF NOT EXISTS roster_place_child ON roster_place (child_id);
CREATE TABLE IF NOT EXISTS roster_guardianship (
    learner_id uuid,
    child_id uuid,
    relation_code text NOT NULL,
    is_guardian boolean NOT NULL,
    basis text NOT NULL,
    tied_from date,
    PRIMARY KEY (learner_id, child_id)
);
CREATE TABLE IF NOT EXISTS roster_former_tie (
    learner_id uuid,
    child_id uuid,
    ended_on date,
    reason_code text NOT NULL,
    relation_code text NOT NULL,
    is_guardian boolean NOT NULL,
    basis text NOT NULL,
    tied_from date,
    PRIMARY KEY (learner_id, child_id, ended_on)
);
CREATE TABLE IF NOT EXISTS roster_consent (
    learner_id uuid,
    purpose text,
    notice_version text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, purpose)
);
"""


@dataclass(frozen=True, slots=True)
class LearnerRow:
    learner_id: UUID
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """`away`: the days on which the child left and came back, in turn."""

    learner_id: UUID
    child_id: UUID
    school_year: int
    school_code: str
    stage: str
    grade: str
    class_group: str
    begins_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    away: tuple[date, ...] = ()
    relation_code: str | None = None
    is_guardian: bool | None = None
    basis: str | None = None
    tied_from: date | None = None


@dataclass(frozen=True, slots=True)
class GuardianshipRow:
    learner_id: UUID
    child_id: UUID
    relation_code: str
    is_guardian: bool
    basis: str
    tied_from: date | None


@dataclass(frozen=True, slots=True)
class FormerTieRow:
    learner_id: UUID
    child_id: UUID
    ended_on: date
    reason_code: str
    relation_code: str
    is_guardian: bool
    basis: str
    tied_from: date | None


@dataclass(frozen=True, slots=True)
class Consent:
    learner_id: UUID
    purpose: str
    notice_version: str
    given_at: datetime


LEARNER = Table("roster_learner", LearnerRow, ("learner_id",), "learner_id")
PLACE = Table(
    "roster_place", PlaceRow, ("learner_id", "child_id", "school_year", "school_code"), "learner_id"
)
TIE = Table("roster_guardianship", GuardianshipRow, ("learner_id", "child_id"), "learner_id")
FORMER_TIE = Table(
    "roster_former_tie", FormerTieRow, ("learner_id", "child_id", "ended_on"), "learner_id"
)
CONSENT = Table("roster_consent", Consent, ("learner_id", "purpose"), "learner_id")
OF_THE_TIE = ("relation_code", "is_guardian", "basis", "tied_from")


def days_of(known: PlaceRow | None, begins_on: date | None) -> dict[str, Any]:
    """Another class of the same school is no other day on which the child came, nor is a return."""
    if known is None:
        return {"begins_on": begins_on}
    if begins_on is not None and known.ended_on is not None and known.ended_on <= begins_on:
        away = (*known.away, known.ended_on, begins_on)
        return {"begins_on": known.begins_on, "away": away}
    return {"begins_on": begins_on or known.begins_on, "away": known.away}


# Left and back in turn: up to a day on which the child was there they are even in number.
_NOT_AWAY: LiteralString = (
    "(p.away = '{}' OR mod((SELECT count(*) FROM unnest(p.away) d WHERE d <= :day), 2) = 0)"
)


def places_on(day: LiteralString) -> LiteralString:
    """The places `p` of a day, as they and the ties were; `f` is a tie that ended since.

    One that was entered in error never was.
    """
    return (
        " FROM roster_place p LEFT JOIN roster_former_tie f"
        " ON f.learner_id = p.learner_id AND f.child_id = p.child_id"
        " AND f.reason_code <> 'entered_in_error' AND " + day + " < f.ended_on"
        " AND (f.tied_from IS NULL OR f.tied_from <= " + day + ")"
        " WHERE (f.learner_id IS NOT NULL OR p.relation_code IS NOT NULL"
        " AND (p.tied_from IS NULL OR p.tied_from <= " + day + "))"
        " AND (p.ended_on IS NULL OR " + day + " < p.ended_on)"
        " AND " + _NOT_AWAY.replace(":day", day)
    )


@dataclass(frozen=True)
class Families:
    """The places and ties of those whom a batch of facts touches."""

    places: Fold[PlaceRow]
    ties: Fold[GuardianshipRow]
    former: Fold[FormerTieRow]

    @classmethod
    def of(cls, tx: Tx, facts: Sequence[Fact]) -> Families:
        return cls(Fold(tx, PLACE, facts), Fold(tx, TIE, facts), Fold(tx, FORMER_TIE, facts))

    def save(self) -> None:
        for fold in (self.places, self.ties, self.former):
            fold.save()

    def follow(self, learner_id: UUID, event: LedgerEvent) -> None:
        """A learner's places and guardianships as the next fact leaves them."""
        match event:
            case Learner.GuardianshipLinked(child_id=child_id):
                self._link(learner_id, event)
                self._tie(learner_id, child_id)
            case Learner.GuardianshipEnded(child_id=child_id):
                self._end(learner_id, event)
                self._tie(learner_id, child_id)
            case Learner.Enrolled(enrolment=enrolment, begins_on=begins_on):
                days = days_of(self.places.get(learner_id, *enrolment.key), begins_on)
                self.places.put(PlaceRow(learner_id=learner_id, **days, **dict(enrolment)))
                self._tie(learner_id, enrolment.child_id)
            case Learner.EnrolmentEnded(ended_on=ended_on, reason_code=reason):
                place = self.places[learner_id, *event.enrolment.key]
                self.places.put(replace(place, ended_on=ended_on, end_reason=reason))
            case Learner.Unmerged(places=gone):
                for enrolment in gone:
                    self.places.drop(learner_id, *enrolment.key)
            case _:
                pass

    def _link(self, learner_id: UUID, event: Learner.GuardianshipLinked) -> None:
        child_id, begins = event.child_id, event.begins_on
        now = self.ties.get(learner_id, child_id)
        last = None if now else self._last(learner_id, child_id)
        if last and event.goes_on(last.ended_on):
            self.former.drop(learner_id, child_id, last.ended_on)
        if last:
            begins = last.tied_from if event.goes_on(last.ended_on) else event.day
        told = event.relation_code, event.is_guardian, event.basis
        self.ties.put(
            GuardianshipRow(learner_id, child_id, *told, now.tied_from if now else begins)
        )

    def _end(self, learner_id: UUID, event: Learner.GuardianshipEnded) -> None:
        child_id, tie = event.child_id, self.ties.get(learner_id, event.child_id)
        self.ties.drop(learner_id, child_id)
        if tie is not None and not event.is_of_records:
            told = tie.relation_code, tie.is_guardian, tie.basis, tie.tied_from
            self.former.put(FormerTieRow(learner_id, child_id, event.day, event.reason_code, *told))

    def _last(self, learner_id: UUID, child_id: UUID) -> FormerTieRow | None:
        mine = (row for row in self.former.of(learner_id) if row.child_id == child_id)
        return max(mine, key=lambda row: row.ended_on, default=None)

    def _tie(self, learner_id: UUID, child_id: UUID) -> None:
        """The places through a child say what ties the learner to it now, if anything."""
        now = self.ties.get(learner_id, child_id)
        said: dict[str, Any] = {name: getattr(now, name, None) for name in OF_THE_TIE}
        for place in self.places.of(learner_id):
            if place.child_id == child_id:
                self.places.put(replace(place, **said))
