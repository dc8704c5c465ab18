"""The doors of certificates that are given up, and of what is proved of a stolen key."""

from __future__ import annotations

from api.access.actions import Action
from tests.api.doors.rule import PARENT, PUBLIC, Rule, staff

DOORS: dict[str, Rule] = {
    "GET /c/proved/{kid}/{shard}": PUBLIC,
    "POST /staff/schools/{school_code}/certificates/batch": staff(
        Action.CERTIFICATE_AUTHORISE, form={"in_all": 0}
    ),
    "GET /staff/schools/{school_code}/certificates/sheets.pdf": staff(
        Action.CERTIFICATE_AUTHORISE,
        Action.ROSTER_IMPORT,
        query={"issued_on": "2026-09-19"},
    ),
    "POST /staff/schools/{school_code}/certificates/after-revocation": staff(
        Action.CERTIFICATE_AUTHORISE, form={"revoked_id": "{new_id}", "revocation_seen": "true"}
    ),
    "POST /staff/certificates/{number}/revocation/withdrawal": staff(
        Action.CERTIFICATE_REVOKE_PROPOSE
    ),
    "POST /staff/certificates/{number}/revocation/decline": staff(
        Action.CERTIFICATE_REVOKE_CONFIRM, form={"reason": "wrong_person"}
    ),
    "GET /me/certificates/{number}/withdrawal": PARENT,
    "POST /me/certificates/{number}/withdrawal": PARENT,
    "GET /staff/certificates/{number}/withdrawal": staff(Action.CERTIFICATE_WITHDRAW),
    "POST /staff/certificates/{number}/withdrawal": staff(Action.CERTIFICATE_WITHDRAW),
}
