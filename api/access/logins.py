"""Logins kept on the server, of staff and of parents' devices: begun, recognised, revoked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from api.access.policy import Grant, Principal, PrincipalKind
from api.access.web_tables import WebTables

STAFF_IDLE: Final = timedelta(minutes=30)
STAFF_LIFE: Final = timedelta(hours=12)
# Schools meet twice a term: a phone is known through a year of quiet, as long as browsers keep a
# cookie, and its life begins anew with each use.
DEVICE_IDLE: Final = timedelta(days=400)
SEEN_EVERY: Final = timedelta(minutes=1)  # a page view seldom costs a write
TOKEN_BYTES: Final = 32
MOST_LABEL_CHARACTERS: Final = 80
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

GrantsOf = Callable[[UUID], tuple[Grant, ...]]
SurvivorOf = Callable[[UUID], UUID]


@dataclass(frozen=True, slots=True)
class NewLogin:
    """The only time the token is seen: it goes into the cookie, its hash into the table."""

    login_id: UUID
    token: str
    life: timedelta


@dataclass(frozen=True, slots=True)
class Login:
    """A login as its owner may see it in a list."""

    login_id: UUID
    kind: PrincipalKind
    confirmed: bool
    label: str
    began_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    confirmed_at: datetime  # of one that is not confirmed: its beginning


@dataclass(frozen=True, slots=True)
class Logins:
    """All logins of the installation.

    `grants_of` answers what the ledger granted a person, `survivor_of` which record speaks for a
    learner now: the phones of a record that was merged open the one it was merged into.
    """

    tables: WebTables
    grants_of: GrantsOf
    survivor_of: SurvivorOf

    def begin_staff(
        self, staff_id: UUID, at: datetime, *, label: str = "", replacing: str | None = None
    ) -> NewLogin:
        """Begin after a successful sign-in; the login the browser came with ends (no fixation)."""
        is_granted = self._holds_any(self.grants_of(staff_id), at)
        kind = PrincipalKind.STAFF
        return self._begin(kind, staff_id, at, label, replacing, confirmed=is_granted)

    def begin_device(
        self,
        learner_id: UUID,
        at: datetime,
        *,
        confirmed: bool,
        label: str = "",
        replacing: str | None = None,
        login_id: UUID | None = None,
    ) -> NewLogin:
        """Bind a parent's device; unconfirmed where it enrolled itself without a school's code.

        With the `login_id` of an earlier one, that one's token is worth nothing from now on.
        """
        return self._begin(
            PrincipalKind.DEVICE,
            learner_id,
            at,
            label,
            replacing,
            confirmed=confirmed,
            login_id=login_id,
        )

    def who(self, token: str | None, at: datetime) -> Principal | None:
        """Recognise the bearer of a token, and note that they were here; None where it is dead.

        A login of staff ends with the last of their grants. Whoever had none when it began comes
        for their own hours alone: it is marked as not confirmed, and goes on.
        """
        if token is None or not _TOKEN.fullmatch(token):
            return None
        row = self.tables.row(_WHO, {"hash": _hash(token), "at": at})
        if row is None:
            return None
        login_id, kind, person_id, confirmed, last_seen_at = row
        if last_seen_at + SEEN_EVERY <= at:
            self.tables.change(_SEEN, {"login": login_id, "at": at})
        if kind == PrincipalKind.DEVICE:
            learner_id = self.survivor_of(person_id)
            return Principal(
                PrincipalKind.DEVICE, learner_id, learner_id=learner_id, confirmed=confirmed
            )
        grants = self.grants_of(person_id)
        if confirmed and not self._holds_any(grants, at):
            self.revoke_all(person_id)
            return None
        return Principal(PrincipalKind.STAFF, person_id, grants, confirmed=True)

    def whose(self, token: str) -> UUID | None:
        """Whose login a token was, also for a day after it ended; it opens nothing."""
        if not _TOKEN.fullmatch(token):
            return None
        row = self.tables.row(_WHOSE, {"hash": _hash(token)})
        if row is None:
            return None
        return self.survivor_of(row[1]) if row[0] == PrincipalKind.DEVICE else row[1]

    def of_person(self, person_id: UUID, at: datetime) -> list[Login]:
        """List the living logins of a person, the latest seen first."""
        rows = self.tables.rows(_OF_PERSON, {"person": person_id, "at": at})
        return [Login(row[0], PrincipalKind(row[1]), *row[2:]) for row in rows]

    def login_of(self, token: str | None) -> UUID | None:
        """Which login a token belongs to, to tell the own one from others in a list."""
        if token is None or not _TOKEN.fullmatch(token):
            return None
        row = self.tables.row(_LOGIN_OF, {"hash": _hash(token)})
        return row[0] if row else None

    def confirm(self, learner_id: UUID, at: datetime) -> int:
        """Vouch for the devices that enrolled themselves for a learner; say how many."""
        return self.tables.change(_CONFIRM, {"person": learner_id, "at": at})

    def end(self, token: str | None) -> bool:
        """Log out: the token is worth nothing from now on."""
        if token is None or not _TOKEN.fullmatch(token):
            return False
        return self.tables.change(_END, {"hash": _hash(token)}) > 0

    def revoke(self, login_id: UUID, person_id: UUID) -> bool:
        """End one login of that person, from the list; nobody ends another person's."""
        return self.tables.change(_REVOKE, {"login": login_id, "person": person_id}) > 0

    def revoke_all(self, person_id: UUID, *, but: UUID | None = None) -> int:
        """End every login of a person, as when a grant ends or a password changed; say how many."""
        return self.tables.change(_REVOKE_ALL, {"person": person_id, "but": but})

    @staticmethod
    def _holds_any(grants: Iterable[Grant], at: datetime) -> bool:
        return any(grant.holds(at) for grant in grants)

    def _begin(
        self,
        kind: PrincipalKind,
        person_id: UUID,
        at: datetime,
        label: str,
        replacing: str | None,
        *,
        confirmed: bool,
        login_id: UUID | None = None,
    ) -> NewLogin:
        self.end(replacing)
        idle, life = _limits(kind)
        new = NewLogin(login_id or uuid4(), secrets.token_urlsafe(TOKEN_BYTES), life)
        values = {
            "login": new.login_id,
            "hash": _hash(new.token),
            "kind": kind.value,
            "person": person_id,
            "confirmed": confirmed,
            "label": _printable(label),
            "at": at,
            "idle": idle,
            "ends": at + life,
        }
        self.tables.change(_BEGIN, values)
        return new


