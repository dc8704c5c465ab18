"""Accounts of staff: user name, password, one-time code. Roles are grants, kept by the ledger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation

from api.access import totp
from api.access.passwords import Passwords
from api.access.web_tables import WebTables
from domain.refusals import Refused

_USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)


class LoginFailed(Refused):
    """User name, password or one-time code is wrong: one answer for all, it tells nobody which."""

    code = "login_failed"


class PasswordWrong(Refused):
    """The password of whoever is signed in is another one."""

    code = "password_wrong"


class UserNameMalformed(Refused):
    """Not 3 to 64 of: ASCII letters, digits, dot, hyphen, underscore."""

    code = "user_name_malformed"


class UserNameTaken(Refused):
    """Another account has that user name, or this person has an account already."""

    code = "user_name_taken"


class UnknownAccount(Refused):
    code = "unknown_account"


@dataclass(frozen=True, slots=True)
class _Account:
    staff_id: UUID
    user_name: str
    password_hash: str
    totp_secret: bytes
    totp_last_step: int


@dataclass(frozen=True, slots=True)
class StaffAccounts:
    """Open accounts and sign in. `totp_key` is 32 bytes."""

    tables: WebTables
    passwords: Passwords
    totp_key: bytes

    def reserve(self, user_name: str, at: datetime, staff_id: UUID | None = None) -> UUID:
        """Keep a user name for a person, and return whose it is; it signs nobody in yet.

        It is theirs who had it before, or a new person's, or, where `staff_id` says who they are,
        theirs and no other's. Refuses UserNameMalformed, UserNameTaken.
        """
        name = _well_formed(user_name)
        row = self.tables.row(_WHOSE, {"name": name})
        owner = staff_id or (row[0] if row else uuid4())
        try:
            is_kept = self.tables.change(_RESERVE, {"staff": owner, "name": name, "at": at}) > 0
        except UniqueViolation as error:
            raise UserNameTaken from error
        if not is_kept:
            raise UserNameTaken
        return owner

    def never_opened(self, before: datetime) -> list[UUID]:
        """For whom a user name was kept before a moment, and who has had no account since."""
        return [staff_id for (staff_id,) in self.tables.rows(_NEVER_OPENED, {"before": before})]

    def open_account(
        self,
        staff_id: UUID,
        user_name: str,
        password: str,
        at: datetime,
        totp_secret: str | None = None,
    ) -> str:
        """Open an account, also one that was closed, and return its TOTP secret, once.

        Only the secret's sealed form is kept. Refuses what passwords and user names refuse.
        """
        name = _well_formed(user_name)
        secret = totp_secret or totp.new_secret()
        values = {
            "staff": staff_id,
            "hash": self.passwords.hash(password, name),
            "secret": totp.seal_secret(secret, self.totp_key, staff_id),
            "at": at,
        }
        self.reserve(name, at, staff_id)
        if not self.tables.change(_OPEN, values):
            raise UserNameTaken
        return secret

    def sign_in(self, user_name: str, password: str, code: str, at: datetime) -> UUID:
        """Return whose account it is. Refuses LoginFailed. The caller counts the tries."""
        account = self._named(user_name)
        verified = self.passwords.verify(account.password_hash if account else None, password)
        # A one-time code is spent only by somebody who knows the password.
        if account is None or not verified.fits or not self._spend(account, code, at):
            raise LoginFailed
        if verified.renewed is not None:
            self._replace_hash(account, verified.renewed)
        return account.staff_id

    def change_password(self, staff_id: UUID, old: str, new: str) -> None:
        """Refuses PasswordWrong where the old one is wrong. End the other logins afterwards."""
        account = self._of(staff_id)
        fits = self.passwords.verify(account.password_hash, old).fits
        if not fits or not self._replace_hash(account, self.passwords.hash(new, account.user_name)):
            raise PasswordWrong

    def reset(self, staff_id: UUID, password: str) -> str:
        """Set a new password and a new TOTP secret, which is returned, after loss of either."""
        account = self._of(staff_id)
        secret = totp.new_secret()
        values = {
            "staff": staff_id,
            "hash": self.passwords.hash(password, account.user_name),
            "secret": totp.seal_secret(secret, self.totp_key, staff_id),
        }
        self.tables.change(_RESET, values)
        return secret

    def close_account(self, staff_id: UUID, at: datetime) -> bool:
        """Forget all that signs in; the name stays theirs. `Logins.revoke_all` ends the logins."""
        return self.tables.change(_CLOSE, {"staff": staff_id, "at": at}) > 0

    def owner_of(self, user_name: str) -> UUID:
        """Return whose account it is, to whoever may name them. Raises UnknownAccount."""
        account = self._named(user_name)
        if account is None:
            raise UnknownAccount
        return account.staff_id

    def _spend(self, account: _Account, code: str, at: datetime) -> bool:
        secret = totp.open_secret(account.totp_secret, self.totp_key, account.staff_id)
        step = totp.accepted_step(secret, code, at, account.totp_last_step)
        if step is None:
            return False
        # Two logins with one code at the same moment: the row lets exactly one of them through.
        return self.tables.change(_SPEND, {"staff": account.staff_id, "step": step}) > 0

    def _replace_hash(self, account: _Account, fresh: str) -> bool:
        # Who was given a new password meanwhile keeps it: the one that was verified is no more.
        values = {"staff": account.staff_id, "was": account.password_hash, "hash": fresh}
        return self.tables.change(_REPLACE_HASH, values) > 0

    def user_names(self, staff_ids: Collection[UUID]) -> dict[UUID, str]:
        """By what names colleagues sign in; who has no account is left out."""
        return dict(self.tables.rows(_USER_NAMES, {"staff": list(staff_ids)}))

    def _named(self, user_name: str) -> _Account | None:
        name = normal_user_name(user_name)
        if not _USER_NAME.fullmatch(name):
            return None
        row = self.tables.row(_NAMED, {"name": name})
        return _Account(*row) if row else None

    def _of(self, staff_id: UUID) -> _Account:
        row = self.tables.row(_OF, {"staff": staff_id})
        if row is None:
            raise UnknownAccount
        return _Account(*row)


def normal_user_name(typed: str) -> str:
    """Give the one form of a name, however it was typed: accounts and tries are kept under it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def _well_formed(typed: str) -> str:
    name = normal_user_name(typed)
    if not _USER_NAME.fullmatch(name):
        raise UserNameMalformed
    return name


