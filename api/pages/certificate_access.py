"""Who reaches a certificate: its school's staff, its holder's own device, whoever has a link."""

from __future__ import annotations

from api.access.actions import Action
from api.access.policy import Forbidden
from api.asking import Asking
from api.certificates import SCHOOL_STAFF
from api.reaching import unknown
from api.sharing import ShareLinkEnded, ShareLinks
from certificates import number as numbers
from domain.certificate_refusals import UnknownCertificate
from domain.envelope import Envelope
from ledger.records import records_of
from projections.certificate_register import RegisteredCertificate
from projections.sight import everything_in_sight

PURPOSE = "certificate_document"


def certificate_for(
    asking: Asking, number: str, action: Action
) -> tuple[RegisteredCertificate, Envelope]:
    """Raises InvalidNumber, UnknownCertificate, Forbidden, LoginRequired."""
    found = asking.runtime.models.certificates.by_number(numbers.read(number))
    if found is None:
        raise unknown(asking, action, UnknownCertificate())
    return found, asking.may(action, found.school_code)


def own_certificate(
    asking: Asking, number: str, action: Action = Action.OWN_READ
) -> tuple[RegisteredCertificate, Envelope]:
    """A parent's own; anybody else's looks as if it were not there.

    Raises InvalidNumber, Forbidden, LoginRequired.
    """
    learner_id, by = asking.own(action)
    found = asking.runtime.models.certificates.by_number(numbers.read(number))
    if found is None or found.learner_id not in records_of(asking.runtime.book.ledger, learner_id):
        raise Forbidden(action=action.value)
    return found, by


def readable(staff: Asking, parent: Asking, number: str, share: str) -> RegisteredCertificate:
    """A certificate whose full sheet, name and all, may be handed out to this asker.

    Raises InvalidNumber, UnknownCertificate, ShareLinkEnded, Forbidden, LoginRequired.
    """
    if share:
        return shared(staff, number, share)
    if parent.parent is not None and is_own(parent, number):
        return own_certificate(parent, number)[0]
    found, by = certificate_for(staff, number, Action.CERTIFICATE_READ)
    if by.actor.role not in SCHOOL_STAFF:
        raise Forbidden(action=Action.CERTIFICATE_READ.value)
    staff.runtime.book.vault.show([found.learner_id], to=by.actor, purpose=PURPOSE, at=by.at)
    return found


@everything_in_sight()
def shared(asking: Asking, number: str, token: str) -> RegisteredCertificate:
    """What its holder withdrew is shown to nobody. Raises InvalidNumber, ShareLinkEnded."""
    runtime = asking.runtime
    found = runtime.models.certificates.by_number(numbers.read(number))
    opened = ShareLinks(runtime.tables).certificate_of(token, runtime.now())
    if found is None or found.certificate_id != opened or found.state == "withdrawn":
        raise ShareLinkEnded
    return found


def is_own(parent: Asking, number: str) -> bool:
    found = parent.runtime.models.certificates.by_number(numbers.read(number))
    return found is not None and found.learner_id in records_of(
        parent.runtime.book.ledger, parent.learner_id
    )
