"""Records that may be one person's: what was found by blind index and nobody has decided yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from api.asking import Asking
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope
from domain.learner import UnknownLearner
from ledger.likeness import AlikePair


@dataclass(frozen=True)
class Found:
    """A pair of records, and whether one of them is of another school."""

    pair: AlikePair
    is_across: bool


def suggestions(asking: Asking, school_code: str) -> list[Found]:
    """The pairs that somebody of the school should look at; nothing is merged by itself."""
    models = asking.runtime.models
    year = school_year_of(local_day(asking.runtime.now(), CITY_ZONE))
    here = set(models.roster.learners_of(school_code, year))
    pairs = asking.runtime.book.likeness.among(here)
    ids = {each for pair in pairs for each in (pair.one, pair.other)}
    now = asking.runtime.book.learners.survivors_of(ids)
    apart = models.one_person.told_apart(sorted(ids))
    return [
        Found(pair, is_across=not {pair.one, pair.other} <= here)
        for pair in pairs
        if now[pair.one] == pair.one
        and now[pair.other] == pair.other
        and frozenset((pair.one, pair.other)) not in apart
    ]


def tell_apart(asking: Asking, school_code: str, ids: tuple[UUID, UUID], by: Envelope) -> int:
    """Remember that two records are two persons'. Raises UnknownLearner, OwnCase."""
    refuse_stranger(asking, school_code, ids)
    return asking.runtime.settle(asking.runtime.book.learners.tell_apart(ids, by))


def refuse_stranger(asking: Asking, school_code: str, ids: tuple[UUID, UUID]) -> None:
    """Only what looks like a record of the school is compared with it, where it is elsewhere.

    Raises UnknownLearner.
    """
    now = asking.runtime.book.learners.survivors_of(ids)
    here = {each for each in ids if is_here(asking, school_code, now[each])}
    if here == set(ids):
        return
    pairs = asking.runtime.book.likeness.among(here)
    if set(ids) not in ({pair.one, pair.other} for pair in pairs):
        raise UnknownLearner


def is_here(asking: Asking, school_code: str, learner_id: UUID) -> bool:
    """Whether a learner is enrolled at the school now or, gone, belongs to it (ADR 0019)."""
    roster = asking.runtime.models.roster
    standing = [place for place in roster.places_of(learner_id) if place.ended_on is None]
    return any(p.school_code == school_code for p in standing or roster.last_places_of(learner_id))
