"""Aggregates read together, asked for by kind; and the streams that make a learner's record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Self, TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.closing import TERMS_OF_A_YEAR, YearClosing
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.grades import Stage
from domain.learner import Learner
from domain.make_up import MakeUps
from domain.term import SchoolTerm

Load = Callable[[Iterable[UUID]], dict[UUID, LedgerAggregate]]

A = TypeVar("A", bound=LedgerAggregate)
YEARS_OF_A_SUSPENSION = 10  # more than any stage takes


def streams_of_learners(learner_ids: Iterable[UUID]) -> list[UUID]:
    """What an evaluation of these learners reads: each with all that is asked of it."""
    ids: list[UUID] = []
    for learner_id in learner_ids:
        ids += [learner_id, Account.create_id(learner_id), ExamRecord.create_id(learner_id)]
        ids.append(MakeUps.create_id(learner_id))
        ids += [Evaluation.create_id(learner_id, stage) for stage in Stage]
    return ids


def terms_from(school_year: int) -> list[UUID]:
    """The terms of a school year and of some years after it, announced or not."""
    years = range(school_year, school_year + YEARS_OF_A_SUSPENSION)
    return [SchoolTerm.create_id(year, term_no) for year in years for term_no in TERMS_OF_A_YEAR]


class Streams:
    """Aggregates read together, asked for by kind."""

    def __init__(self, found: dict[UUID, LedgerAggregate]) -> None:
        self._found = found

    @classmethod
    def of_learners(
        cls, load: Load, learner_ids: Iterable[UUID], news: Iterable[LedgerAggregate] = ()
    ) -> Self:
        """The records of these persons: whoever speaks for them now, and every record's exams.

        `news` are aggregates that have spoken and are not recorded yet: they stand for themselves.
        """
        known = {aggregate.id: aggregate for aggregate in news}
        asked: set[UUID] = set()
        streams, wanted = cls({}), set(streams_of_learners(learner_ids))
        while wanted:
            asked |= wanted
            streams._found |= load(wanted) | {key: known[key] for key in wanted & known.keys()}
            wanted = set(streams._following()) - asked
        return streams

    def speaker(self, learner_id: UUID) -> UUID:
        """The record that speaks for a person now: merges are followed to their end."""
        learner = self.get(Learner, learner_id)
        merged_into = learner.merged_into if learner else None
        return self.speaker(merged_into) if merged_into else learner_id

    def making_up(self, learner_id: UUID, by_id: UUID) -> MakeUps | None:
        """The make-ups that name this way: of the record itself, else of the person's others."""
        records = (learner_id, *self.records_of(self.speaker(learner_id)))
        found = (self.get(MakeUps, MakeUps.create_id(each)) for each in records)
        return next((each for each in found if each and by_id in each.assigned), None)

    def records_of(self, learner_id: UUID) -> list[UUID]:
        """A person's record, and those that were merged into it."""
        learner = self.get(Learner, learner_id)
        return [learner_id, *sorted(learner.merged_ids if learner else ())]

    def _following(self) -> Iterator[UUID]:
        """What the learners at hand lead to.

        Who speaks for them, what merged records have, the closed years of their schools, and the
        terms since fraud was confirmed of somebody.
        """
        for account in self.all(Account):
            if latest := account.frauds.latest:
                yield from terms_from(school_year_of(local_day(latest, CITY_ZONE)))
        for learner in self.all(Learner):
            if learner.merged_into:
                yield from streams_of_learners([learner.merged_into])
            for each in learner.merged_ids:
                yield from streams_of_learners([each])
            for place in learner.enrolments.values():
                yield YearClosing.create_id(place.school_code, place.school_year)

    def get(self, kind: type[A], key: UUID) -> A | None:
        found = self._found.get(key)
        return found if isinstance(found, kind) else None

    def put(self, aggregate: LedgerAggregate) -> None:
        self._found[aggregate.id] = aggregate

    def all(self, kind: type[A]) -> list[A]:
        return [found for found in self._found.values() if isinstance(found, kind)]
