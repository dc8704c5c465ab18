"""What is refused about certificates, and why."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownCertificate(Refused):
    """No certificate with that id or number."""

    code = "certificate_unknown"


class NotInForce(Refused):
    """The certificate is replaced, revoked or withdrawn already."""

    code = "certificate_not_in_force"


class RevocationPending(Refused):
    """The head has proposed to revoke it: no successor gets round the district's decision."""

    code = "revocation_pending"


class RevocationNotProposed(Refused):
    """The district confirms what a school's head has proposed; nothing is proposed."""

    code = "revocation_not_proposed"


class NotAchieved(Refused):
    """The account does not show the achievement that the certificate would name."""

    code = "achievement_missing"
