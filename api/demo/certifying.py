"""The pilot's certificates: one of every state, each by the persons who decide about it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from api.certificates import authorise, issue_statement
from api.demo.calendar import evening
from api.demo.loading import Pilot
from api.demo.staff import PRIMARY
from api.reissuing import ReissueReason, reissue
from api.revocations import confirm_revocation, propose_revocation
from api.signing import create_key
from domain.certificate import CertificateKind
from domain.identity import derived
from domain.revocation import RevocationReason
from projections.certificate_register import RegisteredCertificate

# Which family's learner holds which certificate.
VALID, REPLACED, REVOKED, EXPIRED = 0, 1, 3, 5
EXPIRED_DAYS_AGO = 200


def certify(pilot: Pilot) -> dict[str, str]:
    """Issue last year's completions, reissue one, revoke one; one statement is over by now.

    Returns state -> number.
    """
    runtime, calendar = pilot.runtime, pilot.calendar
    create_key(runtime, calendar.set_up)
    head, at = pilot.logins["head"], evening(date(calendar.school_year, 7, 10), 10)
    runtime.settle(runtime.book.ledger.position())
    due = runtime.models.certificates.due_of(PRIMARY)
    completions = {
        each.certificate_id for each in due if each.kind == CertificateKind.ANNUAL_COMPLETION
    }
    authorise(runtime, PRIMARY, completions, head.acting(at, "authorise"))
    return {
        "valid": completion(pilot, VALID).number,
        "replaced": replace(pilot),
        "revoked": revoke(pilot),
        "expired": expire(pilot),
    }


def completion(pilot: Pilot, number: int) -> RegisteredCertificate:
    """The annual completion of a family's learner."""
    held = pilot.runtime.models.certificates.certificates_of_learner(pilot.learner(number))
    return next(each for each in held if each.kind == CertificateKind.ANNUAL_COMPLETION)


def replace(pilot: Pilot) -> str:
    lost, year = completion(pilot, REPLACED), pilot.calendar.school_year
    by = pilot.logins["head"].acting(evening(date(year, 7, 22), 10), "reissue")
    reissue(pilot.runtime, lost, ReissueReason.LOST, by)
    return lost.number


def revoke(pilot: Pilot) -> str:
    wrong, year = completion(pilot, REVOKED), pilot.calendar.school_year
    propose = pilot.logins["head"].acting(evening(date(year, 8, 3), 10), "propose")
    reason = RevocationReason.WRONG_PERSON
    propose_revocation(pilot.runtime, wrong, reason, propose)
    confirm = pilot.logins["district"].acting(evening(date(year, 8, 5), 15), "confirm")
    confirm_revocation(pilot.runtime, wrong, reason, confirm)
    return wrong.number


def expire(pilot: Pilot) -> str:
    """A statement of hours is valid for 180 days."""
    at = pilot.calendar.now - timedelta(days=EXPIRED_DAYS_AGO)
    request: UUID = derived("demo statement")
    by = pilot.logins["coordinator"].acting(at, "statement")
    outcome = issue_statement(pilot.runtime, PRIMARY, pilot.learner(EXPIRED), request, by)
    assert outcome.number is not None
    return outcome.number
