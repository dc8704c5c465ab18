"""Revoking a certificate: proposed by the school's head, decided by the district."""

from __future__ import annotations

from api.bootstrap import Runtime
from api.certificates import require_foreign
from domain.envelope import Envelope
from domain.revocation import RevocationReason
from projections.certificate_register import RegisteredCertificate


def propose_revocation(
    runtime: Runtime, certificate: RegisteredCertificate, reason: RevocationReason, by: Envelope
) -> int:
    """Refuses NotInForce, OwnCase, RevocationUnderWay."""
    require_foreign(runtime, certificate.learner_id, by)
    ledger = runtime.book.certificates
    return runtime.settle(ledger.propose_revocation(certificate.certificate_id, reason.value, by))


def withdraw_revocation(runtime: Runtime, certificate: RegisteredCertificate, by: Envelope) -> int:
    """Refuses NotInForce, RevocationNotProposed, OwnCase."""
    require_foreign(runtime, certificate.learner_id, by)
    ledger = runtime.book.certificates
    return runtime.settle(ledger.withdraw_revocation(certificate.certificate_id, by))


def confirm_revocation(
    runtime: Runtime, certificate: RegisteredCertificate, read: RevocationReason, by: Envelope
) -> int:
    """`read` is the reason that the district was shown.

    Refuses NotInForce, RevocationNotProposed, OwnCase; for fraud TellingAwaited, AnswerAwaited.
    """
    require_foreign(runtime, certificate.learner_id, by)
    ledger = runtime.book.certificates
    return runtime.settle(ledger.confirm_revocation(certificate.certificate_id, read.value, by))


def decline_revocation(
    runtime: Runtime, certificate: RegisteredCertificate, read: RevocationReason, by: Envelope
) -> int:
    """Refuses NotInForce, RevocationNotProposed, OwnCase."""
    require_foreign(runtime, certificate.learner_id, by)
    ledger = runtime.book.certificates
    return runtime.settle(ledger.decline_revocation(certificate.certificate_id, read.value, by))
