"""Commands of irregularities: flag once, hear who is concerned, find as two persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope, Role
from domain.irregularity import Irregularity
from domain.irregularity_finding import Finding, FindingReason, HeardBy, Says
from domain.irregularity_look import Flag
from domain.irregularity_refusals import UnknownIrregularity
from ledger.case_desk import CaseDesk
from ledger.evaluating import system_envelope
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import records_of
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

    def hear(self, irregularity_id: UUID, person_id: UUID, answer: Answer, by: Envelope) -> int:
        """Take down what a person concerned says; their words lie under their own key.

        Raises UnknownIrregularity, OwnCase, IrregularityDecided, UnknownLearner.
        """
        found = self.get(irregularity_id)
        owner = person_id
        if by.actor.role is Role.PARENT:
            self._must_be_of(person_id, by)
        else:
            self._must_be_apart(found, by)
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
        self._must_be_apart(self.get(irregularity_id), by)
        owner = self._own_key(irregularity_id) if words.strip() else irregularity_id

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            irregularity = self.get(irregularity_id)
            irregularity.propose(finding, reason, words_id, by)
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
        """Name the correction that it led to. Raises UnknownIrregularity, UnknownCorrection."""

        def link(found: Irregularity) -> None:
            self._desk.must_be_corrections([correction_id], found.school_code)
            found.link_correction(correction_id, by)

        return self._change(irregularity_id, link, by)

    def words(self, words_id: UUID) -> str:
        """What somebody wrote; nothing once they are erased."""
        return self._desk.words(words_id)

    def _change(
        self, irregularity_id: UUID, change: Callable[[Irregularity], None], by: Envelope
    ) -> int:
        def decide() -> list[LedgerAggregate]:
            found = self.get(irregularity_id)
            self._must_be_apart(found, by)
            change(found)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def _must_be_apart(self, found: Irregularity, by: Envelope) -> None:
        """Nobody reviews what concerns themselves as a parent. Raises OwnCase."""
        refuse_own_case(self._ledger, by.actor.id, *found.learner_ids)

    def _must_be_of(self, person_id: UUID, by: Envelope) -> None:
        """A parent answers for their own records alone. Raises UnknownIrregularity."""
        if person_id not in records_of(self._ledger, by.actor.id):
            raise UnknownIrregularity

    def _own_key(self, irregularity_id: UUID) -> UUID:
        """Under which the words about no single parent lie."""
        self._vault.admit([Entry(irregularity_id, KIND, {})])
        return irregularity_id