_WHOSE = "select staff_id from {web}.staff_account where user_name = %(name)s"
_RESERVE = """
insert into {web}.staff_account as kept
       (staff_id, user_name, password_hash, totp_secret, opened_at, closed_at)
values (%(staff)s, %(name)s, '', '', %(at)s, %(at)s)
on conflict (staff_id) do update set user_name = excluded.user_name where kept.closed_at is not null
"""
_NEVER_OPENED = """
select staff_id from {web}.staff_account where closed_at = opened_at and closed_at < %(before)s
"""
_OPEN = """
update {web}.staff_account
set password_hash = %(hash)s, totp_secret = %(secret)s, totp_last_step = 0,
    opened_at = %(at)s, closed_at = null
where staff_id = %(staff)s and closed_at is not null
"""
_NAMED = """
select staff_id, user_name, password_hash, totp_secret, totp_last_step
from {web}.staff_account where user_name = %(name)s and closed_at is null
"""
_OF = """
select staff_id, user_name, password_hash, totp_secret, totp_last_step
from {web}.staff_account where staff_id = %(staff)s and closed_at is null
"""
_SPEND = """
update {web}.staff_account set totp_last_step = %(step)s
where staff_id = %(staff)s and totp_last_step < %(step)s and closed_at is null
"""
_REPLACE_HASH = """
update {web}.staff_account set password_hash = %(hash)s
where staff_id = %(staff)s and password_hash = %(was)s and closed_at is null
"""
_RESET = """
update {web}.staff_account
set password_hash = %(hash)s, totp_secret = %(secret)s, totp_last_step = 0
where staff_id = %(staff)s and closed_at is null
"""
_CLOSE = """
with unlinked as (delete from {web}.staff_subject where staff_id = %(staff)s)
update {web}.staff_account set password_hash = '', totp_secret = '', closed_at = %(at)s
where staff_id = %(staff)s and closed_at is null
"""
_USER_NAMES = """
select staff_id, user_name from {web}.staff_account
where staff_id = any(%(staff)s) and closed_at is null
"""
