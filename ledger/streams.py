"""Aggregates read together, asked for by kind; and the streams that make a learner's record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.closing import YearClosing
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.grades import Stage
from domain.learner import Learner
from ledger.ledger import Ledger

A = TypeVar("A", bound=LedgerAggregate)


def streams_of_learners(learner_ids: Iterable[UUID]) -> list[UUID]:
    """What an evaluation of these learners reads: each with its account, exams and stages."""
    ids: list[UUID] = []
    for learner_id in learner_ids:
        ids += [learner_id, Account.create_id(learner_id), ExamRecord.create_id(learner_id)]
        ids += [Evaluation.create_id(learner_id, stage) for stage in Stage]
    return ids


def closings_of(learners: Iterable[Learner]) -> set[UUID]:
    """The closings of the school years in the schools that these learners were enrolled in."""
    return {
        YearClosing.create_id(place.school_code, place.school_year)
        for learner in learners
        for place in learner.enrolments.values()
    }


class Streams:
    """Aggregates read together, asked for by kind."""

    def __init__(self, found: dict[UUID, LedgerAggregate]) -> None:
        self._found = found

    @classmethod
    def of_learners(cls, ledger: Ledger, learner_ids: Iterable[UUID]) -> Streams:
        """All that evaluations of these learners read, in two queries for any number of them.

        Which schools' years matter is known only when the learners are.
        """
        streams = cls(ledger.load(streams_of_learners(learner_ids)))
        if closings := closings_of(streams.all(Learner)):
            streams._found |= ledger.load(closings)
        return streams

    def get(self, kind: type[A], key: UUID) -> A | None:
        found = self._found.get(key)
        return found if isinstance(found, kind) else None

    def put(self, aggregate: LedgerAggregate) -> None:
        self._found[aggregate.id] = aggregate

    def all(self, kind: type[A]) -> list[A]:
        return [found for found in self._found.values() if isinstance(found, kind)]
