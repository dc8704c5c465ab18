"""Share links: a certificate shown to whoever holds the link, until it ends or is closed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from api.access.web_tables import WebTables
from domain.refusals import Refused

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 180
_TOKEN_BYTES: Final = 24


class ShareLinkEnded(Refused):
    """The link ended, was closed, or never was: one answer for all."""

    code = "share_link_ended"


class ShareDaysOutOfRange(Refused):
    """A link lives from 1 to 180 days."""

    code = "share_days_out_of_range"


@dataclass(frozen=True)
class NewShareLink:
    """A link just opened. The token is shown once."""

    link_id: UUID
    token: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True)
class ShareLink:
    link_id: UUID
    certificate_id: UUID
    opened_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ShareLinks:
    tables: WebTables

    def open(
        self, certificate_id: UUID, by: UUID, at: datetime, days: int = USUAL_DAYS
    ) -> NewShareLink:
        """Refuses ShareDaysOutOfRange."""
        if not 1 <= days <= MOST_DAYS:
            raise ShareDaysOutOfRange(most=MOST_DAYS)
        link = NewShareLink(uuid4(), secrets.token_urlsafe(_TOKEN_BYTES), at + timedelta(days=days))
        values = {"link": link.link_id, "hash": _hash(link.token), "certificate": certificate_id}
        self.tables.change(_OPEN, values | {"by": by, "at": at, "ends": link.ends_at})
        return link

    def certificate_of(self, token: str, at: datetime) -> UUID:
        """Refuses ShareLinkEnded."""
        row = self.tables.row(_FIND, {"hash": _hash(token), "at": at})
        if row is None:
            raise ShareLinkEnded
        found: UUID = row[0]
        return found

    def of(self, certificate_id: UUID, at: datetime) -> list[ShareLink]:
        """The links that are open now, the newest first."""
        rows = self.tables.rows(_OF, {"certificate": certificate_id, "at": at})
        return [ShareLink(*row) for row in rows]

    def close(self, link_id: UUID, certificate_id: UUID, at: datetime) -> bool:
        """Whether an open link of this certificate was closed."""
        values = {"link": link_id, "certificate": certificate_id, "at": at}
        return self.tables.change(_CLOSE, values) > 0

    def forget_what_ended(self, at: datetime) -> int:
        """Remove the links that nobody can use any more; return how many."""
        return self.tables.change(_FORGET, {"at": at})


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


_FORGET = """
delete from {web}.share_link where ends_at <= %(at)s or closed_at is not null
"""
_OPEN = """
insert into {web}.share_link (link_id, token_hash, certificate_id, opened_by, opened_at, ends_at)
values (%(link)s, %(hash)s, %(certificate)s, %(by)s, %(at)s, %(ends)s)
"""
_FIND = """
select certificate_id from {web}.share_link
where token_hash = %(hash)s and closed_at is null and ends_at > %(at)s
"""
_OF = """
select link_id, certificate_id, opened_at, ends_at from {web}.share_link
where certificate_id = %(certificate)s and closed_at is null and ends_at > %(at)s
order by opened_at desc, link_id
"""
_CLOSE = """
update {web}.share_link set closed_at = %(at)s
where link_id = %(link)s and certificate_id = %(certificate)s
    and closed_at is null and ends_at > %(at)s
"""
