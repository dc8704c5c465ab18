"""Hours earned elsewhere: entered with their document by the school, confirmed by the district."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.external_refusals import (
    DocumentUsed,
    EnteredByAnother,
    ExternalDecided,
    ExternalEntryWithdrawn,
    ExternalNeedsSecondPerson,
)
from domain.identity import derived
from domain.rules import ReversalReason

MOST_HOURS: Final = 2000  # of one document


class IssuerKind(StrEnum):
    """Who vouches for the hours."""

    SCHOOL_ELSEWHERE = "school_elsewhere"
    COMMUNITY_STATION = "community_station"
    CITY_PLATFORM = "city_platform"
    WOMENS_FEDERATION = "womens_federation"
    OTHER_PUBLIC_BODY = "other_public_body"


class TurnedDownBecause(StrEnum):
    """Why the district does not recognise hours."""

    NOT_VERIFIABLE = "not_verifiable"
    NOT_FAMILY_EDUCATION = "not_family_education"
    COUNTED_ALREADY = "counted_already"
    ENTRY_ERROR = "entry_error"  # to be entered again, rightly


class ExternalHours(LedgerAggregate):
    """Its id is made of the document, which lies in the vault: one document counts once.

    Where an earlier entry gave the document back, the next one has a document id of its own
    (`entry_document`).
    """

    TOPIC: ClassVar[str] = "external"

    class Entered(LedgerCreated):
        TOPIC = "external.entered"

        learner_id: UUID
        school_code: str
        document_id: UUID
        issuer: IssuerKind
        hours: int
        family: str
        stage: str
        school_year: int
        term_no: int

    class Confirmed(LedgerEvent):
        TOPIC = "external.confirmed"

        learner_id: UUID
        school_code: str

    class TurnedDown(LedgerEvent):
        TOPIC = "external.refused"

        learner_id: UUID
        school_code: str
        reason: TurnedDownBecause

    class Credited(LedgerEvent):
        TOPIC = "external.credited"

        learner_id: UUID
        school_code: str

    class EntryWithdrawn(LedgerEvent):
        TOPIC = "external.entry_withdrawn"

        learner_id: UUID
        school_code: str

    class Corrected(LedgerEvent):
        TOPIC = "external.corrected"

        learner_id: UUID
        school_code: str
        hours: int
        reason_code: ReversalReason
        correction_id: UUID

    class Withdrawn(LedgerEvent):
        TOPIC = "external.withdrawn"

        learner_id: UUID
        school_code: str
        reason_code: ReversalReason
        correction_id: UUID

    @staticmethod
    def create_id(document_id: UUID) -> UUID:
        return derived("external", document_id)

    @staticmethod
    def entry_document(document_id: UUID, number: int) -> UUID:
        """The document id of the n-th entry of a document: the first one has the document's own."""
        return document_id if number == 1 else derived("external", document_id, "entry", number)

    @event(Entered)
    def __init__(
        self,
        learner_id: UUID,
        school_code: str,
        document_id: UUID,
        issuer: IssuerKind,
        hours: int,
        family: str,
        stage: str,
        school_year: int,
        term_no: int,
        envelope: Envelope,
    ) -> None:
        self.learner_id = learner_id
        self.school_code = school_code
        self.document_id = document_id
        self.figures = (issuer, hours, family, stage, school_year, term_no)
        self.hours = hours
        self.family = family
        self.stage = stage
        self.school_year = school_year
        self.term_no = term_no
        self.entered_by = envelope.actor.id
        self.is_confirmed: bool | None = None
        self.is_withdrawn = False
        self.gives_document_back = False
        self.decided_at = envelope.at

    @property
    def term(self) -> str:
        return f"{self.school_year}-{self.term_no}"

    @property
    def counts(self) -> bool:
        """Recognised, and not taken back."""
        return self.is_confirmed is True and not self.is_withdrawn

    def must_be(self, other: ExternalHours) -> None:
        """The same entry again is no news. Raises DocumentUsed, of one that counts no more too."""
        if self.gives_document_back or (self.learner_id, self.figures) != (
            other.learner_id,
            other.figures,
        ):
            raise DocumentUsed

    def confirm(self, envelope: Envelope) -> None:
        """Recognise the hours, as a second person; again is no news.

        Raises ExternalNeedsSecondPerson, ExternalEntryWithdrawn, ExternalDecided.
        """
        if self._is_news(envelope, confirmed=True):
            self._confirmed(
                learner_id=self.learner_id, school_code=self.school_code, envelope=envelope
            )

    def turn_down(self, reason: TurnedDownBecause, envelope: Envelope) -> None:
        """Not recognise them. Raises what `confirm` does."""
        if self._is_news(envelope, confirmed=False):
            self._turned_down(
                learner_id=self.learner_id,
                school_code=self.school_code,
                reason=reason,
                envelope=envelope,
            )

    def credit(self, envelope: Envelope) -> None:
        """Note that the hours are credited: whoever takes them back meanwhile comes upon it."""
        self._credited(learner_id=self.learner_id, school_code=self.school_code, envelope=envelope)

    def withdraw_entry(self, envelope: Envelope) -> None:
        """Take back what nobody has decided, as the one who entered it; again is no news.

        Raises EnteredByAnother, ExternalDecided.
        """
        if envelope.actor.id != self.entered_by:
            raise EnteredByAnother
        if self.is_confirmed is not None:
            raise ExternalDecided(is_confirmed=self.is_confirmed)
        if not self.is_withdrawn:
            self._entry_withdrawn(
                learner_id=self.learner_id, school_code=self.school_code, envelope=envelope
            )

    def correct(
        self, hours: int, reason_code: ReversalReason, correction_id: UUID, envelope: Envelope
    ) -> None:
        """Say how many hours the document proves, as a correction says; none take all back."""
        if not hours:
            self.withdraw(reason_code, correction_id, envelope)
            return
        self._corrected(
            learner_id=self.learner_id,
            school_code=self.school_code,
            hours=hours,
            reason_code=reason_code,
            correction_id=correction_id,
            envelope=envelope,
        )

    def withdraw(
        self, reason_code: ReversalReason, correction_id: UUID, envelope: Envelope
    ) -> None:
        """Take the recognition back, as a correction says."""
        self._withdrawn(
            learner_id=self.learner_id,
            school_code=self.school_code,
            reason_code=reason_code,
            correction_id=correction_id,
            envelope=envelope,
        )

    def _is_news(self, envelope: Envelope, *, confirmed: bool) -> bool:
        if envelope.actor.id == self.entered_by:
            raise ExternalNeedsSecondPerson
        if self.is_confirmed is None and self.is_withdrawn:
            raise ExternalEntryWithdrawn
        if self.is_confirmed not in {None, confirmed}:
            raise ExternalDecided(is_confirmed=self.is_confirmed)
        return self.is_confirmed is None

    @event(Confirmed)
    def _confirmed(self, learner_id: UUID, school_code: str, envelope: Envelope) -> None:
        self.is_confirmed = True
        self.decided_at = envelope.at

    @event(TurnedDown)
    def _turned_down(
        self, learner_id: UUID, school_code: str, reason: TurnedDownBecause, envelope: Envelope
    ) -> None:
        self.is_confirmed = False
        self.gives_document_back = reason is TurnedDownBecause.ENTRY_ERROR
        self.decided_at = envelope.at

    @event(Credited)
    def _credited(self, learner_id: UUID, school_code: str, envelope: Envelope) -> None:
        pass

    @event(EntryWithdrawn)
    def _entry_withdrawn(self, learner_id: UUID, school_code: str, envelope: Envelope) -> None:
        self.is_withdrawn = self.gives_document_back = True

    @event(Corrected)
    def _corrected(
        self,
        learner_id: UUID,
        school_code: str,
        hours: int,
        reason_code: ReversalReason,
        correction_id: UUID,
        envelope: Envelope,
    ) -> None:
        self.hours = hours

    @event(Withdrawn)
    def _withdrawn(
        self,
        learner_id: UUID,
        school_code: str,
        reason_code: ReversalReason,
        correction_id: UUID,
        envelope: Envelope,
    ) -> None:
        self.is_withdrawn = True
        self.gives_document_back = reason_code is not ReversalReason.FRAUD_CONFIRMED
