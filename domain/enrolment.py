"""A child's place in a class of a school year, and the places that an adult is enrolled through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.identity import derived

MERGED = "merged"  # why ties end, and on what basis they begin, when records become one
UNMERGED = "unmerged"


class Leaving(StrEnum):
    """Why a place at a school ended."""

    TRANSFERRED = "transferred"
    GRADUATED = "graduated"
    LEFT = "left"


class Returning(StrEnum):
    """Why a child that left has its place again."""

    RETURNED = "returned"
    ENTERED_IN_ERROR = "entered_in_error"


class Away(NamedTuple):
    """A child had left its place, and came back to it: was there until a day, and from one on."""

    left_on: date
    reason: Leaving
    back_on: date


class PlaceKey(NamedTuple):
    """A child has one place a school and school year; who moves school has two in that year."""

    child_id: UUID
    school_year: int
    school_code: str


class Enrolment(BaseModel):
    """One child's place, through which the learner takes part: 孩子入学，家长入校."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    child_id: UUID
    school_code: str
    stage: str
    grade: str
    class_group: str
    school_year: int

    @property
    def key(self) -> PlaceKey:
        return PlaceKey(self.child_id, self.school_year, self.school_code)


class ClassPlace(BaseModel):
    """A class of a school year that somebody named, whoever the child is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_code: str
    stage: str
    grade: str
    class_group: str
    school_year: int


class Brought(BaseModel):
    """What a merged record brings that was not there before, and the records it spoke for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    records: tuple[UUID, ...]
    children: tuple[UUID, ...]
    places: tuple[Enrolment, ...]


class HandedOn(BaseModel):
    """Children that one parted record brought and that stay, as another merged one had them too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: UUID
    children: tuple[UUID, ...]


@dataclass
class Places(Mapping[PlaceKey, Enrolment]):
    """An adult's enrolments, with the days on which some began late, were left, or ended."""

    all: dict[PlaceKey, Enrolment] = field(default_factory=dict[PlaceKey, Enrolment])
    ended: dict[PlaceKey, tuple[date, Leaving]] = field(
        default_factory=dict[PlaceKey, tuple[date, Leaving]]
    )
    begun: dict[PlaceKey, date] = field(default_factory=dict[PlaceKey, date], compare=False)
    away: dict[PlaceKey, tuple[Away, ...]] = field(default_factory=dict[PlaceKey, tuple[Away, ...]])

    def __getitem__(self, key: PlaceKey) -> Enrolment:
        return self.all[key]

    def __iter__(self) -> Iterator[PlaceKey]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def put(self, place: Enrolment, begins_on: date | None = None) -> None:
        key = place.key
        self.all[key] = place
        ended = self.ended.pop(key, None)
        if begins_on is not None and ended is not None and ended[0] <= begins_on:
            self.away[key] = (*self.away.get(key, ()), Away(*ended, begins_on))
        elif begins_on is not None:
            self.begun[key] = begins_on

    def only(self, places: Iterable[Enrolment]) -> Places:
        """Of these places what is known here, with the days of each."""
        keys = [place.key for place in places if place.key in self.all]
        ended = {key: self.ended[key] for key in keys if key in self.ended}
        begun = {key: self.begun[key] for key in keys if key in self.begun}
        away = {key: self.away[key] for key in keys if key in self.away}
        return Places({key: self.all[key] for key in keys}, ended, begun, away)

    def told(
        self, known: Places
    ) -> Iterator[tuple[Enrolment, date | None, tuple[date, Leaving] | None]]:
        """What is not known there as it is here: each time of a place, with its first day and end.

        One that ended is taken, and ended on its day.
        """
        for key, place in self.all.items():
            if known.only([place]) != self.only([place]):
                begins_on = self.begun.get(key)
                for away in self.away.get(key, ()):
                    yield place, begins_on, (away.left_on, away.reason)
                    begins_on = away.back_on
                yield place, begins_on, self.ended.get(key)

    def shared(self, theirs: Places, children: Collection[UUID]) -> tuple[Enrolment, ...]:
        """The places through these children, from the year in which another record's begin."""
        return tuple(
            place
            for key, place in self.all.items()
            if key.child_id in children
            and any(
                known.child_id == key.child_id and known.school_year <= key.school_year
                for known in theirs
            )
        )

    def forget(self, places: Iterable[Enrolment]) -> None:
        for place in places:
            for known in (self.all, self.ended, self.begun, self.away):
                known.pop(place.key, None)

    def has(self, place: Enrolment) -> bool:
        """Whether exactly this place stands."""
        return self.all.get(place.key) == place and place.key not in self.ended

    def stands_elsewhere(self, here: PlaceKey) -> bool:
        """Whether the child has a place at another school by now, in that year or after it."""
        return any(
            key.child_id == here.child_id
            and key.school_year >= here.school_year
            and key.school_code != here.school_code
            and key not in self.ended
            for key in self.all
        )

    def at(self, school_code: str, school_year: int, on: date | None) -> Iterator[Enrolment]:
        """The places at a school as they were on a day; without a day those that did not end."""
        for key, place in self.all.items():
            ended_on, _ = self.ended.get(key, (None, None))
            stands = ended_on is None or (on is not None and on < ended_on)
            if on is not None:
                stands &= not any(e.left_on <= on < e.back_on for e in self.away.get(key, ()))
            if stands and (key.school_code, key.school_year) == (school_code, school_year):
                yield place

    def holds(self, child_id: UUID, school_code: str, school_year: int, on: date) -> bool:
        """Whether a child was at a school on a day: who moved there, from the day of the move."""
        return any(
            place.child_id == child_id and self.begun.get(place.key, on) <= on
            for place in self.at(school_code, school_year, on)
        )

    def years(self, stage: str) -> frozenset[int]:
        return frozenset(place.school_year for place in self.all.values() if place.stage == stage)

    def first(self, stage: str) -> tuple[Enrolment, ...]:
        """The places of the first school year in a stage."""
        year = min(self.years(stage), default=None)
        return tuple(
            place
            for place in self.all.values()
            if place.stage == stage and place.school_year == year
        )

    def enrolment_id(self, learner_id: UUID, key: PlaceKey) -> UUID:
        """One for a child's school year; another one where the child moves school within it."""
        others = {
            known.school_code
            for known in self.all
            if (known.child_id, known.school_year) == (key.child_id, key.school_year)
        }
        moved = (key.school_code,) if others - {key.school_code} else ()
        return derived("enrolment", learner_id, key.child_id, key.school_year, *moved)
