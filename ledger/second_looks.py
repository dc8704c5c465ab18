"""A second look at certificates: one may be issued in the moment in which its completion is lost.

Whoever issues reads the completion and writes the certificate, whoever corrects does it the other
way round: neither writes what the other reads, or sees what the other is about to record. The one
that comes later is followed, when both are there to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from domain.certificate import Award, Certificate, completion_certificate_id
from domain.evaluation import Evaluation
from domain.grades import Stage
from ledger.certified import completion_of
from ledger.evaluating import system_envelope
from ledger.ledger import Ledger
from ledger.reviews import KINDS, TAKEN_BACK, in_force


class SecondLooks:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def look_again(self, certificate_ids: Iterable[UUID], at: datetime) -> None:
        """Open the review of each that certifies no completion, and that nobody has reviewed yet.

        What a head has let stand is not asked about again. Looked at once more, it is no news.
        """
        found = in_force(self._ledger, dict.fromkeys(certificate_ids, False))
        for certificate in self._missed([each for each, _ in found]):
            self._review(certificate.id, at)

    def _review(self, certificate_id: UUID, at: datetime) -> None:
        by = system_envelope(at, "", certificate_id, "second_look")

        def decide() -> list[Certificate]:
            certificate = self._ledger.find(Certificate, certificate_id)
            if certificate is None or not self._missed([certificate]):
                return []
            certificate.open_review(TAKEN_BACK, by)
            return [certificate]

        self._ledger.commit(by.command_id, decide)

    def _missed(self, certificates: Sequence[Certificate]) -> list[Certificate]:
        asked = [each for each in certificates if each.award.kind in KINDS.values()]
        keys = {each.id: evaluations_of(each.award) for each in asked}
        found = self._ledger.load({key for some in keys.values() for key in some})
        return [
            each
            for each in asked
            if not any(is_achieved(each.award, found.get(key)) for key in keys[each.id])
            and not self._was_reviewed(each)
        ]

    def _was_reviewed(self, certificate: Certificate | None) -> bool:
        """Under this number or an older one."""
        if certificate is None or certificate.was_reviewed:
            return certificate is not None
        before = certificate.replaces
        return before is not None and self._was_reviewed(self._ledger.find(Certificate, before))


def evaluations_of(award: Award) -> list[UUID]:
    """A school year may stand in another stage, which has no certificate of its own for it."""
    return [Evaluation.create_id(award.learner_id, stage) for stage in Stage]


def is_achieved(award: Award, found: object) -> bool:
    return isinstance(found, Evaluation) and completion_of(award) in found.completions


def certificate_of(fact: Certificate.Issued | Evaluation.CompletionWithdrawn) -> UUID:
    """The certificate that a fact is about, which may not be there."""
    if isinstance(fact, Certificate.Issued):
        return fact.originator_id
    return completion_certificate_id(fact.learner_id, KINDS[fact.kind], fact.period)
