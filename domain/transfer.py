"""A child moves from one school to another: out, in, and confirmed by both; or out for good."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import school_year_of
from domain.enrolment import Enrolment
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class ChildNotHere(Refused):
    """The child has no place at that school now."""

    code = "child_not_here"


class TransferUnknown(Refused):
    """No school has announced that the child leaves."""

    code = "transfer_unknown"


class TransferOver(Refused):
    """The transfer was confirmed or withdrawn: it takes no further step."""

    code = "transfer_over"


class TransferAnnouncedOtherwise(Refused):
    """The child is announced to leave on another day, or for another school."""

    code = "transfer_announced_otherwise"


class TransferClaimed(Refused):
    """Another school has claimed the child, or the same one for another class."""

    code = "transfer_claimed_otherwise"


class TransferElsewhere(Refused):
    """The child was announced for another school, or a school claims its own child."""

    code = "transfer_elsewhere"


class TransferNotClaimed(Refused):
    """No school has claimed the child yet: there is nothing to confirm."""

    code = "transfer_not_claimed"


class NotEffectiveYet(Refused):
    """The day has not come; `effective_on` says which."""

    code = "not_effective_yet"


class ReturnOutOfTime(Refused):
    """A child returns from the day on which it left (`ended_on`) on, within that school year."""

    code = "return_out_of_time"


class ChildAtAnotherSchool(Refused):
    """The child has a place at another school of the city: a transfer brings it back."""

    code = "child_at_another_school"


class TransferState(StrEnum):
    """Where a transfer stands."""

    ANNOUNCED = "announced"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Transfer(LedgerAggregate):
    """One child's leaving of one school in one school year."""

    TOPIC: ClassVar[str] = "transfer"

    class Opened(LedgerCreated):
        TOPIC = "transfer.opened"

        child_id: UUID
        from_school_code: str
        school_year: int

    class Announced(LedgerEvent):
        TOPIC = "transfer.announced"

        effective_on: date
        to_school_code: str | None = None

    class Claimed(LedgerEvent):
        TOPIC = "transfer.claimed"

        place: Enrolment

    class Confirmed(LedgerEvent):
        TOPIC = "transfer.confirmed"

        child_id: UUID
        from_school_code: str
        to_school_code: str
        effective_on: date

    class Withdrawn(LedgerEvent):
        TOPIC = "transfer.withdrawn"

    @staticmethod
    def create_id(child_id: UUID, from_school_code: str, school_year: int) -> UUID:
        return derived("transfer", child_id, from_school_code, school_year)

    @event(Opened)
    def __init__(
        self, child_id: UUID, from_school_code: str, school_year: int, envelope: Envelope
    ) -> None:
        self.child_id = child_id
        self.from_school_code = from_school_code
        self.school_year = school_year
        self.state = TransferState.WITHDRAWN
        self.effective_on = date.min
        self.to_school_code: str | None = None
        self.place: Enrolment | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {TransferState.ANNOUNCED, TransferState.CLAIMED}

    @property
    def first_year(self) -> int:
        """The first school year whose place at the old school may stand on the day of the move."""
        return min(self.school_year, school_year_of(self.effective_on))

    @property
    def new_year(self) -> int:
        """The school year of the new place: what the old school says in July is of September."""
        return max(self.school_year, school_year_of(self.effective_on))

    def ends(self, place: Enrolment) -> bool:
        """Whether a place ends with the move: the next year's, too, where it was given already."""
        return (place.child_id, place.school_code) == (
            self.child_id,
            self.from_school_code,
        ) and place.school_year >= self.first_year

    def announce(self, effective_on: date, to_school_code: str | None, envelope: Envelope) -> None:
        """Say that the child leaves on a day, perhaps for which school; again is no news.

        Raises TransferElsewhere, TransferAnnouncedOtherwise.
        """
        if to_school_code == self.from_school_code:
            raise TransferElsewhere
        if self.is_open:
            if (self.effective_on, self.to_school_code) != (effective_on, to_school_code):
                raise TransferAnnouncedOtherwise(effective_on=self.effective_on)
            return
        self._announced(effective_on=effective_on, to_school_code=to_school_code, envelope=envelope)

    def claim(self, place: Enrolment, envelope: Envelope) -> None:
        """Say, as the new school, which class takes the child; again is no news.

        Raises TransferOver, TransferElsewhere, TransferClaimed.
        """
        if not self.is_open:
            raise TransferOver
        if place.school_code == self.from_school_code or self.to_school_code not in {
            None,
            place.school_code,
        }:
            raise TransferElsewhere
        if self.place is None:
            self._claimed(place=place, envelope=envelope)
        elif self.place != place:
            raise TransferClaimed

    def confirm(self, today: date, envelope: Envelope) -> Enrolment:
        """Let the child go, as the old school, from its day on; give the new place.

        Raises TransferOver, TransferNotClaimed, NotEffectiveYet.
        """
        if not self.is_open:
            raise TransferOver
        if self.place is None:
            raise TransferNotClaimed
        if today < self.effective_on:
            raise NotEffectiveYet(effective_on=self.effective_on)
        self._confirmed(
            child_id=self.child_id,
            from_school_code=self.from_school_code,
            to_school_code=self.place.school_code,
            effective_on=self.effective_on,
            envelope=envelope,
        )
        return self.place

    def withdraw(self, envelope: Envelope) -> None:
        """The child stays. Raises TransferOver once it is confirmed."""
        if self.state is TransferState.CONFIRMED:
            raise TransferOver
        if self.is_open:
            self._withdrawn(envelope=envelope)

    @event(Announced)
    def _announced(
        self, effective_on: date, to_school_code: str | None, envelope: Envelope
    ) -> None:
        self.state = TransferState.ANNOUNCED
        self.effective_on = effective_on
        self.to_school_code = to_school_code
        self.place = None

    @event(Claimed)
    def _claimed(self, place: Enrolment, envelope: Envelope) -> None:
        self.state = TransferState.CLAIMED
        self.place = place

    @event(Confirmed)
    def _confirmed(
        self,
        child_id: UUID,
        from_school_code: str,
        to_school_code: str,
        effective_on: date,
        envelope: Envelope,
    ) -> None:
        self.state = TransferState.CONFIRMED

    @event(Withdrawn)
    def _withdrawn(self, envelope: Envelope) -> None:
        self.state = TransferState.WITHDRAWN
