"""Aggregates read together, asked for by kind; and the streams that make one learner's record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.grades import Stage
from domain.make_up import MakeUps

A = TypeVar("A", bound=LedgerAggregate)


def streams_of_learners(learner_ids: Iterable[UUID]) -> list[UUID]:
    """What an evaluation of these learners reads: each with all that is asked of it."""
    ids: list[UUID] = []
    for learner_id in learner_ids:
        ids += [learner_id, Account.create_id(learner_id), ExamRecord.create_id(learner_id)]
        ids.append(MakeUps.create_id(learner_id))
        ids += [Evaluation.create_id(learner_id, stage) for stage in Stage]
    return ids


class Streams:
    """Aggregates read together, asked for by kind."""

    def __init__(self, found: dict[UUID, LedgerAggregate]) -> None:
        self._found = found

    def get(self, kind: type[A], key: UUID) -> A | None:
        found = self._found.get(key)
        return found if isinstance(found, kind) else None

    def put(self, aggregate: LedgerAggregate) -> None:
        self._found[aggregate.id] = aggregate

    def all(self, kind: type[A]) -> list[A]:
        return [found for found in self._found.values() if isinstance(found, kind)]
