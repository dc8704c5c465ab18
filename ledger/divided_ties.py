"""Children whose tie stands under one of two records, and was ended under the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.learner import Learner
from ledger.ledger import Ledger
from ledger.records import spoken_for
from ledger.streams import Streams


@dataclass(frozen=True)
class DividedTie:
    """A child, the record under which its tie stands, and the day the other one's ended."""

    child_id: UUID
    stands_under: UUID
    ended_on: date


def divided_ties(ledger: Ledger, one_id: UUID, other_id: UUID) -> list[DividedTie]:
    """What two persons ended under one record, or one that it speaks for, and not under the other.

    A merge leaves to the record that is kept what it has: see `Learner.take_in`.
    """
    return [*_ended(ledger, one_id, other_id), *_ended(ledger, other_id, one_id)]


def _ended(ledger: Ledger, under: UUID, stands_under: UUID) -> Iterator[DividedTie]:
    """Under a record and those that it speaks for, of children to whom the other one is tied."""
    records = Streams(ledger.load(spoken_for(ledger, under))).all(Learner)
    other = ledger.find(Learner, stands_under)
    for child_id in other.guardianships if other else ():
        if any(child_id in each.guardianships for each in records):
            continue
        former = (each.guardianships.last(child_id) for each in records)
        if days := [each.ended_on for each in former if each]:
            yield DividedTie(child_id, stands_under, max(days))
