"""An irregularity (异常提示): a flag that two persons look into; it never acts by itself.

Nothing is held or taken back by it. What was confirmed is put right by a correction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain import irregularity_facts as facts
from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.dispute import ReasonsMissing
from domain.envelope import Envelope, Role
from domain.hearing import ToldBy, last_day_to_answer
from domain.identity import derived
from domain.irregularity_finding import (
    CONFIRMING,
    Finding,
    FindingReason,
    HeardBy,
    Proposal,
    Says,
    Stands,
)
from domain.irregularity_look import Flag, Rule
from domain.irregularity_refusals import (
    HearingAwaited,
    IrregularityAwaitsSecond,
    IrregularityDecided,
    IrregularityNeedsDistrict,
    IrregularityNeedsSecond,
    IrregularityTellingAwaited,
    NoFindingProposed,
    ReasonDoesNotFit,
    UnknownIrregularity,
)
from domain.irregularity_rules import RULES_VERSION
from domain.staff import OwnCase


class Irregularity(LedgerAggregate):
    """Its id is made of rule, sessions and cause: whoever looks again flags nothing twice."""

    TOPIC: ClassVar[str] = "irregularity"

    class Flagged(LedgerCreated):
        TOPIC = "irregularity.flagged"

        rule: Rule
        rules_version: str
        school_code: str
        term: str
        session_ids: tuple[UUID, ...]
        learner_ids: tuple[UUID, ...]
        staff_ids: tuple[UUID, ...]
        score: int
        facts: dict[str, int]
        answer_until: date

    Told = facts.Told
    Heard = facts.Heard
    FindingProposed = facts.FindingProposed

    class FindingSetAside(LedgerEvent):
        TOPIC = "irregularity.finding_set_aside"

    class Cleared(LedgerEvent):
        TOPIC = "irregularity.cleared"

        reason_code: FindingReason
        proposed_by: UUID

    class Confirmed(LedgerEvent):
        TOPIC = "irregularity.confirmed"

        reason_code: FindingReason
        proposed_by: UUID

    class CorrectionLinked(LedgerEvent):
        TOPIC = "irregularity.correction_linked"

        correction_id: UUID

    @staticmethod
    def create_id(rule: str, session_ids: tuple[UUID, ...], cause: str) -> UUID:
        return derived("irregularity", rule, *session_ids, cause)

    @classmethod
    def flag(cls, found: Flag, envelope: Envelope) -> Irregularity:
        """Record what a rule found."""
        return cls(
            id=cls.create_id(found.rule, found.session_ids, found.cause),
            rule=found.rule,
            rules_version=RULES_VERSION,
            school_code=found.school_code,
            term=found.term,
            session_ids=found.session_ids,
            learner_ids=found.learner_ids,
            staff_ids=found.staff_ids,
            score=found.score,
            facts=found.facts,
            answer_until=last_day_to_answer(envelope.at),
            envelope=envelope,
        )

    @event(Flagged)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        rule: Rule,
        rules_version: str,
        school_code: str,
        term: str,
        session_ids: tuple[UUID, ...],
        learner_ids: tuple[UUID, ...],
        staff_ids: tuple[UUID, ...],
        score: int,
        facts: Mapping[str, int],
        answer_until: date,
        envelope: Envelope,
    ) -> None:
        self.rule = rule
        self.school_code = school_code
        self.session_ids = session_ids
        self.learner_ids = learner_ids
        self.staff_ids = staff_ids
        self.answer_until = answer_until
        self.stands = Stands.FLAGGED
        self.heard: dict[UUID, Says] = {}
        self.told: dict[UUID, date] = {}  # until when they may answer
        self.proposal: Proposal | None = None
        self.corrections: tuple[UUID, ...] = ()

    @property
    def concerned(self) -> frozenset[UUID]:
        return frozenset((*self.learner_ids, *self.staff_ids))

    def tell(self, person_id: UUID, how: ToldBy, envelope: Envelope) -> None:
        """Say that somebody concerned was told today; told or heard already, it is no news.

        Raises UnknownIrregularity for anybody else, OwnCase, IrregularityDecided.
        """
        self._must_be_open_for(person_id, envelope)
        if person_id not in self.told and person_id not in self.heard:
            self._told(person_id=person_id, how=how, envelope=envelope)

    def hear(
        self,
        person_id: UUID,
        says: Says,
        heard_by: HeardBy,
        words_id: UUID | None,
        envelope: Envelope,
    ) -> None:
        """Take down what somebody concerned says; the same without words is no news.

        Raises UnknownIrregularity for anybody else, OwnCase, IrregularityDecided.
        """
        self._must_be_open_for(person_id, envelope)
        if words_id is not None or self.heard.get(person_id) != says:
            self._heard(
                person_id=person_id, heard_by=heard_by, says=says, words_id=words_id,
                envelope=envelope,
            )  # fmt: skip

    def propose(
        self,
        finding: Finding,
        reason: FindingReason,
        words_id: UUID | None,
        envelope: Envelope,
        without_phone: Collection[UUID] = (),
    ) -> None:
        """Say as the first person what it was. The same by the same person is no news.

        `without_phone`: whom no question reaches on a screen. Raises OwnCase,
        IrregularityDecided, IrregularityAwaitsSecond, ReasonDoesNotFit, ReasonsMissing,
        IrregularityTellingAwaited, HearingAwaited.
        """
        self._must_be_apart(envelope)
        self._must_be_open()
        if self.proposal is not None:
            if self.proposal != (finding, reason, envelope.actor):
                raise IrregularityAwaitsSecond
            return
        if (reason in CONFIRMING) != (finding is Finding.CONFIRMED):
            raise ReasonDoesNotFit
        if finding is Finding.CONFIRMED:
            self._must_be_heard(local_day(envelope.at, CITY_ZONE), without_phone)
            if words_id is None:
                raise ReasonsMissing
        self._proposed(finding=finding, reason_code=reason, words_id=words_id, envelope=envelope)

    def agree(self, envelope: Envelope) -> None:
        """Decide as the second person, in another role than the first.

        Where staff are concerned, one of the two is the district's. Raises OwnCase,
        IrregularityDecided, NoFindingProposed, IrregularityNeedsSecond, IrregularityNeedsDistrict.
        """
        first = self._proposal_for(envelope)
        if envelope.actor.id == first.by.id or envelope.actor.role is first.by.role:
            raise IrregularityNeedsSecond
        roles = {first.by.role, envelope.actor.role}
        if self.staff_ids and Role.DISTRICT_OFFICER not in roles:
            raise IrregularityNeedsDistrict
        decide = self._cleared if first.finding is Finding.CLEARED else self._confirmed
        decide(reason_code=first.reason, proposed_by=first.by.id, envelope=envelope)

    def set_aside(self, envelope: Envelope) -> None:
        """Let the review begin again: the second person says no, or the first takes it back.

        Raises OwnCase, IrregularityDecided, NoFindingProposed.
        """
        self._proposal_for(envelope)
        self._set_aside(envelope=envelope)

    def link_correction(self, correction_id: UUID, envelope: Envelope) -> None:
        """Name a correction that it led to; once. Raises OwnCase."""
        self._must_be_apart(envelope)
        if correction_id not in self.corrections:
            self._correction_linked(correction_id=correction_id, envelope=envelope)

    def _proposal_for(self, envelope: Envelope) -> Proposal:
        self._must_be_apart(envelope)
        self._must_be_open()
        if self.proposal is None:
            raise NoFindingProposed
        return self.proposal

    def _must_be_apart(self, envelope: Envelope) -> None:
        if envelope.actor.id in self.concerned:
            raise OwnCase

    def _must_be_open_for(self, person_id: UUID, envelope: Envelope) -> None:
        if person_id not in self.concerned:
            raise UnknownIrregularity(id=self.id)
        if envelope.actor.id in self.staff_ids:
            raise OwnCase
        self._must_be_open()

    def _must_be_open(self) -> None:
        if self.stands in {Stands.CLEARED, Stands.CONFIRMED}:
            raise IrregularityDecided(stands=self.stands.value)

    def _must_be_heard(self, today: date, without_phone: Collection[UUID]) -> None:
        waiting = self.concerned - self.heard.keys()
        if (waiting - self.told.keys()).intersection(without_phone):
            raise IrregularityTellingAwaited
        last_day = max((self.told.get(each, self.answer_until) for each in waiting), default=today)
        if waiting and today <= last_day:
            raise HearingAwaited(last_day=last_day)

    @event(Told)
    def _told(self, person_id: UUID, how: ToldBy, envelope: Envelope) -> None:
        self.told[person_id] = last_day_to_answer(envelope.at)

    @event(Heard)
    def _heard(
        self,
        person_id: UUID,
        heard_by: HeardBy,
        says: Says,
        envelope: Envelope,
        words_id: UUID | None = None,
    ) -> None:
        self.heard[person_id] = says

    @event(FindingProposed)
    def _proposed(
        self,
        finding: Finding,
        reason_code: FindingReason,
        envelope: Envelope,
        words_id: UUID | None = None,
    ) -> None:
        self.stands = Stands.PROPOSED
        self.proposal = Proposal(finding, reason_code, envelope.actor)

    @event(FindingSetAside)
    def _set_aside(self, envelope: Envelope) -> None:
        self.stands = Stands.FLAGGED
        self.proposal = None

    @event(Cleared)
    def _cleared(self, reason_code: FindingReason, proposed_by: UUID, envelope: Envelope) -> None:
        self.stands = Stands.CLEARED

    @event(Confirmed)
    def _confirmed(self, reason_code: FindingReason, proposed_by: UUID, envelope: Envelope) -> None:
        self.stands = Stands.CONFIRMED

    @event(CorrectionLinked)
    def _correction_linked(self, correction_id: UUID, envelope: Envelope) -> None:
        self.corrections = (*self.corrections, correction_id)
