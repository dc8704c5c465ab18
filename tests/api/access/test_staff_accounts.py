"""Accounts of staff: one answer for every failure, and a one-time code that is used once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from api.access import totp
from api.access.passwords import PasswordObvious, Passwords
from api.access.staff_accounts import (
    LoginFailed,
    PasswordWrong,
    StaffAccounts,
    UnknownAccount,
    UserNameMalformed,
    UserNameTaken,
)
from api.access.web_tables import WebTables
from tests.conftest import CHEAP

CHEN = UUID("6a1f0a52-0000-4000-8000-000000000001")
PASSWORD = "lychee bay 27"
KEY = bytes(range(32))
AtOnce = Callable[[int, Callable[[], object]], list[object]]


@pytest.fixture
def accounts(tables: WebTables, passwords: Passwords) -> StaffAccounts:
    return StaffAccounts(tables, passwords, KEY)


@pytest.fixture
def secret(accounts: StaffAccounts, at: datetime) -> str:
    return accounts.open_account(CHEN, "chen.dev", PASSWORD, at)


def test_name_password_and_code_together_sign_in(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    assert accounts.sign_in(" Chen.Dev ", PASSWORD, totp.code_of(secret, at), at) == CHEN


def test_what_a_chinese_keyboard_types_in_full_width_is_the_same(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in totp.code_of(secret, at))
    assert accounts.sign_in("　ｃhen．Ｄev", PASSWORD, wide, at) == CHEN


def test_a_secret_may_be_given(accounts: StaffAccounts, at: datetime) -> None:
    given = totp.new_secret()
    assert accounts.open_account(CHEN, "chen.dev", PASSWORD, at, given) == given
    assert accounts.sign_in("chen.dev", PASSWORD, totp.code_of(given, at), at) == CHEN


def test_every_failure_gets_the_same_answer(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    code = totp.code_of(secret, at)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = set()
    for name, password, typed in (
        ("nobody", PASSWORD, code),
        ("chen.dev", "another one", code),
        ("chen.dev", PASSWORD, wrong),
        ("chen.dev", PASSWORD, ""),
        ("", "", ""),
        ("chen.dev\x00", PASSWORD, code),
        ("c" * 100_000, PASSWORD, code),
        ("\ud800", "\ud800", "\ud800"),
    ):
        with pytest.raises(LoginFailed) as refused:
            accounts.sign_in(name, password, typed, at)
        answers.add(str(refused.value))
    assert len(answers) == 1


def test_a_code_is_used_once(accounts: StaffAccounts, secret: str, at: datetime) -> None:
    code = totp.code_of(secret, at)
    accounts.sign_in("chen.dev", PASSWORD, code, at)
    with pytest.raises(LoginFailed):
        accounts.sign_in("chen.dev", PASSWORD, code, at + timedelta(seconds=5))
    later = at + timedelta(seconds=30)
    assert accounts.sign_in("chen.dev", PASSWORD, totp.code_of(secret, later), later) == CHEN


def test_a_wrong_password_does_not_use_the_code_up(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    code = totp.code_of(secret, at)
    with pytest.raises(LoginFailed):
        accounts.sign_in("chen.dev", "another one", code, at)
    assert accounts.sign_in("chen.dev", PASSWORD, code, at) == CHEN


def test_of_many_logins_with_one_code_exactly_one_succeeds(
    accounts: StaffAccounts, secret: str, at: datetime, at_once: AtOnce
) -> None:
    code = totp.code_of(secret, at)
    results = at_once(12, lambda: accounts.sign_in("chen.dev", PASSWORD, code, at))
    assert results.count(CHEN) == 1
    assert sum(isinstance(result, LoginFailed) for result in results) == 11


def test_a_malformed_user_name_is_refused(accounts: StaffAccounts, at: datetime) -> None:
    hostile = ("abc\x00", "a" * 65, "abc'--", "ab٣", "\ud800abc")
    for name in ("", "ab", "-abc", ".abc", "陈老师", "a b c", *hostile):
        with pytest.raises(UserNameMalformed):
            accounts.open_account(CHEN, name, PASSWORD, at)


def test_a_user_name_and_a_person_have_one_account(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    with pytest.raises(UserNameTaken):
        accounts.open_account(uuid4(), "CHEN.dev", PASSWORD, at)
    with pytest.raises(UserNameTaken):
        accounts.open_account(CHEN, "chen.two", PASSWORD, at)


def test_the_user_name_is_no_password(accounts: StaffAccounts, at: datetime) -> None:
    with pytest.raises(PasswordObvious):
        accounts.open_account(CHEN, "chen.xiaoming", "Chen.Xiaoming", at)


def test_the_secret_is_not_in_the_table(
    accounts: StaffAccounts, secret: str, tables: WebTables
) -> None:
    row = tables.row("select totp_secret, password_hash from {web}.staff_account", {})
    assert row is not None
    assert secret.encode() not in row[0]
    assert row[1].startswith("$argon2id$")


def test_a_changed_password_replaces_the_old_one(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    with pytest.raises(PasswordWrong):
        accounts.change_password(CHEN, "another one", "dragon boat 31")
    accounts.change_password(CHEN, PASSWORD, "dragon boat 31")
    code = totp.code_of(secret, at)
    with pytest.raises(LoginFailed):
        accounts.sign_in("chen.dev", PASSWORD, code, at)
    assert accounts.sign_in("chen.dev", "dragon boat 31", code, at) == CHEN


def test_who_was_given_a_new_password_meanwhile_keeps_it(
    accounts: StaffAccounts, secret: str, tables: WebTables, at: datetime
) -> None:
    class Slow(Passwords):
        def hash(self, password: str, user_name: str) -> str:
            accounts.reset(CHEN, "kapok flower 28")
            return super().hash(password, user_name)

    with pytest.raises(PasswordWrong):
        StaffAccounts(tables, Slow(CHEAP), KEY).change_password(CHEN, PASSWORD, "dragon boat 31")
    with pytest.raises(LoginFailed):
        accounts.sign_in("chen.dev", "dragon boat 31", totp.code_of(secret, at), at)


def test_a_reset_makes_a_new_secret(accounts: StaffAccounts, secret: str, at: datetime) -> None:
    fresh = accounts.reset(CHEN, "dragon boat 31")
    assert fresh != secret
    assert accounts.sign_in("chen.dev", "dragon boat 31", totp.code_of(fresh, at), at) == CHEN


def test_a_closed_account_signs_in_no_more(
    accounts: StaffAccounts, secret: str, at: datetime
) -> None:
    assert accounts.close_account(CHEN, at)
    assert not accounts.close_account(CHEN, at)
    with pytest.raises(LoginFailed):
        accounts.sign_in("chen.dev", PASSWORD, totp.code_of(secret, at), at)
    with pytest.raises(UnknownAccount):
        accounts.change_password(CHEN, PASSWORD, "dragon boat 31")
    with pytest.raises(UnknownAccount):
        accounts.reset(CHEN, "dragon boat 31")


def test_a_closed_account_keeps_its_name_and_nothing_to_sign_in_with(
    accounts: StaffAccounts, secret: str, tables: WebTables, at: datetime
) -> None:
    accounts.close_account(CHEN, at)
    row = tables.row("select password_hash, totp_secret from {web}.staff_account", {})
    assert row == ("", b"")
    with pytest.raises(UserNameTaken):
        accounts.open_account(uuid4(), "chen.dev", PASSWORD, at)
    assert accounts.user_names([CHEN]) == {}

    fresh = accounts.open_account(CHEN, "chen.dev", "dragon boat 31", at)

    assert accounts.sign_in("chen.dev", "dragon boat 31", totp.code_of(fresh, at), at) == CHEN


def test_of_many_who_reserve_a_name_for_new_persons_one_gets_it(
    accounts: StaffAccounts, at: datetime, at_once: AtOnce
) -> None:
    results = at_once(8, lambda: accounts.reserve("chen.dev", at))
    owners = {each for each in results if isinstance(each, UUID)}
    assert len(owners) == 1
    assert all(isinstance(each, UUID | UserNameTaken) for each in results)


def test_signing_in_renews_a_hash_of_older_parameters(
    accounts: StaffAccounts, secret: str, tables: WebTables, at: datetime
) -> None:
    newer = StaffAccounts(tables, Passwords(replace(CHEAP, time_cost=2)), KEY)
    newer.sign_in("chen.dev", PASSWORD, totp.code_of(secret, at), at)
    row = tables.row("select password_hash from {web}.staff_account", {})
    assert row is not None
    assert "t=2" in row[0]
    later = at + timedelta(minutes=1)
    assert newer.sign_in("chen.dev", PASSWORD, totp.code_of(secret, later), later) == CHEN
