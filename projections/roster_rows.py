"""The rows of the roster, and how facts about a learner leave them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.learner import Learner
from projections.table import Fold, Table

# A place has the guardianship beside it for as long as it stands: the ties of a class lie all over
# their own table, the places of a class side by side.
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
    PRIMARY KEY (learner_id, child_id)
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


@dataclass(frozen=True, slots=True)
class GuardianshipRow:
    learner_id: UUID
    child_id: UUID
    relation_code: str
    is_guardian: bool
    basis: str


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
CONSENT = Table("roster_consent", Consent, ("learner_id", "purpose"), "learner_id")
OF_THE_TIE = ("relation_code", "is_guardian", "basis")


def follow(
    places: Fold[PlaceRow], ties: Fold[GuardianshipRow], learner_id: UUID, event: LedgerEvent
) -> None:
    """A learner's places and guardianships as the next fact leaves them."""
    match event:
        case Learner.GuardianshipLinked(child_id=child_id):
            ties.put(guardianship(event))
            tie(places, ties, learner_id, child_id)
        case Learner.GuardianshipEnded(child_id=child_id):
            ties.drop(learner_id, child_id)
            tie(places, ties, learner_id, child_id)
        case Learner.Enrolled(enrolment=enrolment, begins_on=begins_on):
            known = places.get(learner_id, *enrolment.key)
            days = days_of(known, begins_on)
            places.put(PlaceRow(learner_id=learner_id, **days, **dict(enrolment)))
            tie(places, ties, learner_id, enrolment.child_id)
        case Learner.EnrolmentEnded(ended_on=ended_on, reason_code=reason):
            place = places[learner_id, *event.enrolment.key]
            places.put(replace(place, ended_on=ended_on, end_reason=reason))
        case Learner.Unmerged(places=gone):
            for enrolment in gone:
                places.drop(learner_id, *enrolment.key)
        case _:
            pass


def days_of(known: PlaceRow | None, begins_on: date | None) -> dict[str, Any]:
    """Another class of the same school is no other day on which the child came, nor is a return."""
    if known is None:
        return {"begins_on": begins_on}
    if begins_on is not None and known.ended_on is not None and known.ended_on <= begins_on:
        away = (*known.away, known.ended_on, begins_on)
        return {"begins_on": known.begins_on, "away": away}
    return {"begins_on": begins_on or known.begins_on, "away": known.away}


def tie(
    places: Fold[PlaceRow], ties: Fold[GuardianshipRow], learner_id: UUID, child_id: UUID
) -> None:
    """The places through a child say what ties the learner to it now, if anything."""
    now = ties.get(learner_id, child_id)
    said: dict[str, Any] = {name: getattr(now, name, None) for name in OF_THE_TIE}
    for place in places.of(learner_id):
        if place.child_id == child_id:
            places.put(replace(place, **said))


def guardianship(event: Learner.GuardianshipLinked) -> GuardianshipRow:
    return GuardianshipRow(
        learner_id=event.originator_id,
        child_id=event.child_id,
        relation_code=event.relation_code,
        is_guardian=event.is_guardian,
        basis=event.basis,
    )
