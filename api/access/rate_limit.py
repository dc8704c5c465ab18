"""How often somebody may try: counters in PostgreSQL, shared by all processes, exact in races."""

from __future__ import annotations

import hmac
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from api.access.web_tables import WebTables
from domain.refusals import Refused

_ONE_HOME: Final = 64  # an IPv6 household or school has a whole /64


class TooManyTries(Refused):
    code = "too_many_tries"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries at once; used up, they come back one by one, all of them within `per`."""

    name: str
    tries: int
    per: timedelta

    @property
    def price(self) -> timedelta:
        return self.per // self.tries


# A whole school may stand behind one address: what is counted there is failures, and generously.
# Whoever knows a user name must not keep its owner out: the name alone has a bound for many places.
LOGIN_BY_NAME_THERE: Final = Limit("login_by_name_there", 10, timedelta(minutes=15))
LOGIN_BY_NAME: Final = Limit("login_by_name", 100, timedelta(minutes=15))
LOGIN_BY_ADDRESS: Final = Limit("login_by_address", 60, timedelta(minutes=15))
ENROLMENT_BY_ADDRESS: Final = Limit("enrolment_by_address", 60, timedelta(minutes=15))
LINK_BY_DEVICE: Final = Limit("link_by_device", 6, timedelta(hours=1))
LINK_BY_ADDRESS: Final = Limit("link_by_address", 600, timedelta(minutes=15))
LINK_BY_SCHOOL: Final = Limit("link_by_school", 400, timedelta(hours=1))  # without a ticket
CHECK_IN_CODE_BY_DEVICE: Final = Limit("check_in_code_by_device", 8, timedelta(minutes=2))
CHECK_IN_CODE_BY_SESSION: Final = Limit("check_in_code_by_session", 300, timedelta(minutes=2))
# Who asked for a link is nobody known yet: what they try must block no parent of the school.
LINK_CODE_BY_SESSION: Final = Limit("link_code_by_session", 60, timedelta(minutes=2))
CERTIFICATE_BY_ADDRESS: Final = Limit("certificate_by_address", 60, timedelta(minutes=10))
MACHINE_KEY_BY_ADDRESS: Final = Limit("machine_key_by_address", 60, timedelta(minutes=15))
DOOR_CODE_BY_ADDRESS: Final = Limit("door_code_by_address", 60, timedelta(minutes=15))
SIGN_ON_BY_ADDRESS: Final = Limit("sign_on_by_address", 300, timedelta(minutes=15))
BY_MACHINE: Final = Limit("by_machine", 1200, timedelta(minutes=1))  # of each, all its keys
TRANSFER_CLAIM_BY_SCHOOL: Final = Limit("transfer_claim_by_school", 10, timedelta(hours=1))
NAME_BY_CERTIFICATE: Final = Limit("name_by_certificate", 5, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Spend tries. Subjects (addresses, user names) are stored only as an HMAC under `key`."""

    tables: WebTables
    key: bytes

    def spend(self, limit: Limit, subject: str, at: datetime) -> None:
        """Take one try of this subject. Refuses TooManyTries; a refused try costs nothing more."""
        values = {"subject": self._stored(limit, subject), "at": at}
        values |= {"price": limit.price, "per": limit.per}
        if self.tables.row(_SPEND, values) is None:
            raise TooManyTries(self._retry_after(limit, values, at))

    def give_back(self, limit: Limit, subject: str) -> None:
        """Return the try that succeeded."""
        values = {"subject": self._stored(limit, subject), "price": limit.price}
        self.tables.change(_GIVE_BACK, values)

    @contextmanager
    def counting_failures(self, *limits: tuple[Limit, str], at: datetime) -> Generator[None]:
        """Spend a try of each before the block, and give it back when the block succeeded.

        Counting afterwards would let a burst of parallel guesses through.
        """
        for limit, subject in limits:
            self.spend(limit, subject, at)
        yield
        for limit, subject in limits:
            self.give_back(limit, subject)

    def _retry_after(self, limit: Limit, values: Mapping[str, object], at: datetime) -> int:
        row = self.tables.row(_FULL_AT, values)
        free_at: datetime = row[0] + limit.price - limit.per if row else at
        return max(1, ceil((free_at - at).total_seconds()))

    def _stored(self, limit: Limit, subject: str) -> bytes:
        text = f"tries/1|{limit.name}|{subject}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, text, "sha256")


def login_tries(address: str, user_name: str) -> tuple[tuple[Limit, str], ...]:
    """Give what a password that is typed for an account counts as, and for whom."""
    return (
        (LOGIN_BY_ADDRESS, address),
        (LOGIN_BY_NAME_THERE, f"{address}|{user_name}"),
        (LOGIN_BY_NAME, user_name),
    )


def address_subject(address: str) -> str:
    """Give what an address is counted as: IPv4 itself, IPv6 its /64; anything else together."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ip_network((int(ip), _ONE_HOME), strict=False))


# The generic cell rate algorithm: one moment per subject says how far ahead its tries are spent.
_SPEND = """
insert into {web}.tries as spent (subject_hmac, full_at)
values (%(subject)s, %(at)s::timestamptz + %(price)s)
on conflict (subject_hmac) do update
set full_at = greatest(spent.full_at, %(at)s) + %(price)s
where greatest(spent.full_at, %(at)s) + %(price)s <= %(at)s::timestamptz + %(per)s
returning full_at
"""
_GIVE_BACK = """
update {web}.tries set full_at = full_at - %(price)s where subject_hmac = %(subject)s
"""
_FULL_AT = "select full_at from {web}.tries where subject_hmac = %(subject)s"
