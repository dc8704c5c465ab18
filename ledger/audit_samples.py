"""Commands of audit samples: announce a population, draw by a later seed, say what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.audit_refusals import UnknownAuditSample
from domain.audit_sample import AuditCode, AuditSample, Drawable, Severity
from domain.envelope import Envelope
from ledger.calendars import Calendars
from ledger.case_desk import CaseDesk
from ledger.ledger import Ledger
from ledger.vault import Entry, Vault

KIND = "audit_sample"  # of the vault's entry under whose key the auditors' words lie


@dataclass(frozen=True)
class NewFinding:
    """What an auditor says of a session of the sample."""

    session_id: UUID
    finding: AuditCode
    severity: Severity
    words: str = ""


class AuditSamples:
    def __init__(self, ledger: Ledger, vault: Vault, desk: CaseDesk) -> None:
        self._ledger = ledger
        self._vault = vault
        self._desk = desk

    def get(self, sample_id: UUID) -> AuditSample:
        """Raises UnknownAuditSample."""
        return self._ledger.get(AuditSample, sample_id, UnknownAuditSample)

    def announce(self, drawable: Drawable, population: Iterable[UUID], by: Envelope) -> UUID:
        """Fix what is drawn from; what was announced for that day already stays as it is.

        Raises what `AuditSample.announce` refuses.
        """
        sample_id, known = AuditSample.id_of(drawable), tuple(population)

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(AuditSample, sample_id):
                return []
            days = Calendars(self._ledger).around(drawable.seed_day)
            return [AuditSample.announce(drawable, known, days, by)]

        self._ledger.commit(by.command_id, decide)
        return sample_id

    def draw(self, sample_id: UUID, value: str, population: Iterable[UUID], by: Envelope) -> int:
        """Draw by the public value. Raises UnknownAuditSample, what `AuditSample.draw` refuses."""
        known = tuple(population)

        def decide() -> list[LedgerAggregate]:
            sample = self.get(sample_id)
            sample.draw(value, known, by)
            return [sample]

        return self._ledger.commit(by.command_id, decide)

    def find(self, sample_id: UUID, found: NewFinding, by: Envelope) -> int:
        """Record a finding; words lie under the sample's own key.

        Raises UnknownAuditSample, what `AuditSample.find` refuses.
        """
        self.get(sample_id)
        if found.words.strip():
            self._vault.admit([Entry(sample_id, KIND, {})])

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            sample = self.get(sample_id)
            sample.find(found.session_id, found.finding, found.severity, words_id, by)
            return [sample]

        return self._desk.speak(sample_id, sample_id, found.words, decide, by)

    def show(self, sample_id: UUID, words_ids: Sequence[UUID], by: Envelope) -> dict[UUID, str]:
        """What auditors wrote of a sample, for somebody to read: the look is logged."""
        if words_ids:
            self._desk.note_look(sample_id, KIND, by)
        return {each: self._desk.words(each) for each in words_ids}
