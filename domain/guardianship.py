"""Who an adult is to which children, and on which days it was so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.enrolment import MERGED, UNMERGED

RESTORED = "custody_restored"  # on what basis a tie begins that two persons brought back
ENTERED_IN_ERROR = "entered_in_error"  # why a tie ends that never was
OF_RECORDS = frozenset({MERGED, UNMERGED})

Tie = tuple[str, bool]  # the relation (GB/T 4761), and whether it is a guardian's


class GuardianshipLinked(LedgerEvent):
    """`begins_on`: of a tie that holds from a day on; else it is as old as the two persons' own.

    After an end it holds from the day of the fact, where no day is said.
    """

    TOPIC = "learner.guardianship_linked"

    child_id: UUID
    relation_code: str
    is_guardian: bool
    basis: str
    begins_on: date | None = None

    @property
    def day(self) -> date | None:
        """From when on a tie holds that had ended; a record that speaks anew has it of old."""
        of_old = self.basis in OF_RECORDS
        return self.begins_on or (None if of_old else local_day(self.envelope.at, CITY_ZONE))

    def goes_on(self, ended_on: date) -> bool:
        """Whether it is the tie that ended on a day, as if that had not ended."""
        return self.day is None or self.day <= ended_on

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.guardianships.link(self)


class GuardianshipEnded(LedgerEvent):
    """`ended_on`: the first day on which it stands no more; of old facts the day they happened."""

    TOPIC = "learner.guardianship_ended"

    child_id: UUID
    reason_code: str
    ended_on: date | None = None

    @property
    def day(self) -> date:
        return self.ended_on or local_day(self.envelope.at, CITY_ZONE)

    @property
    def is_of_records(self) -> bool:
        """Whether the tie only goes with its record, as records are merged or parted."""
        return self.reason_code in OF_RECORDS

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.guardianships.end(self)


@dataclass(frozen=True)
class FormerTie:
    """A tie that ended: from a day, or from of old, until the day on which it stood no more."""

    tie: Tie
    begins_on: date | None
    ended_on: date
    reason_code: str

    def held(self, on: date) -> bool:
        """Whether it stood on a day; one that was entered in error never did."""
        began = self.begins_on is None or self.begins_on <= on
        return began and on < self.ended_on and self.reason_code != ENTERED_IN_ERROR


@dataclass(eq=False)  # as a mapping it is what stands
class Guardianships(Mapping[UUID, Tie]):
    """An adult's ties to children as they stand, with those that ended and what began after it."""

    standing: dict[UUID, Tie] = field(default_factory=dict[UUID, Tie])
    begun: dict[UUID, date] = field(default_factory=dict[UUID, date])
    former: dict[UUID, tuple[FormerTie, ...]] = field(
        default_factory=dict[UUID, tuple[FormerTie, ...]]
    )

    def __getitem__(self, child_id: UUID) -> Tie:
        return self.standing[child_id]

    def __iter__(self) -> Iterator[UUID]:
        return iter(self.standing)

    def __len__(self) -> int:
        return len(self.standing)

    def copy(self) -> Guardianships:
        return Guardianships(dict(self.standing), dict(self.begun), dict(self.former))

    def held(self, child_id: UUID, on: date | None) -> bool:
        """Whether a tie stood on a day; without a day, whether it stands."""
        if child_id in self.standing and (on is None or self.begun.get(child_id, on) <= on):
            return True
        return on is not None and any(each.held(on) for each in self.former.get(child_id, ()))

    def last(self, child_id: UUID) -> FormerTie | None:
        """The tie that ended last."""
        return self.former[child_id][-1] if child_id in self.former else None

    def gone(self) -> frozenset[UUID]:
        """The children of whom a tie was ended, and none stands."""
        return frozenset(self.former.keys() - self.standing.keys())

    def parted(self, child_id: UUID, on: date) -> bool:
        """Whether a tie that was ended at some time did not stand on a day."""
        return child_id in self.former and not self.held(child_id, on)

    def link(self, fact: GuardianshipLinked) -> None:
        """One that begins by the day the last one ended is that one, as if it had not ended."""
        child_id, before = fact.child_id, self.former.get(fact.child_id, ())
        day = fact.begins_on
        if child_id not in self.standing and before:
            day = fact.day
            if fact.goes_on(before[-1].ended_on):
                day = before[-1].begins_on
                self._remember(child_id, before[:-1])
        if child_id not in self.standing and day is not None:
            self.begun[child_id] = day
        self.standing[child_id] = (fact.relation_code, fact.is_guardian)

    def end(self, fact: GuardianshipEnded) -> None:
        """One that goes with its record is remembered with the other."""
        child_id = fact.child_id
        tie, begins_on = self.standing.pop(child_id, None), self.begun.pop(child_id, None)
        if tie is not None and not fact.is_of_records:
            ended = FormerTie(tie, begins_on, fact.day, fact.reason_code)
            self._remember(child_id, (*self.former.get(child_id, ()), ended))

    def _remember(self, child_id: UUID, ties: tuple[FormerTie, ...]) -> None:
        self.former[child_id] = ties
        if not ties:
            del self.former[child_id]
