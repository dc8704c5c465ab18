"""Commands of children who leave a school: for another one here, for another city, or for good."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.enrolment import ClassPlace, Enrolment, Leaving, PlaceKey, Returning
from domain.envelope import Envelope
from domain.learner import Learner
from domain.links import Links
from domain.transfer import (
    ChildAtAnotherSchool,
    ChildNotHere,
    NotEffectiveYet,
    ReturnOutOfTime,
    Transfer,
    TransferUnknown,
)
from ledger.children import NamedChild, Places
from ledger.custody import refuse_family
from ledger.ledger import Ledger
from ledger.vault import Entry, Vault


@dataclass(frozen=True)
class Pupil:
    """A child at a school, and the adults who are enrolled through it: the roster names them."""

    child_id: UUID
    school_code: str
    school_year: int
    adults: Sequence[UUID]


@dataclass(frozen=True)
class NewClass:
    """Where the new school puts a child; its number for it comes with its next roster."""

    school_code: str
    stage: str
    grade: str
    class_group: str


class Transfers:
    def __init__(self, ledger: Ledger, vault: Vault) -> None:
        self._ledger = ledger
        self._vault = vault

    def get(self, transfer_id: UUID) -> Transfer:
        """Raises TransferUnknown."""
        return self._ledger.get(Transfer, transfer_id, TransferUnknown)

    def announce(
        self, pupil: Pupil, effective_on: date, to_school_code: str | None, by: Envelope
    ) -> UUID:
        """Say that a child leaves for another school of the city; again is no news.

        Raises OwnCase, ChildNotHere, TransferElsewhere, TransferAnnouncedOtherwise.
        """
        key = Transfer.create_id(pupil.child_id, pupil.school_code, pupil.school_year)

        def decide() -> list[LedgerAggregate]:
            refuse_family(self._ledger, by, None, pupil.child_id)
            self._enrolled(pupil)
            transfer = self._ledger.find(Transfer, key) or Transfer(
                child_id=pupil.child_id, from_school_code=pupil.school_code,
                school_year=pupil.school_year, envelope=by,
            )  # fmt: skip
            transfer.announce(effective_on, to_school_code, by)
            return [transfer]

        self._ledger.commit(by.command_id, decide)
        return key

    def claim(self, transfer_id: UUID, new: NewClass, by: Envelope) -> int:
        """Say, as the new school, which class takes the child.

        Raises OwnCase, TransferUnknown, TransferOver, TransferElsewhere, TransferClaimed.
        """

        def claimed(transfer: Transfer) -> list[LedgerAggregate]:
            place = Enrolment(
                child_id=transfer.child_id, school_code=new.school_code, stage=new.stage,
                grade=new.grade, class_group=new.class_group, school_year=transfer.new_year,
            )  # fmt: skip
            transfer.claim(place, by)
            return [transfer]

        return self._step(transfer_id, by, claimed)

    def confirm(
        self,
        transfer_id: UUID,
        adults: Sequence[UUID],
        by: Envelope,
        waiting: Sequence[tuple[UUID, UUID]] = (),
    ) -> int:
        """Let the child go, as the old school: the new places hold from the day of the move.

        Of the links that wait there (learner and link) those that name the child go with it.
        Guardianships, accounts and certificates stay as they are. Raises OwnCase,
        TransferUnknown, TransferOver, TransferNotClaimed, NotEffectiveYet.
        """

        def confirmed(transfer: Transfer) -> list[LedgerAggregate]:
            place = transfer.confirm(local_day(by.at, CITY_ZONE), by)
            moved = self._leaving(transfer, adults)
            self._known_there(place)
            for learner, former in moved:
                learner.end_enrolment(former, transfer.effective_on, Leaving.TRANSFERRED, by)
                learner.enrol(place, by, transfer.effective_on)
            links = self._with_the_child(transfer, place, [each for _, each in moved], waiting, by)
            return [transfer, *{learner.id: learner for learner, _ in moved}.values(), *links]

        return self._step(transfer_id, by, confirmed)

    def withdraw(self, transfer_id: UUID, by: Envelope) -> int:
        """The child stays. Raises OwnCase, TransferUnknown, TransferOver."""

        def withdrawn(transfer: Transfer) -> list[LedgerAggregate]:
            transfer.withdraw(by)
            return [transfer]

        return self._step(transfer_id, by, withdrawn)

    def leave(self, pupil: Pupil, on: date, reason: Leaving, by: Envelope) -> int:
        """The child graduated, left, or moved out of the city; every hour stays with the adults.

        Raises OwnCase, ChildNotHere, NotEffectiveYet.
        """

        def decide() -> list[LedgerAggregate]:
            refuse_family(self._ledger, by, None, pupil.child_id)
            if local_day(by.at, CITY_ZONE) < on:
                raise NotEffectiveYet(effective_on=on)
            ending = self._enrolled(pupil)
            for learner, place in ending:
                learner.end_enrolment(place, on, reason, by)
            return [learner for learner, _ in ending]

        return self._ledger.commit(by.command_id, decide)

    def take_back(self, pupil: Pupil, on: date, reason: Returning, by: Envelope) -> int:
        """A child that left has its place again, from a day of that school year; again is no news.

        Another class comes with the next roster. Raises OwnCase, ChildNotHere,
        ChildAtAnotherSchool, ReturnOutOfTime, NotEffectiveYet.
        """

        def decide() -> list[LedgerAggregate]:
            refuse_family(self._ledger, by, None, pupil.child_id)
            if local_day(by.at, CITY_ZONE) < on:
                raise NotEffectiveYet(effective_on=on)
            returning = self._returning(pupil)
            for learner, place, ended_on in returning:
                if on < ended_on or school_year_of(on) > pupil.school_year:
                    raise ReturnOutOfTime(ended_on=ended_on)
                learner.enrol(place, by, on, reason)
            return [learner for learner, *_ in returning]

        return self._ledger.commit(by.command_id, decide)

    def _step(
        self,
        transfer_id: UUID,
        by: Envelope,
        step: Callable[[Transfer], list[LedgerAggregate]],
    ) -> int:
        def decide() -> list[LedgerAggregate]:
            transfer = self.get(transfer_id)
            refuse_family(self._ledger, by, None, transfer.child_id)
            return step(transfer)

        return self._ledger.commit(by.command_id, decide)

    def _enrolled(self, pupil: Pupil) -> list[tuple[Learner, Enrolment]]:
        """The adults with the place they have through the child now. Raises ChildNotHere."""
        found = [
            (learner, place)
            for learner in self._ledger.load(pupil.adults).values()
            if isinstance(learner, Learner)
            for place in learner.enrolments_at(pupil.school_code, pupil.school_year)
            if place.child_id == pupil.child_id
        ]
        if not found:
            raise ChildNotHere
        return found

    def _returning(self, pupil: Pupil) -> list[tuple[Learner, Enrolment, date]]:
        """The adults with the place that ended, and when; nobody where it stands again.

        Raises ChildNotHere, ChildAtAnotherSchool.
        """
        here = PlaceKey(pupil.child_id, pupil.school_year, pupil.school_code)
        learners = self._tied(pupil.child_id, pupil.adults)
        if any(each.enrolments.stands_elsewhere(here) for each in learners):
            raise ChildAtAnotherSchool
        if not any(here in each.enrolments for each in learners):
            raise ChildNotHere
        return [
            (each, each.enrolments[here], each.enrolments.ended[here][0])
            for each in learners
            if here in each.enrolments.ended
        ]

    def _tied(self, child_id: UUID, adults: Sequence[UUID]) -> list[Learner]:
        """Those of the adults who still speak for a child."""
        found = self._ledger.load(adults).values()
        return [e for e in found if isinstance(e, Learner) and child_id in e.guardianships]

    def _leaving(
        self, transfer: Transfer, adults: Sequence[UUID]
    ) -> list[tuple[Learner, Enrolment]]:
        """The adults with every place that ends with the move. Raises ChildNotHere."""
        found = [
            (learner, place)
            for learner in self._tied(transfer.child_id, adults)
            for place in learner.enrolments.values()
            if transfer.ends(place) and learner.enrolments.has(place)
        ]
        if not found:
            raise ChildNotHere
        return found

    def _with_the_child(
        self,
        transfer: Transfer,
        place: Enrolment,
        former: Sequence[Enrolment],
        waiting: Sequence[tuple[UUID, UUID]],
        by: Envelope,
    ) -> list[Links]:
        """The links whose class and child it was, if no namesake was in that class."""
        left = [class_of(each) for each in former]
        found = self._ledger.load(Links.create_id(learner) for learner, _ in waiting).values()
        asked = {each.learner_id: each for each in found if isinstance(each, Links)}
        to_it = [
            (links, link_id)
            for learner_id, link_id in waiting
            if (links := asked.get(learner_id)) and links.link(link_id).place in left
        ]
        held = self._vault.open([transfer.child_id, *(link_id for _, link_id in to_it)])
        child = held.get(transfer.child_id)
        if child is None or self._has_namesake(child.name, left):
            return []
        for links, link_id in to_it:
            said = held.get(link_id)
            if said is not None and said.fields.get("child_name") == child.name:
                links.move(link_id, class_of(place), transfer.effective_on, by)
        return list(asked.values())

    def _has_namesake(self, name: str, classes: Collection[ClassPlace]) -> bool:
        places = [
            NamedChild(e.school_code, e.school_year, e.grade, e.class_group, name).place
            for e in classes
        ]
        seated = Places(self._vault, places)
        return any(len(seated.children(place)) > 1 for place in places)

    def _known_there(self, place: Enrolment) -> None:
        """The new school's next roster finds the child by class and name, and numbers it anew."""
        held = self._vault.open([place.child_id]).get(place.child_id)
        if held is None:
            return
        child = NamedChild(
            place.school_code, place.school_year, place.grade, place.class_group, held.name
        )
        keys = Places(self._vault, [child.place]).seat(child.place, place.child_id)
        self._vault.admit([Entry(place.child_id, "child", {"student_no": ""}, keys)])


def class_of(place: Enrolment) -> ClassPlace:
    return ClassPlace(**place.model_dump(exclude={"child_id"}))
