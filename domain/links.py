"""Links that a parent's own phone asks for: to a child of a class, until the school has answered.

Phone, names and relation lie in the vault under the link's id; the fact holds a commitment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.enrolment import ClassPlace
from domain.envelope import Envelope
from domain.identity import derived
from domain.plan import SessionPlan
from domain.refusals import Refused
from domain.relation import relation_of


class UnknownLink(Refused):
    """Nobody asked for that link at this school."""

    code = "link_unknown"


class LinkAlreadyConfirmed(Refused):
    """The link was confirmed: it can be ended as a guardianship, not unsaid."""

    code = "link_already_confirmed"


class PhoneOfAnotherAdult(Refused):
    """The phone that asked is somebody's who is something else to the child, and stays so."""

    code = "phone_of_another_adult"


class LinkState(StrEnum):
    """Where a link stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    TURNED_DOWN = "turned_down"


class LinkRefusal(StrEnum):
    """Why a school does not confirm a link."""

    NOT_KNOWN = "not_known"
    ASKED_TWICE = "asked_twice"


@dataclass(frozen=True)
class Link:
    """A class that a phone named, and what was said to it."""

    place: ClassPlace
    state: LinkState = LinkState.WAITING
    child_id: UUID | None = None
    speaker_id: UUID | None = None  # who it was said to be
    before: tuple[tuple[ClassPlace, date], ...] = ()  # where the child was, and until which day

    def was_invited(self, plan: SessionPlan, day: date) -> bool:
        """Whether the child was in a class that a session invited, before it moved."""
        return any(day < until and plan.invites(place) for place, until in self.before)


class Links(LedgerAggregate):
    """One stream a learner: every link that their phone asked for."""

    TOPIC: ClassVar[str] = "link"

    class Opened(LedgerCreated):
        TOPIC = "link.opened"

        learner_id: UUID

    class Requested(LedgerEvent):
        TOPIC = "link.requested"

        learner_id: UUID
        link_id: UUID
        place: ClassPlace
        commitment: str
        device_hash: str

    class Confirmed(LedgerEvent):
        TOPIC = "link.confirmed"

        learner_id: UUID
        link_id: UUID
        child_id: UUID
        speaker_id: UUID  # whose record speaks for the person from now on

    class TurnedDown(LedgerEvent):
        TOPIC = "link.turned_down"

        learner_id: UUID
        link_id: UUID
        reason_code: LinkRefusal

    class Moved(LedgerEvent):
        TOPIC = "link.moved"

        learner_id: UUID
        link_id: UUID
        place: ClassPlace
        moved_on: date

    class Reopened(LedgerEvent):
        TOPIC = "link.reopened"

        learner_id: UUID
        link_id: UUID

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("link", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.known: dict[UUID, Link] = {}

    def request(
        self,
        link_id: UUID,
        place: ClassPlace,
        commitment: str,
        device_hash: str,
        envelope: Envelope,
    ) -> None:
        """Ask for a link; the same form again is no news."""
        if link_id not in self.known:
            self._requested(
                learner_id=self.learner_id,
                link_id=link_id,
                place=place,
                commitment=commitment,
                device_hash=device_hash,
                envelope=envelope,
            )

    def confirm(self, link_id: UUID, child_id: UUID, speaker_id: UUID, envelope: Envelope) -> bool:
        """Say which child it is, also after a refusal; False where that was said already.

        Raises UnknownLink, LinkAlreadyConfirmed (with another child).
        """
        link = self.link(link_id)
        if link.state is LinkState.CONFIRMED:
            if link.child_id != child_id:
                raise LinkAlreadyConfirmed
            return False
        self._confirmed(
            learner_id=self.learner_id,
            link_id=link_id,
            child_id=child_id,
            speaker_id=speaker_id,
            envelope=envelope,
        )
        return True

    def turn_down(self, link_id: UUID, reason: LinkRefusal, envelope: Envelope) -> None:
        """Say that nobody is known who fits; again is no news.

        Raises UnknownLink, LinkAlreadyConfirmed.
        """
        link = self.link(link_id)
        if link.state is LinkState.CONFIRMED:
            raise LinkAlreadyConfirmed
        if link.state is LinkState.WAITING:
            self._turned_down(
                learner_id=self.learner_id, link_id=link_id, reason_code=reason, envelope=envelope
            )

    def move(self, link_id: UUID, place: ClassPlace, moved_on: date, envelope: Envelope) -> None:
        """The child moves, and the new school answers; what is answered or there is no news.

        Raises UnknownLink.
        """
        link = self.link(link_id)
        if link.state is LinkState.WAITING and link.place != place:
            self._moved(
                learner_id=self.learner_id, link_id=link_id, place=place, moved_on=moved_on,
                envelope=envelope,
            )  # fmt: skip

    def reopen(self, speaker_id: UUID, kept: Collection[UUID], envelope: Envelope) -> None:
        """Have wait again what was answered with a record that speaks for the person no longer.

        `kept` are the children whose ties, or their ends, the person's own record has.
        """
        for link_id, link in list(self.known.items()):
            if link.speaker_id == speaker_id and link.child_id not in kept:
                self._reopened(learner_id=self.learner_id, link_id=link_id, envelope=envelope)

    def link(self, link_id: UUID) -> Link:
        """Raises UnknownLink."""
        if link_id not in self.known:
            raise UnknownLink(id=link_id)
        return self.known[link_id]

    def waiting(self) -> Iterator[tuple[UUID, ClassPlace]]:
        """What nobody has answered: a person may come in through it, and gets hours later."""
        for link_id, link in self.known.items():
            if link.state is LinkState.WAITING:
                yield link_id, link.place

    @event(Requested)
    def _requested(
        self,
        learner_id: UUID,
        link_id: UUID,
        place: ClassPlace,
        commitment: str,
        device_hash: str,
        envelope: Envelope,
    ) -> None:
        self.known[link_id] = Link(place)

    @event(Confirmed)
    def _confirmed(
        self,
        learner_id: UUID,
        link_id: UUID,
        child_id: UUID,
        speaker_id: UUID,
        envelope: Envelope,
    ) -> None:
        self.known[link_id] = replace(
            self.known[link_id],
            state=LinkState.CONFIRMED,
            child_id=child_id,
            speaker_id=speaker_id,
        )

    @event(TurnedDown)
    def _turned_down(
        self, learner_id: UUID, link_id: UUID, reason_code: LinkRefusal, envelope: Envelope
    ) -> None:
        self.known[link_id] = replace(self.known[link_id], state=LinkState.TURNED_DOWN)

    @event(Moved)
    def _moved(
        self,
        learner_id: UUID,
        link_id: UUID,
        place: ClassPlace,
        moved_on: date,
        envelope: Envelope,
    ) -> None:
        known = self.known[link_id]
        before = (*known.before, (known.place, moved_on))
        self.known[link_id] = replace(known, place=place, before=before)

    @event(Reopened)
    def _reopened(self, learner_id: UUID, link_id: UUID, envelope: Envelope) -> None:
        known = self.known[link_id]
        self.known[link_id] = Link(known.place, before=known.before)


def refuse_another_adult(
    ties: Mapping[UUID, tuple[str, bool]], child_id: UUID, relation_code: str
) -> None:
    """Raises PhoneOfAnotherAdult: nobody becomes somebody else to a child through their phone.

    A mother is no father to another child of hers either.
    """
    held = {code for code, _ in ties.values() if relation_of(code).is_father_or_mother}
    is_other = child_id in ties and ties[child_id][0] != relation_code
    if is_other or (relation_of(relation_code).is_father_or_mother and held - {relation_code}):
        raise PhoneOfAnotherAdult
