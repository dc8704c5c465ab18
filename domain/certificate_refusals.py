"""What is refused about certificates, and why."""

from __future__ import annotations

from domain.refusals import Refused


class UnknownCertificate(Refused):
    """No certificate with that id or number."""

    code = "certificate_unknown"


class NotInForce(Refused):
    """The certificate is replaced, revoked or withdrawn already."""

    code = "certificate_not_in_force"


class NotRevoked(Refused):
    """Another certificate is issued after a revoked one alone: this one is not."""

    code = "certificate_not_revoked"


class RevocationPending(Refused):
    """The head has proposed to revoke it: no successor gets round the district's decision."""

    code = "revocation_pending"


class RevocationUnderWay(Refused):
    """Its revocation is proposed for another reason, which the district decides on first."""

    code = "revocation_under_way"


class RevocationNotProposed(Refused):
    """Nothing is proposed, any more or for the reason that was read."""

    code = "revocation_not_proposed"


class NotAchieved(Refused):
    """The account does not show the achievement that the certificate would name."""

    code = "achievement_missing"
