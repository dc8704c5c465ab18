"""Commands of hours earned elsewhere: enter them with their document, confirm, turn down."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import orjson

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.external import (
    ExternalHours,
    IssuerKind,
    TurnedDownBecause,
    UnknownExternalHours,
)
from domain.learner import Learner, UnknownLearner
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
        key = ExternalHours.create_id(document_id)

        def decide() -> list[LedgerAggregate]:
            entered = entry_of(new, stage, document_id, by)
            there = self._ledger.find(ExternalHours, key)
            if there is not None:
                there.must_be(entered)
                return []
            return [entered]

        # One at a time: the words that are filed are those of the entry that follows.
        with self._vault.alone(f"{DOCUMENT} {document_id}"):
            if self._ledger.find(ExternalHours, key) is None:
                self._file(document_id, new)
            self._ledger.commit(by.command_id, decide)
        return key

    def confirm(self, external_id: UUID, by: Envelope) -> int:
        """Raises UnknownExternalHours, OwnCase, ExternalNeedsSecondPerson, ExternalDecided."""

        def decide() -> list[LedgerAggregate]:
            found = self._for_decision(external_id, by)
            found.confirm(by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def turn_down(self, external_id: UUID, reason: TurnedDownBecause, by: Envelope) -> int:
        """Raises UnknownExternalHours, OwnCase, ExternalNeedsSecondPerson, ExternalDecided."""

        def decide() -> list[LedgerAggregate]:
            found = self._for_decision(external_id, by)
            found.turn_down(reason, by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def get(self, external_id: UUID) -> ExternalHours:
        """Raises UnknownExternalHours."""
        return self._ledger.get(ExternalHours, external_id, UnknownExternalHours)

    def _for_decision(self, external_id: UUID, by: Envelope) -> ExternalHours:
        found = self.get(external_id)
        refuse_own_case(self._ledger, by.actor.id, found.learner_id)
        return found

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
        number = "".join(new.document_number.split()).upper()
        key = f"{new.issuer}\n{number}"
        if key not in (known := self._vault.identify(DOCUMENT, [key])):
            self._vault.admit([Entry(uuid4(), DOCUMENT, {}, [(DOCUMENT, key)])])
            known = self._vault.identify(DOCUMENT, [key])
        return known[key]


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
