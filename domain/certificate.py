"""A certificate: issued once per achievement, reissued under a new number, revoked by two."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.certificate_issue import Issue
from domain.certificate_refusals import (
    NotInForce,
    NotRevoked,
    RevocationNotProposed,
    RevocationPending,
    RevocationUnderWay,
)
from domain.envelope import Envelope
from domain.identity import derived
from domain.revocation import DroppedHow, ProposedRevocation
from domain.staff import OwnCase


class CertificateKind(StrEnum):
    ANNUAL_COMPLETION = "annual_completion"
    STAGE_COMPLETION = "stage_completion"
    STAR_LEVEL = "star_level"
    STATEMENT_OF_HOURS = "statement_of_hours"


def completion_certificate_id(learner_id: UUID, kind: CertificateKind, period: str) -> UUID:
    """The one certificate of a completion; its period is a school year or a stage."""
    return derived("certificate", learner_id, kind, period)


class Award(BaseModel):
    """What is certified, in codes and figures; the printed words are a snapshot in the vault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: CertificateKind
    learner_id: UUID
    school_code: str
    district_code: str
    stage: str
    school_year: int | None = None
    level: int | None = None
    hours: int
    face_to_face_hours: int = 0
    achieved_on: date
    request_id: UUID | None = None  # a statement of hours is issued on request
    first_year: int | None = None  # of a stage: the school years it was completed in
    last_year: int | None = None
    rulebook_version: str = ""  # by which it was judged; the first awards left it to the envelope

    @property
    def certificate_id(self) -> UUID:
        """Once per learner, kind and period (or level): the id says which (design D3)."""
        match self.kind:
            case CertificateKind.STAR_LEVEL:
                return derived("certificate", self.learner_id, self.stage, self.level or 0)
            case CertificateKind.STATEMENT_OF_HOURS:
                return derived("certificate", self.learner_id, self.request_id or "")
            case CertificateKind.STAGE_COMPLETION:
                return completion_certificate_id(self.learner_id, self.kind, self.stage)
            case CertificateKind.ANNUAL_COMPLETION:  # pragma: no branch - every kind has its case
                period = str(self.school_year or 0)
                return completion_certificate_id(self.learner_id, self.kind, period)


