"""Single sign-on of staff: begun in a browser, come back to it once, and only for who is linked."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from psycopg.errors import UniqueViolation

from api.access.back_channel import BackChannel
from api.access.sign_on_provider import Provider, SignedOn, SignOnFailed
from api.access.web_tables import WebTables
from domain.refusals import Refused

LIFE: Final = timedelta(minutes=10)
MOST_AFTER: Final = 500


class SubjectUnknown(Refused):
    """Nobody's account is linked with this identity; an e-mail address links nothing."""

    code = "sign_on_subject_unknown"


class SubjectTaken(Refused):
    """The identity is linked with another account, or the account with another identity."""

    code = "sign_on_subject_taken"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret that it keeps meanwhile in a cookie."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """Who signed in, where they were going, and as whom the provider knows them."""

    staff_id: UUID
    after: str
    signed_on: SignedOn


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    tables: WebTables
    provider: Provider

    def begin(self, after: str, at: datetime) -> Begun:
        """Raises SignOnAway, SignOnBusy."""
        state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        challenge = urlsafe_b64encode(_hash(verifier)).rstrip(b"=").decode()
        address = self.provider.address(state, nonce, challenge, at)
        values = {
            "state": _hash(state),
            "browser": _hash(browser),
            "nonce": nonce,
            "verifier": verifier,
            "after": after[:MOST_AFTER],
            "ends": at + LIFE,
        }
        self.tables.change(_BEGIN, values)
        return Begun(address, browser)

    def come_back(self, state: str, code: str, browser: str, at: datetime) -> CameBack:
        """Use up what began in this browser.

        Raises SignOnFailed, SignOnAway, SubjectUnknown; SignOnBusy, mostly before it is used up.
        """
        values = {"state": _hash(state), "browser": _hash(browser), "at": at}
        with self.provider.place():
            row = self.tables.row(_COME_BACK, values)
            if row is None:
                raise SignOnFailed
            nonce, verifier, after = row
            signed_on = self.provider.signed_on(code, verifier, nonce, at)
        values = {"issuer": self.provider.issuer, "subject": signed_on.subject}
        linked = self.tables.row(_WHO, values)
        if linked is None:
            raise SubjectUnknown(subject=signed_on.subject)
        return CameBack(linked[0], after, signed_on)

    @property
    def back_channel(self) -> BackChannel:
        return BackChannel(self.tables, self.provider)


def link(tables: WebTables, issuer: str, subject: str, staff_id: UUID, at: datetime) -> None:
    """Say that a provider's subject is this person; the same again is no news.

    Raises SubjectTaken.
    """
    values = {"issuer": issuer, "subject": subject, "staff": staff_id, "at": at}
    row = tables.row(_WHO, values)
    if row is not None and row[0] == staff_id:
        return
    try:
        tables.change(_LINK, values)
    except UniqueViolation as error:
        raise SubjectTaken from error


def unlink(tables: WebTables, staff_id: UUID) -> bool:
    """The person signs in by password alone from now on."""
    return tables.change(_UNLINK, {"staff": staff_id}) > 0


def _hash(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


_BEGIN = """
insert into {web}.sign_on (state_hash, browser_hash, nonce, verifier, after, ends_at)
values (%(state)s, %(browser)s, %(nonce)s, %(verifier)s, %(after)s, %(ends)s)
"""
_COME_BACK = """
delete from {web}.sign_on
where state_hash = %(state)s and browser_hash = %(browser)s and %(at)s < ends_at
returning nonce, verifier, after
"""
_WHO = """
select staff_id from {web}.staff_subject join {web}.staff_account using (staff_id)
where issuer = %(issuer)s and subject = %(subject)s and closed_at is null
"""
_LINK = """
insert into {web}.staff_subject (issuer, subject, staff_id, linked_at)
values (%(issuer)s, %(subject)s, %(staff)s, %(at)s)
"""
_UNLINK = "delete from {web}.staff_subject where staff_id = %(staff)s"
