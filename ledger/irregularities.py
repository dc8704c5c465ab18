"""Commands of irregularities: flag once, hear who is concerned, find as two persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.correction import Correction, UnknownCorrection
from domain.envelope import Envelope, Role
from domain.hearing import ToldBy
from domain.irregularity import Irregularity
from domain.irregularity_finding import (
    Finding,
    FindingReason,
    HeardBy,
    Says,
    must_be_heard_by_staff,
)
from domain.irregularity_look import Flag
from domain.irregularity_refusals import UnknownIrregularity
from domain.staff import OwnCase
from ledger.case_desk import CaseDesk
from ledger.evaluating import system_envelope
from ledger.hearings import held_before
from ledger.ledger import Ledger
from ledger.own_case import own_records
from ledger.records import all_spoken_for, records_of, survivors, that_agreed
from ledger.vault import Entry, Vault

KIND = "irregularity"  # of the vault's entry under whose key the reviewers' words lie


@dataclass(frozen=True)
class Answer:
    """What somebody concerned says, and how it was heard."""

    says: Says
    heard_by: HeardBy
    words: str = ""


class Irregularities:
    def __init__(self, ledger: Ledger, vault: Vault, desk: CaseDesk) -> None:
        self._ledger = ledger
        self._vault = vault
        self._desk = desk

    def get(self, irregularity_id: UUID) -> Irregularity:
        """Raises UnknownIrregularity."""
        return self._ledger.get(Irregularity, irregularity_id, UnknownIrregularity)

    def flag(self, found: Iterable[Flag], at: datetime, cause: UUID) -> int:
        """Record what the rules found; what is flagged already is no news."""
        flags = {Irregularity.create_id(f.rule, f.session_ids, f.cause): f for f in found}

        def decide() -> list[LedgerAggregate]:
            known = self._ledger.load(flags)
            return [
                Irregularity.flag(flag, system_envelope(at, flag.school_code, cause, KIND, key))
                for key, flag in flags.items()
                if key not in known
            ]

        return self._ledger.commit(cause, decide) if flags else self._ledger.position()

    def concerns(self, irregularity_id: UUID, staff_id: UUID) -> bool:
        """Whether it is about a member of staff, at work or as a parent."""
        found = self.get(irregularity_id)
        own = own_records(self._ledger, staff_id)
        return staff_id in found.staff_ids or not set(found.learner_ids).isdisjoint(own)

    def without_phone(self, found: Irregularity) -> frozenset[UUID]:
        """Whom no question reaches on a screen: learners who never agreed to a notice on a phone.

        A phone reaches every record of its person, whichever agreed.
        """
        speakers = survivors(self._ledger, found.learner_ids)
        records = all_spoken_for(self._ledger, speakers.values())
        agreed = that_agreed(self._ledger, {each for own in records.values() for each in own})
        return frozenset(
            key for key, speaker in speakers.items() if agreed.isdisjoint(records.get(speaker, ()))
        )

    def tell(self, irregularity_id: UUID, person_id: UUID, how: ToldBy, by: Envelope) -> int:
        """Say that somebody concerned was told today: their days to answer begin.

        Raises UnknownIrregularity, OwnCase, IrregularityDecided.
        """
        return self._change(irregularity_id, lambda found: found.tell(person_id, how, by), by)

    def hear(self, irregularity_id: UUID, person_id: UUID, answer: Answer, by: Envelope) -> int:
        """Take down what a person concerned says; their words lie under their own key.

        Raises UnknownIrregularity, OwnCase, IrregularityDecided, UnknownLearner, HeardByOwnDevice.
        """
        found = self.get(irregularity_id)
        owner = person_id
        if by.actor.role is Role.PARENT:
            self._must_be_of(person_id, by)
        else:
            self._apart(irregularity_id, by)
            must_be_heard_by_staff(answer.heard_by)
        if person_id in found.staff_ids:
            owner = self._own_key(irregularity_id)

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            irregularity = self.get(irregularity_id)
            irregularity.hear(person_id, answer.says, answer.heard_by, words_id, by)
            return [irregularity]

        return self._desk.speak(owner, irregularity_id, answer.words, decide, by)

    def propose(
        self,
        irregularity_id: UUID,
        finding: Finding,
        reason: FindingReason,
        words: str,
        by: Envelope,
    ) -> int:
        """Say as the first person what it was.

        Raises UnknownIrregularity, and what `Irregularity.propose` refuses.
        """
        self._apart(irregularity_id, by)
        owner = self._own_key(irregularity_id) if words.strip() else irregularity_id

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            irregularity = self.get(irregularity_id)
            unreached = self.without_phone(irregularity)
            irregularity.propose(finding, reason, words_id, by, unreached)
            return [irregularity]

        return self._desk.speak(owner, irregularity_id, words, decide, by)

    def agree(self, irregularity_id: UUID, by: Envelope) -> int:
        """Decide as the second person.

        Raises UnknownIrregularity, and what `Irregularity.agree` refuses.
        """
        return self._change(irregularity_id, lambda found: found.agree(by), by)

    def set_aside(self, irregularity_id: UUID, by: Envelope) -> int:
        """Let the review begin again.

        Raises UnknownIrregularity, and what `Irregularity.set_aside` refuses.
        """
        return self._change(irregularity_id, lambda found: found.set_aside(by), by)

    def link_correction(self, irregularity_id: UUID, correction_id: UUID, by: Envelope) -> int:
        """Name the correction that it led to; for fraud, the hearing here was its hearing too.

        Raises UnknownIrregularity, UnknownCorrection, OwnCase.
        """

        def decide() -> list[LedgerAggregate]:
            found = self._apart(irregularity_id, by)
            self._desk.must_be_corrections([correction_id], found.school_code)
            found.link_correction(correction_id, by)
            correction = self._ledger.get(Correction, correction_id, UnknownCorrection)
            return [found, *held_before(self._ledger, correction, found, by)]

        return self._ledger.commit(by.command_id, decide)

    def words(self, words_id: UUID) -> str:
        """What somebody wrote; nothing once they are erased."""
        return self._desk.words(words_id)

    def _change(
        self, irregularity_id: UUID, change: Callable[[Irregularity], None], by: Envelope
    ) -> int:
        def decide() -> list[LedgerAggregate]:
            found = self._apart(irregularity_id, by)
            change(found)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def _apart(self, irregularity_id: UUID, by: Envelope) -> Irregularity:
        """Nobody reviews what concerns them, at work or as a parent. Raises OwnCase."""
        if self.concerns(irregularity_id, by.actor.id):
            raise OwnCase
        return self.get(irregularity_id)

    def _must_be_of(self, person_id: UUID, by: Envelope) -> None:
        """A parent answers for their own records alone. Raises UnknownIrregularity."""
        if person_id not in records_of(self._ledger, by.actor.id):
            raise UnknownIrregularity

    def _own_key(self, irregularity_id: UUID) -> UUID:
        """Under which the words about no single parent lie."""
        self._vault.admit([Entry(irregularity_id, KIND, {})])
        return irregularity_id
