"""A learner's account: every hour credited, why, by which rules, and what was taken back."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain import account_facts as facts
from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.credit_refusals import (
    CreditAlreadyHeld,
    CreditAlreadyReversed,
    CreditNotHeld,
    UnknownCredit,
)
from domain.crediting import Credit, CreditClaim, Grant, Limit, credited, grant
from domain.envelope import Envelope
from domain.identity import derived
from domain.rulebook import Rulebook
from domain.rules import ReversalReason
from domain.settling import Accounted, Change, Claimed, Claims, Hold, Rules, Settled, settle
from domain.suspension import Fraud, Frauds
from domain.totals import Totals


def entry_id_of(account_id: UUID, source_id: UUID, generation: int = 0) -> UUID:
    """The one entry of a source. A correction of the source asks again as the next generation.

    The generation comes from the source, never from the account: otherwise an award run that is
    repeated after a reversal would award once more.
    """
    return derived("credit", account_id, source_id, generation)


class Account(LedgerAggregate):
    TOPIC: ClassVar[str] = "account"

    FraudConfirmed = facts.FraudConfirmed
    HandedOver = facts.HandedOver
    CreditHeld = facts.CreditHeld
    CreditReleased = facts.CreditReleased

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
        session_id: UUID | None = None
        replaced_by: UUID | None = None

    class ClaimWithdrawn(LedgerEvent):
        TOPIC = "account.claim_withdrawn"

        learner_id: UUID
        source_id: UUID
        reason_code: ReversalReason

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("account", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.answers: dict[UUID, Grant] = {}
        self.credits: dict[UUID, Credit] = {}
        self.reversed: dict[UUID, Credit] = {}
        self.holds: dict[UUID, Hold] = {}
        self.claims: dict[UUID, Claimed | None] = {}
        self.turns: Counter[UUID] = Counter()
        self.frauds = Frauds()

    def award(self, claim: CreditClaim, rulebook: Rulebook, envelope: Envelope) -> Grant:
        """Credit a claim as far as the limits allow. Raises UnknownMode.

        A source is answered once, whichever entry asks; only `settle` answers it anew.
        """
        known = self.claims.get(claim.source_id)
        answered = known.claim.entry_id if known else claim.entry_id
        if answered in self.answers:
            return self.answers[answered]
        granted = grant(rulebook, claim, self.standing)
        ruled = envelope.under(rulebook.version)
        for entry_id in granted.replaces:
            self._reverse(entry_id, ReversalReason.DUPLICATE, ruled, replaced_by=claim.entry_id)
        settled = Settled(Claimed(claim, rulebook.version), granted.hours, granted.limits)
        self._answer(settled, lambda _: rulebook, envelope)
        return granted

    def reverse(self, entry_id: UUID, reason: ReversalReason, envelope: Envelope) -> None:
        """Take a credit back: whole, and once. Raises UnknownCredit and CreditAlreadyReversed."""
        self._require_standing(entry_id)
        self._reverse(entry_id, reason, envelope)

    def settle(
        self, claims: Claims, rules: Rules, reason: ReversalReason, envelope: Envelope
    ) -> None:
        """Put sources right: each claim takes the place of its source's earlier one (None: none).

        All are granted again in their old order, each under its own rules. Whose claim or hours
        change is reversed whole and awarded again under a new entry; the rest stays untouched.
        """
        found = settle(self._accounted(), claims, rules)
        for change in found:
            self._take_back(change, change.because(claims, reason), envelope)
        for change in found:
            if change.settled is not None:
                self._answer(change.settled, rules, envelope)

    def confirm_fraud(self, fraud: Fraud, envelope: Envelope) -> None:
        """Note fraud in a source that no line stands for; where one does, its reversal says so."""
        self.trigger_event(
            self.FraudConfirmed, learner_id=self.learner_id, fraud=fraud, envelope=envelope
        )

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
        return sum(credit.hours for credit in self.standing if credit.entry_id in self.held)

    @property
    def held(self) -> dict[UUID, UUID]:
        """The case of each entry under verification, also of those that do not stand any more."""
        return {hold.entry_id: hold.case_id for hold in self.holds.values()}

    def totals(self, school_year: int | None = None, stage: str | None = None) -> Totals:
        """What stands, of one school year or of all, of one stage or of all."""
        return Totals.of(
            credit
            for credit in self.standing
            if school_year in {None, credit.school_year} and stage in {None, credit.stage}
        )

    def _accounted(self) -> Accounted:
        claims = {
            source: known and known._replace(claim=known.claim.bare)
            for source, known in self.claims.items()
        }
        standing = {credit.source_id: credit for credit in self.standing}
        return Accounted(self.id, claims, standing, self.answers, self.turns)

    def _take_back(self, change: Change, reason: ReversalReason, envelope: Envelope) -> None:
        if change.reversed is not None:
            self._reverse(change.reversed, reason, envelope, change.replaced_by)
        elif change.settled is None:
            self._withdrawn(
                learner_id=self.learner_id,
                source_id=change.source_id,
                reason_code=reason,
                envelope=envelope,
            )

    def _answer(self, settled: Settled, rules: Rules, envelope: Envelope) -> None:
        claim, version = settled.claimed
        ruled = envelope.under(version)
        if settled.hours:
            credit = credited(claim, settled.hours, rules(version))
            self._awarded(learner_id=self.learner_id, credit=credit, envelope=ruled)
        if settled.limits:
            self._limited(
                learner_id=self.learner_id, claim=claim, limits=settled.limits, envelope=ruled
            )
        if settled.hours and (hold := self.holds.get(claim.source_id)):  # its case is still open
            self.hold((claim.entry_id,), hold.case_id, envelope)

    def _require_standing(self, entry_id: UUID) -> None:
        refusal = CreditAlreadyReversed if entry_id in self.reversed else UnknownCredit
        if entry_id not in self.credits:
            raise refusal(entry_id=entry_id)

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
        self.frauds.claimed(credit)
        self.answers[credit.entry_id] = Grant(credit.hours)
        self.claims[credit.source_id] = Claimed(credit, credit.rulebook_version)
        self.turns[credit.source_id] += 1

    @event(CreditLimited)
    def _limited(
        self, learner_id: UUID, claim: CreditClaim, limits: tuple[Limit, ...], envelope: Envelope
    ) -> None:
        self.answers[claim.entry_id] = Grant(limits[-1].awarded, limits)
        self.frauds.claimed(claim)
        self.claims[claim.source_id] = Claimed(claim, envelope.rulebook_version or "")
        self.turns[claim.source_id] += 1

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
        credit = self.credits.pop(entry_id)
        self.frauds.taken_back(self.claims[credit.source_id], reason_code, envelope.at)
        self.reversed[entry_id] = credit
        if replaced_by is None:
            self.claims[credit.source_id] = None

    @event(ClaimWithdrawn)
    def _withdrawn(
        self, learner_id: UUID, source_id: UUID, reason_code: ReversalReason, envelope: Envelope
    ) -> None:
        self.frauds.taken_back(self.claims.get(source_id), reason_code, envelope.at)
        self.claims[source_id] = None

    @event(CreditHeld)
    def _held(
        self, learner_id: UUID, entry_ids: tuple[UUID, ...], case_id: UUID, envelope: Envelope
    ) -> None:
        for entry_id in entry_ids:
            self.holds[self.credits[entry_id].source_id] = Hold(entry_id, case_id)

    @event(CreditReleased)
    def _released(
        self, learner_id: UUID, entry_ids: tuple[UUID, ...], case_id: UUID, envelope: Envelope
    ) -> None:
        self.holds = {s: hold for s, hold in self.holds.items() if hold.entry_id not in entry_ids}