class Certificate(LedgerAggregate):
    TOPIC: ClassVar[str] = "certificate"

    class Issued(LedgerCreated):
        TOPIC = "certificate.issued"

        award: Award
        issue: Issue
        replaces: UUID | None = None
        follows: UUID | None = None  # a revoked one of the same achievement; that stays revoked

    class Reissued(LedgerEvent):
        TOPIC = "certificate.reissued"

        successor_id: UUID
        successor_number: str
        reason_code: str

    class RevocationProposed(LedgerEvent):
        TOPIC = "certificate.revocation_proposed"

        reason_code: str

    class RevocationDropped(LedgerEvent):
        TOPIC = "certificate.revocation_dropped"

        outcome: DroppedHow

    class Revoked(LedgerEvent):
        TOPIC = "certificate.revoked"

        reason_code: str

    class WithdrawnByHolder(LedgerEvent):
        TOPIC = "certificate.withdrawn_by_holder"

    class ReviewOpened(LedgerEvent):
        TOPIC = "certificate.review_opened"

        learner_id: UUID
        number: str
        reason_code: str

    class ReviewClosed(LedgerEvent):
        TOPIC = "certificate.review_closed"

        learner_id: UUID
        reason_code: str

    @event(Issued)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        award: Award,
        issue: Issue,
        envelope: Envelope,
        replaces: UUID | None = None,
        follows: UUID | None = None,
    ) -> None:
        self.award = award
        self.issue = issue
        self.state = "valid"
        self.proposed: ProposedRevocation | None = None
        self.ended_by_command: UUID | None = None
        self.dropped_by_command: UUID | None = None
        self.replaces = replaces
        self.follows = follows
        self.review_reason: str | None = None
        self.was_reviewed = False

    @property
    def under_review(self) -> bool:
        return self.review_reason is not None

    @property
    def successor_id(self) -> UUID:
        """The id of the certificate that would replace this one, or be issued after it."""
        return derived("certificate", self.id, "reissue")

    def reissue(self, successor_number: str, reason_code: str, envelope: Envelope) -> None:
        """Point to the successor; the old number answers 'replaced by …'.

        Raises NotInForce, RevocationPending.
        """
        self.must_be_reissuable()
        self._reissued(
            successor_id=self.successor_id,
            successor_number=successor_number,
            reason_code=reason_code,
            envelope=envelope,
        )

    def propose_revocation(self, reason_code: str, envelope: Envelope) -> None:
        """By the school's head; it takes effect when the district confirms. Again is no news.

        Raises NotInForce, RevocationUnderWay for another reason than the one that is proposed.
        """
        self.must_be_in_force()
        if self.proposed is None:
            self._revocation_proposed(reason_code=reason_code, envelope=envelope)
        elif self.proposed.reason_code != reason_code:
            raise RevocationUnderWay

    def confirm_revocation(self, reason_code: str, envelope: Envelope) -> None:
        """By the district, another person than the proposer. The number is never used again.

        `reason_code` is of the proposal that was read. The same command again is no news.
        Raises NotInForce, RevocationNotProposed, OwnCase.
        """
        if envelope.command_id != self.ended_by_command:
            self._must_be_proposed_by_another(reason_code, envelope)
            self._revoked(reason_code=reason_code, envelope=envelope)

    def decline_revocation(self, reason_code: str, envelope: Envelope) -> None:
        """The district does not confirm: the certificate stands. Refused as a confirmation is."""
        if envelope.command_id != self.dropped_by_command:
            self._must_be_proposed_by_another(reason_code, envelope)
            self._revocation_dropped(outcome=DroppedHow.DECLINED, envelope=envelope)

    def withdraw_revocation(self, envelope: Envelope) -> None:
        """The school takes its proposal back. Raises NotInForce, RevocationNotProposed."""
        if envelope.command_id != self.dropped_by_command:
            self._must_be_proposed()
            self._revocation_dropped(outcome=DroppedHow.WITHDRAWN, envelope=envelope)

    def _must_be_proposed(self) -> ProposedRevocation:
        """Raises NotInForce, RevocationNotProposed."""
        self.must_be_in_force()
        if self.proposed is None:
            raise RevocationNotProposed
        return self.proposed

    def _must_be_proposed_by_another(self, reason_code: str, envelope: Envelope) -> None:
        """Raises NotInForce, RevocationNotProposed, OwnCase."""
        proposed = self._must_be_proposed()
        if proposed.reason_code != reason_code:  # that one was withdrawn, and another made since
            raise RevocationNotProposed
        if proposed.by == envelope.actor.id:
            raise OwnCase

    def withdraw(self, envelope: Envelope) -> None:
        """The holder gives it up, for ever; a person reached it all the same.

        The same command again is no news. Raises NotInForce, RevocationPending.
        """
        if envelope.command_id != self.ended_by_command:
            self.must_be_reissuable()
            self._withdrawn(envelope=envelope)

    def open_review(self, reason_code: str, envelope: Envelope) -> None:
        """What it certifies was taken back: a person decides, nothing is revoked by itself."""
        if self.state == "valid" and not self.under_review:
            self._review_opened(
                learner_id=self.award.learner_id,
                number=self.issue.number,
                reason_code=reason_code,
                envelope=envelope,
            )

    def close_review(self, reason_code: str, envelope: Envelope) -> None:
        """Let it stand: it was reached again, or the head decided so. No review is no news."""
        if self.under_review:
            self._review_closed(
                learner_id=self.award.learner_id, reason_code=reason_code, envelope=envelope
            )

    def hand_review_to(self, successor: Certificate, envelope: Envelope) -> None:
        """What a person has still to decide is decided under the new number; before `reissue`."""
        if self.review_reason is not None:
            successor.open_review(self.review_reason, envelope)

    def must_be_reissuable(self) -> None:
        """Raises NotInForce, RevocationPending."""
        self.must_be_in_force()
        if self.proposed is not None:
            raise RevocationPending

    def must_be_revoked(self) -> None:
        """Raises NotRevoked."""
        if self.state != "revoked":
            raise NotRevoked(state=self.state)

    def must_be_in_force(self) -> None:
        """Raises NotInForce."""
        if self.state != "valid":
            raise NotInForce(state=self.state)

    @event(Reissued)
    def _reissued(
        self, successor_id: UUID, successor_number: str, reason_code: str, envelope: Envelope
    ) -> None:
        self.state = "replaced"
        self.ended_by_command = envelope.command_id
        self.review_reason = None

    @event(RevocationProposed)
    def _revocation_proposed(self, reason_code: str, envelope: Envelope) -> None:
        self.proposed = ProposedRevocation(envelope.actor.id, reason_code, envelope.command_id)

    @event(RevocationDropped)
    def _revocation_dropped(self, outcome: DroppedHow, envelope: Envelope) -> None:
        self.proposed = None
        self.dropped_by_command = envelope.command_id

    @event(Revoked)
    def _revoked(self, reason_code: str, envelope: Envelope) -> None:
        self.state = "revoked"
        self.ended_by_command = envelope.command_id
        self.review_reason = None

    @event(WithdrawnByHolder)
    def _withdrawn(self, envelope: Envelope) -> None:
        self.state = "withdrawn"
        self.ended_by_command = envelope.command_id
        self.review_reason = None

    @event(ReviewOpened)
    def _review_opened(
        self, learner_id: UUID, number: str, reason_code: str, envelope: Envelope
    ) -> None:
        self.review_reason = reason_code
        self.was_reviewed = True

    @event(ReviewClosed)
    def _review_closed(self, learner_id: UUID, reason_code: str, envelope: Envelope) -> None:
        self.review_reason = None