def _limits(kind: PrincipalKind) -> tuple[timedelta, timedelta]:
    if kind is PrincipalKind.STAFF:
        return STAFF_IDLE, STAFF_LIFE
    return DEVICE_IDLE, DEVICE_IDLE


def _hash(token: str) -> bytes:
    # 256 random bits need no salt and no slow hash.
    return sha256(token.encode("ascii")).digest()


def _printable(label: str) -> str:
    return "".join(character for character in label if character.isprintable())[
        :MOST_LABEL_CHARACTERS
    ]


_BEGIN = """
insert into {web}.login (login_id, token_hash, kind, person_id, confirmed, label,
                         began_at, last_seen_at, idle_limit, ends_at, confirmed_at)
values (%(login)s, %(hash)s, %(kind)s, %(person)s, %(confirmed)s, %(label)s,
        %(at)s, %(at)s, %(idle)s, %(ends)s, case when %(confirmed)s then %(at)s end)
on conflict (login_id) do update set
    (token_hash, kind, person_id, confirmed, label, began_at, last_seen_at, idle_limit, ends_at,
     confirmed_at)
  = (excluded.token_hash, excluded.kind, excluded.person_id, excluded.confirmed, excluded.label,
     excluded.began_at, excluded.last_seen_at, excluded.idle_limit, excluded.ends_at,
     excluded.confirmed_at)
"""
_WHO = """
select login_id, kind, person_id, confirmed, last_seen_at from {web}.login
where token_hash = %(hash)s and %(at)s < ends_at and %(at)s < last_seen_at + idle_limit
"""
_WHOSE = "select kind, person_id from {web}.login where token_hash = %(hash)s"
_LOGIN_OF = "select login_id from {web}.login where token_hash = %(hash)s"
_SEEN = """
update {web}.login set last_seen_at = greatest(last_seen_at, %(at)s),
    ends_at = case when kind = 'device' then greatest(ends_at, %(at)s + idle_limit) else ends_at end
where login_id = %(login)s
"""
_OF_PERSON = """
select login_id, kind, confirmed, label, began_at, last_seen_at, ends_at,
       coalesce(confirmed_at, began_at)
from {web}.login
where person_id = %(person)s and %(at)s < ends_at and %(at)s < last_seen_at + idle_limit
order by last_seen_at desc, login_id
"""
_CONFIRM = """
update {web}.login set confirmed = true, confirmed_at = %(at)s
where person_id = %(person)s and kind = 'device' and not confirmed
"""
_END = "delete from {web}.login where token_hash = %(hash)s"
_REVOKE = "delete from {web}.login where login_id = %(login)s and person_id = %(person)s"
_REVOKE_ALL = """
delete from {web}.login
where person_id = %(person)s and (%(but)s::uuid is null or login_id <> %(but)s)
"""
