"""Commands of hours earned elsewhere: enter with the document, withdraw, confirm, turn down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID, uuid4

import orjson

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.external import ExternalHours, IssuerKind, TurnedDownBecause
from domain.external_refusals import UnknownExternalHours
from domain.learner import Learner, UnknownLearner
from ledger.document_numbers import spellings
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.registry import Registry
from ledger.vault import Entry, Vault

DOCUMENT = "external_document"


@dataclass(frozen=True)
class NewExternalHours:
    """Hours from elsewhere as they stand on the document; its number and the words are secret."""

    school_code: str
    learner_id: UUID
    issuer: IssuerKind
    document_number: str = field(repr=False)
    reason: str = field(repr=False)
    hours: int
    family: str
    school_year: int
    term_no: int


class ExternalHoursCommands:
    def __init__(self, ledger: Ledger, registry: Registry, vault: Vault) -> None:
        self._ledger = ledger
        self._registry = registry
        self._vault = vault

    def enter(self, new: NewExternalHours, by: Envelope) -> UUID:
        """Enter hours for a learner of the school: they wait for the district.

        Raises UnknownTerm, UnknownLearner, OwnCase, DocumentUsed.
        """
        self._registry.term(new.school_year, new.term_no)
        refuse_own_case(self._ledger, by.actor.id, new.learner_id)
        stage, document_id = self._stage(new), self._document_id(new)
        # One at a time: the words that are filed are those of the entry that follows.
        with self._vault.alone(f"{DOCUMENT} {document_id}"):
            entered = entry_of(new, stage, self._entry_document(document_id), by)

            def decide() -> list[LedgerAggregate]:
                there = self._ledger.find(ExternalHours, entered.id)
                if there is not None:
                    there.must_be(entered)
                    return []
                return [entry_of(new, stage, entered.document_id, by)]

            if self._ledger.find(ExternalHours, entered.id) is None:
                self._file(entered.document_id, new)
            self._ledger.commit(by.command_id, decide)
        return entered.id

    def withdraw_entry(self, external_id: UUID, by: Envelope) -> int:
        """Take back what nobody has decided; its document may be entered again.

        Raises UnknownExternalHours, OwnCase, EnteredByAnother, ExternalDecided.
        """
        return self._change(external_id, by, lambda hours: hours.withdraw_entry(by))

    def confirm(self, external_id: UUID, by: Envelope) -> int:
        """Raises UnknownExternalHours, OwnCase, and what `ExternalHours.confirm` does."""
        return self._change(external_id, by, lambda hours: hours.confirm(by))

    def turn_down(self, external_id: UUID, reason: TurnedDownBecause, by: Envelope) -> int:
        """Raises UnknownExternalHours, OwnCase, and what `ExternalHours.turn_down` does."""
        return self._change(external_id, by, lambda hours: hours.turn_down(reason, by))

    def get(self, external_id: UUID) -> ExternalHours:
        """Raises UnknownExternalHours."""
        return self._ledger.get(ExternalHours, external_id, UnknownExternalHours)

    def _change(
        self, external_id: UUID, by: Envelope, change: Callable[[ExternalHours], None]
    ) -> int:
        def decide() -> list[LedgerAggregate]:
            found = self.get(external_id)
            refuse_own_case(self._ledger, by.actor.id, found.learner_id)
            change(found)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def _entry_document(self, document_id: UUID) -> UUID:
        """The document id of the entry that holds a document, or of its next one."""
        numbered = (ExternalHours.entry_document(document_id, number) for number in count(1))
        return next(each for each in numbered if not self._gave_back(each))

    def _gave_back(self, document_id: UUID) -> bool:
        found = self._ledger.find(ExternalHours, ExternalHours.create_id(document_id))
        return found is not None and found.gives_document_back

    def _stage(self, new: NewExternalHours) -> str:
        learner = self._ledger.get(Learner, new.learner_id, UnknownLearner)
        places = learner.enrolments_at(new.school_code, new.school_year)
        if not places:
            raise UnknownLearner(id=new.learner_id)
        return places[0].stage

    def document(self, document_id: UUID) -> dict[str, str]:
        """The number and the words; nothing once the learner is erased."""
        found = self._vault.document(document_id, DOCUMENT)
        return {} if found is None else orjson.loads(found)

    def _file(self, document_id: UUID, new: NewExternalHours) -> None:
        """Seal what stands on the paper under the learner's key; no entry refers to other words."""
        written = {"number": new.document_number, "reason": new.reason}
        self._vault.discard(document_id, DOCUMENT)
        try:
            self._vault.file(document_id, DOCUMENT, new.learner_id, orjson.dumps(written))
        except LookupError as gone:
            raise UnknownLearner(id=new.learner_id) from gone

    def _document_id(self, new: NewExternalHours) -> UUID:
        """The one id of a document: its number is a look-up value of the vault, nowhere else."""
        keys = [f"{new.issuer}\n{each}" for each in spellings(new.document_number)]
        known = self._vault.identify(DOCUMENT, keys)
        if keys[0] not in known:
            kept = next((known[key] for key in keys if key in known), None)
            self._vault.admit([Entry(kept or uuid4(), DOCUMENT, {}, [(DOCUMENT, keys[0])])])
            known = self._vault.identify(DOCUMENT, keys)
        return known[keys[0]]


def entry_of(new: NewExternalHours, stage: str, document_id: UUID, by: Envelope) -> ExternalHours:
    return ExternalHours(
        learner_id=new.learner_id,
        school_code=new.school_code,
        document_id=document_id,
        issuer=new.issuer,
        hours=new.hours,
        family=new.family,
        stage=stage,
        school_year=new.school_year,
        term_no=new.term_no,
        envelope=by,
    )
