"""A star by proposal: made by the school, published in it for some days, decided by its head."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.staff import OwnCase


class UnknownStarProposal(Refused):
    """No star proposal with that id was made."""

    code = "star_proposal_unknown"


class ProposalDecided(Refused):
    """The proposal was granted or refused before (`state`); a school proposes once a year."""

    code = "star_proposal_decided"


class PublicityNotOver(Refused):
    """The school may still object: `until` is the last day of the publicity."""

    code = "publicity_not_over"


class PublicityOver(Refused):
    """Objections are made while the proposal is published; `until` was the last day."""

    code = "publicity_over"


class ObjectionOpen(Refused):
    """An objection waits for its answer: dismissed or upheld."""

    code = "objection_open"


class UnknownObjection(Refused):
    """The proposal has no such objection that waits for an answer."""

    code = "objection_unknown"


class TookPart(Refused):
    """Whoever proposed or objected does not decide."""

    code = "star_decider_took_part"


class ProposalState(StrEnum):
    PUBLISHED = "published"
    GRANTED = "granted"
    REFUSED = "refused"


class ObjectionReason(StrEnum):
    """Why somebody of the school objects; the words lie in the vault."""

    HOURS_NOT_EARNED = "hours_not_earned"
    CONDITIONS_NOT_MET = "conditions_not_met"
    NO_EXAMPLE = "no_example"
    OTHER = "other"


class RefusalReason(StrEnum):
    """Why a head refuses a star."""

    OBJECTION_UPHELD = "objection_upheld"
    CONDITIONS_NOT_MET = "conditions_not_met"
    NO_EXAMPLE = "no_example"
    OTHER = "other"


class StarProposal(LedgerAggregate):
    """One a learner, stage, level and school year: its id says so."""

    TOPIC: ClassVar[str] = "star_proposal"

    class Made(LedgerCreated):
        TOPIC = "star_proposal.made"

        learner_id: UUID
        school_code: str
        stage: str
        level: int
        school_year: int
        published_until: date

    class Objected(LedgerEvent):
        TOPIC = "star_proposal.objected"

        objection_id: UUID
        reason_code: ObjectionReason

    class ObjectionDismissed(LedgerEvent):
        TOPIC = "star_proposal.objection_dismissed"

        objection_id: UUID

    class ObjectionUpheld(LedgerEvent):
        TOPIC = "star_proposal.objection_upheld"

        objection_id: UUID

    class Granted(LedgerEvent):
        TOPIC = "star_proposal.granted"

    class Refused(LedgerEvent):
        TOPIC = "star_proposal.refused"

        reason_code: RefusalReason

    @staticmethod
    def create_id(learner_id: UUID, stage: str, level: int, school_year: int) -> UUID:
        return derived("star_proposal", learner_id, stage, level, school_year)

    @event(Made)
    def __init__(
        self,
        learner_id: UUID,
        school_code: str,
        stage: str,
        level: int,
        school_year: int,
        published_until: date,
        envelope: Envelope,
    ) -> None:
        self.learner_id = learner_id
        self.school_code = school_code
        self.stage = stage
        self.level = level
        self.school_year = school_year
        self.published_until = published_until
        self.took_part = {envelope.actor.id}
        self.objections: dict[UUID, bool | None] = {}  # upheld, or not answered yet
        self.state = ProposalState.PUBLISHED

    @property
    def open_objections(self) -> int:
        return sum(answer is None for answer in self.objections.values())

    def objection_id_of(self, actor_id: UUID) -> UUID:
        """One objection a person."""
        return derived("star_objection", self.id, actor_id)

    def object(
        self,
        reason: ObjectionReason,
        today: date,
        envelope: Envelope,
        own: Collection[UUID] = (),
    ) -> UUID:
        """Object while the proposal is published; by the same person again it is no news.

        `own` are their other ids, at home and at work. Raises ProposalDecided, PublicityOver.
        """
        objection_id = self.objection_id_of(envelope.actor.id)
        for known in (objection_id, *map(self.objection_id_of, own)):
            if known in self.objections:
                return known
        self._must_be_open()
        if today > self.published_until:
            raise PublicityOver(until=self.published_until)
        self._objected(objection_id=objection_id, reason_code=reason, envelope=envelope)
        return objection_id

    def dismiss(self, objection_id: UUID, envelope: Envelope) -> None:
        """Say that an objection does not hold; again is no news.

        Raises ProposalDecided, UnknownObjection, TookPart.
        """
        if self.objections.get(objection_id) is not False:
            self._must_answer(objection_id, envelope)
            self._dismissed(objection_id=objection_id, envelope=envelope)

    def uphold(self, objection_id: UUID, envelope: Envelope) -> None:
        """Say that an objection holds, and refuse the star; again is no news.

        Raises ProposalDecided, UnknownObjection, TookPart.
        """
        if self.objections.get(objection_id) is not True:
            self._must_answer(objection_id, envelope)
            self._upheld(objection_id=objection_id, envelope=envelope)
            self._refused(reason_code=RefusalReason.OBJECTION_UPHELD, envelope=envelope)

    def grant(self, today: date, envelope: Envelope) -> None:
        """After the publicity, with no objection open; granted again is no news.

        Raises ProposalDecided, TookPart, PublicityNotOver, ObjectionOpen.
        """
        if self.state is not ProposalState.GRANTED:
            self._must_be_decidable(today, envelope)
            self._granted(envelope=envelope)

    def refuse(self, reason: RefusalReason, today: date, envelope: Envelope) -> None:
        """After the publicity, with a reason; refused again is no news.

        Raises ProposalDecided, TookPart, PublicityNotOver, ObjectionOpen.
        """
        if self.state is not ProposalState.REFUSED:
            self._must_be_decidable(today, envelope)
            self._refused(reason_code=reason, envelope=envelope)

    def refuse_own_case(self, own: Collection[UUID]) -> None:
        """`own` are the records of whoever acts. Raises OwnCase."""
        if self.learner_id in own:
            raise OwnCase

    def refuse_who_took_part(self, own: Collection[UUID]) -> None:
        """`own` are the records of whoever decides: they objected as a parent. Raises TookPart."""
        if not self.took_part.isdisjoint(own):
            raise TookPart

    def _must_answer(self, objection_id: UUID, envelope: Envelope) -> None:
        self._must_be_open()
        if self.objections.get(objection_id, False) is not None:
            raise UnknownObjection(id=objection_id)
        self._must_not_take_part_twice(envelope)

    def _must_be_decidable(self, today: date, envelope: Envelope) -> None:
        self._must_be_open()
        self._must_not_take_part_twice(envelope)
        if today <= self.published_until:
            raise PublicityNotOver(until=self.published_until)
        if self.open_objections:
            raise ObjectionOpen(open=self.open_objections)

    def _must_be_open(self) -> None:
        if self.state is not ProposalState.PUBLISHED:
            raise ProposalDecided(state=self.state.value)

    def _must_not_take_part_twice(self, envelope: Envelope) -> None:
        if envelope.actor.id in self.took_part:
            raise TookPart

    @event(Objected)
    def _objected(
        self, objection_id: UUID, reason_code: ObjectionReason, envelope: Envelope
    ) -> None:
        self.objections[objection_id] = None
        self.took_part.add(envelope.actor.id)

    @event(ObjectionDismissed)
    def _dismissed(self, objection_id: UUID, envelope: Envelope) -> None:
        self.objections[objection_id] = False

    @event(ObjectionUpheld)
    def _upheld(self, objection_id: UUID, envelope: Envelope) -> None:
        self.objections[objection_id] = True

    @event(Granted)
    def _granted(self, envelope: Envelope) -> None:
        self.state = ProposalState.GRANTED

    @event(Refused)
    def _refused(self, reason_code: RefusalReason, envelope: Envelope) -> None:
        self.state = ProposalState.REFUSED
