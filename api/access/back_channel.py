"""The provider tells that a session of its own is over: OpenID Connect Back-Channel Logout 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, cast
from uuid import UUID

from api.access.sign_on_provider import LEEWAY, Provider, SignedOn, SignOnFailed
from api.access.web_tables import WebTables
from domain.refusals import Refused

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
FRESH: Final = timedelta(minutes=5)  # an older token is no news, nor is its id remembered


class LogoutRefused(Refused):
    """Not a logout token of the provider's, for us, now and for the first time: one answer."""

    code = "sign_on_logout_refused"


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Whose session ended, or which: at least one of them is told."""

    subject: str | None
    session: str | None
    token_id: str


@dataclass(frozen=True, slots=True)
class BackChannel:
    tables: WebTables
    provider: Provider

    def note(self, login_id: UUID, signed_on: SignedOn) -> None:
        """Write down which session of the provider's a login came from."""
        values = {"login": login_id, "issuer": self.provider.issuer}
        values |= {"subject": signed_on.subject, "session": signed_on.session}
        self.tables.change(_NOTE, values)

    def end(self, token: str, at: datetime) -> int:
        """End the logins that came from a session that is over; say how many.

        Raises LogoutRefused, SignOnAway, SignOnBusy. A token that could not be looked at for one
        of the last two is not used up: the provider may send it again.
        """
        try:
            with self.provider.place():
                over = logged_out(self.provider.told(token, at), at)
        except SignOnFailed as error:
            raise LogoutRefused from error
        values = {
            "token": sha256(over.token_id.encode("utf-8", "surrogatepass")).digest(),
            "ends": at + FRESH + 2 * LEEWAY,
            "issuer": self.provider.issuer,
            "subject": over.subject,
            "session": over.session,
        }
        row = self.tables.row(_END, values)
        if row is None or not row[0]:
            raise LogoutRefused
        return int(row[1])


def logged_out(claims: Mapping[str, Any], at: datetime) -> LoggedOut:
    """What the claims of a token say that was believed. Raises LogoutRefused."""
    events, made = claims.get("events"), claims.get("iat")
    happened = cast("dict[str, object]", events).get(EVENT) if isinstance(events, dict) else None
    if not isinstance(happened, dict) or "nonce" in claims:
        raise LogoutRefused
    since = (at - FRESH - LEEWAY).timestamp()
    if not (isinstance(made, int | float) and made >= since):  # of NaN nothing is true
        raise LogoutRefused
    token_id = _text(claims, "jti")
    over = LoggedOut(_text(claims, "sub"), _text(claims, "sid"), token_id or "")
    if token_id is None or (over.subject is None and over.session is None):
        raise LogoutRefused
    return over


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """Raises LogoutRefused where it is there and no text that PostgreSQL can keep."""
    told = claims.get(name)
    if name in claims and (not isinstance(told, str) or not told or "\0" in told):
        raise LogoutRefused
    return told


_NOTE = """
insert into {web}.sign_on_login (login_id, issuer, subject, session)
values (%(login)s, %(issuer)s, %(subject)s, %(session)s)
"""
# One statement: what is used up has ended them. A login of which the provider told no session is
# ended with any of its person's.
_END = """
with used as (
    insert into {web}.logout_token (token_hash, ends_at) values (%(token)s, %(ends)s)
    on conflict (token_hash) do nothing returning token_hash
), ended as (
    delete from {web}.login l using {web}.sign_on_login s
    where s.login_id = l.login_id and s.issuer = %(issuer)s and exists (select from used)
      and (%(subject)s::text is null or s.subject = %(subject)s)
      and (%(session)s::text is null or s.session = %(session)s
           or (s.session is null and %(subject)s::text is not null))
    returning l.login_id
)
select (select count(*) from used), (select count(*) from ended)
"""
