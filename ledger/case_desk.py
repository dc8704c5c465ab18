"""What disputes and appeals share: who may touch a case, its words in the vault, what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.appeal import Appeal
from domain.appeal_refusals import UnknownCase
from domain.correction import Correction, UnknownCorrection
from domain.dispute import Dispute
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.learner import UnknownLearner
from ledger.calendars import Calendars
from ledger.case_days import CaseDays
from ledger.case_matters import Matters, SubjectNotYours
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import records_of, survivors
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from ledger.vault import Vault

WORDS = "words"  # the kind of a document in the vault, under the key of the learner it is about

Case = Dispute | Appeal
C = TypeVar("C", Dispute, Appeal)
Decide = Callable[[UUID | None], list[LedgerAggregate]]


class CaseDesk:
    def __init__(self, ledger: Ledger, vault: Vault, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._vault = vault
        self.days = CaseDays(rulebooks, Calendars(ledger))
        self.matters = Matters(ledger, Registry(ledger))

    def case(self, case_id: UUID) -> Case:
        """Raises UnknownCase."""
        found = self._ledger.load([case_id]).get(case_id)
        if not isinstance(found, Dispute | Appeal):
            raise UnknownCase(id=case_id)
        return found

    def touched(self, kind: type[C], case_id: UUID, by: Envelope) -> C:
        """A case that its parent or a member of staff is about to change.

        Raises UnknownCase, SubjectNotYours, OwnCase.
        """
        found = self._ledger.get(kind, case_id, UnknownCase)
        self.must_be_apart_or_the_parent(found.learner_id, by)
        return found

    def must_be_at(self, school_code: str, by: Envelope) -> None:
        """Staff write down for parents what belongs to their own school. Raises SubjectNotYours."""
        if by.actor.role is not Role.PARENT and by.actor.organisation != school_code:
            raise SubjectNotYours

    def any_touched(self, case_id: UUID, by: Envelope) -> Case:
        """The same of either kind."""
        found = self.case(case_id)
        self.must_be_apart_or_the_parent(found.learner_id, by)
        return found

    def must_be_apart_or_the_parent(self, learner_id: UUID, by: Envelope) -> None:
        """Parents act in their own case alone, staff in anybody's but their own.

        Raises SubjectNotYours, OwnCase.
        """
        if by.actor.role is Role.PARENT:
            if learner_id not in records_of(self._ledger, by.actor.id):
                raise SubjectNotYours
            return
        refuse_own_case(self._ledger, by.actor.id, learner_id)

    def must_be_corrections(self, correction_ids: Iterable[UUID], school_code: str) -> None:
        """What a case calls its corrections are some of its school. Raises UnknownCorrection."""
        for key in correction_ids:
            found = self._ledger.get(Correction, key, UnknownCorrection)
            if found.school_code != school_code:
                raise UnknownCorrection(id=key)

    def speak(
        self, learner_id: UUID, case_id: UUID, words: str, decide: Decide, by: Envelope
    ) -> int:
        """Decide and record; words go to the vault first, once it is certain that they are taken.

        A refusal, or a command that is no news, leaves none behind. Raises UnknownLearner for one
        who is erased.
        """
        said = words.strip()
        words_id = derived("words", case_id, by.command_id) if said else None
        if words_id is not None and any(each.pending_events for each in decide(words_id)):
            try:
                self._vault.file(words_id, WORDS, learner_id, said.encode())
            except LookupError as gone:
                raise UnknownLearner(id=learner_id) from gone
        return self._ledger.commit(by.command_id, lambda: decide(words_id))

    def words(self, words_id: UUID) -> str:
        """What somebody wrote; nothing once the learner is erased."""
        return (self._vault.document(words_id, WORDS) or b"").decode()

    def note_look(self, person_id: UUID, purpose: str, by: Envelope) -> None:
        """Somebody is about to read what a person said."""
        self._vault.access_log.note([person_id], by.actor, purpose, by.at)

    def account_id(self, case: Case) -> UUID:
        """The account that answers now for whom the case is about: merges are followed."""
        learner_id = case.learner_id
        return Account.create_id(survivors(self._ledger, [learner_id])[learner_id])

    def released(self, case: Case, by: Envelope) -> list[LedgerAggregate]:
        """The account after the end of a case: what was held for it counts again."""
        account = self._ledger.find(Account, self.account_id(case))
        if account is None:
            return []
        held = tuple(key for key, case_id in account.held.items() if case_id == case.id)
        if held:
            account.release(held, case.id, by)
        return [account]
