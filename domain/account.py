"""A learner's account: every hour credited, why, by which rules, and what was taken back."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.crediting import Credit, CreditClaim, Grant, Limit, grant
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from domain.totals import Totals


class UnknownCredit(Refused):
    """The account has no credit under that entry."""

    code = "credit_unknown"


class CreditAlreadyReversed(Refused):
    """The credit was taken back before: a reversal is whole and happens once."""

    code = "credit_already_reversed"


class CreditAlreadyHeld(Refused):
    """The credit is under verification already."""

    code = "credit_already_held"


class CreditNotHeld(Refused):
    """The credit is not under verification for that case."""

    code = "credit_not_held"


def entry_id_of(account_id: UUID, source_id: UUID, generation: int = 0) -> UUID:
    """The one entry of a source. A correction of the source asks again as the next generation.

    The generation comes from the source (how often it was corrected), never from the account:
    otherwise an award run that is repeated after a reversal would award once more.
    """
    return derived("credit", account_id, source_id, generation)


class Account(LedgerAggregate):
    TOPIC: ClassVar[str] = "account"

    class Opened(LedgerCreated):
        TOPIC = "account.opened"

        learner_id: UUID

    class CreditAwarded(LedgerEvent):
        TOPIC = "account.credit_awarded"

        learner_id: UUID
        credit: Credit

    class CreditLimited(LedgerEvent):
        TOPIC = "account.credit_limited"

        learner_id: UUID
        claim: CreditClaim
        limits: tuple[Limit, ...]

    class CreditReversed(LedgerEvent):
        TOPIC = "account.credit_reversed"

        learner_id: UUID
        entry_id: UUID
        hours: int  # negative: what the balance loses
        reason_code: ReversalReason
        school_year: int
        term: str
        session_id: UUID | None
        replaced_by: UUID | None = None

    class CreditHeld(LedgerEvent):
        TOPIC = "account.credit_held"

        learner_id: UUID
        entry_ids: tuple[UUID, ...]
        case_id: UUID

    class CreditReleased(LedgerEvent):
        TOPIC = "account.credit_released"

        learner_id: UUID
        entry_ids: tuple[UUID, ...]
        case_id: UUID

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("account", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.answers: dict[UUID, Grant] = {}
        self.credits: dict[UUID, Credit] = {}
        self.reversed: set[UUID] = set()
        self.held: dict[UUID, UUID] = {}

    def award(self, claim: CreditClaim, rulebook: Rulebook, envelope: Envelope) -> Grant:
        """Credit a claim as far as the limits allow. Raises UnknownMode.

        An entry is answered once: asked again it gives the first answer and records nothing.
        """
        if claim.entry_id in self.answers:
            return self.answers[claim.entry_id]
        granted = grant(rulebook, claim, self.standing)
        ruled = envelope.under(rulebook.version)
        for entry_id in granted.replaces:
            self._reverse(entry_id, ReversalReason.DUPLICATE, ruled, replaced_by=claim.entry_id)
        if granted.hours:
            credit = _credit(claim, granted.hours, rulebook)
            self._awarded(learner_id=self.learner_id, credit=credit, envelope=ruled)
        if granted.limits:
            self._limited(
                learner_id=self.learner_id, claim=claim, limits=granted.limits, envelope=ruled
            )
        return granted

    def reverse(self, entry_id: UUID, reason: ReversalReason, envelope: Envelope) -> None:
        """Take a credit back: whole, and once. Raises UnknownCredit and CreditAlreadyReversed.

        Its source may be credited again under the entry of its next generation.
        """
        self._require_standing(entry_id)
        self._reverse(entry_id, reason, envelope)

    def hold(self, entry_ids: tuple[UUID, ...], case_id: UUID, envelope: Envelope) -> None:
        """Put credits under verification: they stay in the account and count for nothing new.

        Raises UnknownCredit, CreditAlreadyReversed and CreditAlreadyHeld.
        """
        for entry_id in entry_ids:
            self._require_standing(entry_id)
            if entry_id in self.held:
                raise CreditAlreadyHeld(entry_id=entry_id)
        self._held(
            learner_id=self.learner_id, entry_ids=entry_ids, case_id=case_id, envelope=envelope
        )

    def release(self, entry_ids: tuple[UUID, ...], case_id: UUID, envelope: Envelope) -> None:
        """End the verification of credits. Raises CreditNotHeld."""
        for entry_id in entry_ids:
            if self.held.get(entry_id) != case_id:
                raise CreditNotHeld(entry_id=entry_id)
        self._released(
            learner_id=self.learner_id, entry_ids=entry_ids, case_id=case_id, envelope=envelope
        )

    @property
    def standing(self) -> tuple[Credit, ...]:
        """The credits that were not taken back, held ones included, in the order of award."""
        return tuple(self.credits.values())

    @property
    def balance(self) -> int:
        return Totals.of(self.standing).hours

    @property
    def held_hours(self) -> int:
        return sum(self.credits[entry_id].hours for entry_id in self.held)

    def stands(self, entry_id: UUID) -> bool:
        return entry_id in self.credits

    def totals(self, school_year: int | None = None, stage: str | None = None) -> Totals:
        """What stands, of one school year or of all, of one stage or of all."""
        return Totals.of(
            credit
            for credit in self.standing
            if school_year in {None, credit.school_year} and stage in {None, credit.stage}
        )

    def _require_standing(self, entry_id: UUID) -> None:
        if entry_id in self.reversed:
            raise CreditAlreadyReversed(entry_id=entry_id)
        if entry_id not in self.credits:
            raise UnknownCredit(entry_id=entry_id)

    def _reverse(
        self,
        entry_id: UUID,
        reason: ReversalReason,
        envelope: Envelope,
        replaced_by: UUID | None = None,
    ) -> None:
        credit = self.credits[entry_id]
        self._reversed(
            learner_id=self.learner_id,
            entry_id=entry_id,
            hours=-credit.hours,
            reason_code=reason,
            school_year=credit.school_year,
            term=credit.term,
            session_id=credit.session_id,
            replaced_by=replaced_by,
            envelope=envelope,
        )

    @event(CreditAwarded)
    def _awarded(self, learner_id: UUID, credit: Credit, envelope: Envelope) -> None:
        self.credits[credit.entry_id] = credit
        self.answers[credit.entry_id] = Grant(credit.hours)

    @event(CreditLimited)
    def _limited(
        self, learner_id: UUID, claim: CreditClaim, limits: tuple[Limit, ...], envelope: Envelope
    ) -> None:
        self.answers[claim.entry_id] = Grant(limits[-1].awarded, limits)

    @event(CreditReversed)
    def _reversed(
        self,
        learner_id: UUID,
        entry_id: UUID,
        hours: int,
        reason_code: ReversalReason,
        school_year: int,
        term: str,
        session_id: UUID | None,
        replaced_by: UUID | None,
        envelope: Envelope,
    ) -> None:
        del self.credits[entry_id]
        self.reversed.add(entry_id)
        self.held.pop(entry_id, None)

    @event(CreditHeld)
    def _held(
        self, learner_id: UUID, entry_ids: tuple[UUID, ...], case_id: UUID, envelope: Envelope
    ) -> None:
        self.held.update(dict.fromkeys(entry_ids, case_id))

    @event(CreditReleased)
    def _released(
        self, learner_id: UUID, entry_ids: tuple[UUID, ...], case_id: UUID, envelope: Envelope
    ) -> None:
        for entry_id in entry_ids:
            del self.held[entry_id]


def _credit(claim: CreditClaim, hours: int, rulebook: Rulebook) -> Credit:
    _, rule = rulebook.mode(claim.mode)
    return Credit.model_validate(
        {
            **claim.model_dump(),
            "hours": hours,
            "face_to_face": rule.face_to_face,
            "rulebook_version": rulebook.version,
        }
    )
