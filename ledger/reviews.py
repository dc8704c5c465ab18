"""Reviews of certificates: what they certify was taken back, or reached again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.certificate import Certificate, CertificateKind, completion_certificate_id
from domain.envelope import Envelope
from domain.evaluation import CompletionKind, Evaluation
from ledger.ledger import Ledger

TAKEN_BACK = "completion_withdrawn"
REACHED_AGAIN = "completion_reached_again"

KINDS = {
    CompletionKind.ANNUAL: CertificateKind.ANNUAL_COMPLETION,
    CompletionKind.STAGE: CertificateKind.STAGE_COMPLETION,
}


def reviews_after(
    ledger: Ledger,
    decided: Iterable[LedgerAggregate],
    records_of: Callable[[UUID], Iterable[UUID]],
    by: Envelope,
) -> list[LedgerAggregate]:
    """Open or close the review of each certificate whose completion was withdrawn or reached.

    A school year that was completed in two stages has one certificate, which either of them keeps.
    The certificates of a person are those of every record that was merged into theirs.
    """
    evaluations = [each for each in decided if isinstance(each, Evaluation)]
    standing = {(each.learner_id, *which) for each in evaluations for which in each.completions}
    stands = {
        completion_certificate_id(record, KINDS[fact.kind], fact.period): (
            (fact.learner_id, fact.kind, fact.period) in standing
        )
        for evaluation in evaluations
        for fact in evaluation.pending_events
        if isinstance(fact, Evaluation.CompletionReached | Evaluation.CompletionWithdrawn)
        for record in records_of(fact.learner_id)
    }
    found: list[LedgerAggregate] = []
    for certificate, reached in in_force(ledger, stands):
        if reached:
            certificate.close_review(REACHED_AGAIN, by)
        else:
            certificate.open_review(TAKEN_BACK, by)
        found.append(certificate)
    return found


def in_force(ledger: Ledger, stands: dict[UUID, bool]) -> Iterable[tuple[Certificate, bool]]:
    """The certificates as they are today: the last of each chain, reissued or issued after."""
    while stands:
        successors: dict[UUID, bool] = {}
        for key, certificate in ledger.load(stands).items():
            if isinstance(certificate, Certificate):
                if certificate.state in {"replaced", "revoked"}:
                    successors[certificate.successor_id] = stands[key]
                else:
                    yield certificate, stands[key]
        stands = successors
