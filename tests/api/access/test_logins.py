"""Logins: limits of time, rotation, revoking, and tokens that are nowhere stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from api.access.logins import (
    DEVICE_IDLE,
    MOST_LABEL_CHARACTERS,
    STAFF_IDLE,
    STAFF_LIFE,
    Logins,
    NewLogin,
)
from api.access.policy import Grant, PrincipalKind
from api.access.web_tables import LOGIN_IS_REMEMBERED, WebTables
from domain.envelope import Role

CHEN = UUID("6a1f0a52-0000-4000-8000-000000000001")
LIN = UUID("6a1f0a52-0000-4000-8000-000000000002")
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def grants(at: datetime) -> tuple[Grant, ...]:
    return (Grant(Role.COORDINATOR, "4401040001", at, at + timedelta(days=365)),)


@pytest.fixture
def logins(tables: WebTables, grants: tuple[Grant, ...]) -> Logins:
    return Logins(tables, {CHEN: grants}.__getitem__, lambda learner: learner)


def test_a_login_of_staff_brings_the_grants_of_the_ledger(
    logins: Logins, grants: tuple[Grant, ...], at: datetime
) -> None:
    principal = logins.who(logins.begin_staff(CHEN, at).token, at)
    assert principal is not None
    assert principal.kind is PrincipalKind.STAFF
    assert principal.person_id == CHEN
    assert principal.grants == grants
    assert principal.learner_id is None


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_device_is_bound_to_one_learner(logins: Logins, at: datetime, confirmed: bool) -> None:
    principal = logins.who(logins.begin_device(LIN, at, confirmed=confirmed).token, at)
    assert principal is not None
    assert principal.kind is PrincipalKind.DEVICE
    assert principal.learner_id == LIN
    assert principal.grants == ()
    assert principal.confirmed is confirmed


def test_the_token_has_256_bits_and_only_its_hash_is_stored(
    logins: Logins, tables: WebTables, at: datetime
) -> None:
    token = logins.begin_staff(CHEN, at).token
    assert len(token) == 43
    rows = tables.rows("select * from {web}.login", {})
    assert sha256(token.encode()).digest() in rows[0]
    assert token not in str(rows)


def test_a_token_nobody_was_given_is_nobody(logins: Logins, at: datetime) -> None:
    logins.begin_staff(CHEN, at)
    hostile = ("é" * 43, "\x00" * 43, "a" * 42 + "\n", "٣" * 43, "\ud800" * 43, "a" * 10**6)
    for token in (None, "", "x", "a" * 43, "a" * 44, *hostile):
        assert logins.who(token, at) is None
        assert not logins.end(token)


def begin(logins: Logins, kind: PrincipalKind, at: datetime) -> NewLogin:
    if kind is PrincipalKind.STAFF:
        return logins.begin_staff(CHEN, at)
    return logins.begin_device(LIN, at, confirmed=True)


@pytest.mark.parametrize(
    ("kind", "idle"), [(PrincipalKind.STAFF, STAFF_IDLE), (PrincipalKind.DEVICE, DEVICE_IDLE)]
)
def test_a_login_ends_when_nobody_came_for_so_long(
    logins: Logins, at: datetime, kind: PrincipalKind, idle: timedelta
) -> None:
    token = begin(logins, kind, at).token
    assert logins.who(token, at + idle) is None
    assert logins.who(token, at + idle - MICROSECOND) is not None
    assert logins.who(token, at + idle) is not None  # the visit before counts


def test_a_login_of_staff_in_steady_use_ends_all_the_same(logins: Logins, at: datetime) -> None:
    new = begin(logins, PrincipalKind.STAFF, at)
    assert new.life == STAFF_LIFE
    moment = at
    while moment + STAFF_IDLE / 2 < at + STAFF_LIFE:
        moment += STAFF_IDLE / 2
        assert logins.who(new.token, moment) is not None
    assert logins.who(new.token, at + STAFF_LIFE - MICROSECOND) is not None
    assert logins.who(new.token, at + STAFF_LIFE) is None


def test_a_parents_phone_stays_known_while_it_comes_once_a_school_year(
    logins: Logins, tables: WebTables, at: datetime
) -> None:
    new = begin(logins, PrincipalKind.DEVICE, at)
    assert new.life == DEVICE_IDLE
    for year in range(1, 4):
        assert logins.who(new.token, at + year * timedelta(days=366)) is not None
        tables.forget_what_ended(at + year * timedelta(days=366))


def test_a_visit_within_a_minute_writes_nothing_and_a_clock_that_steps_back_takes_nothing(
    logins: Logins, at: datetime
) -> None:
    token = logins.begin_staff(CHEN, at).token
    logins.who(token, at + timedelta(seconds=59))
    assert logins.of_person(CHEN, at)[0].last_seen_at == at
    logins.who(token, at + timedelta(minutes=5))
    logins.who(token, at + timedelta(minutes=1))
    assert logins.of_person(CHEN, at)[0].last_seen_at == at + timedelta(minutes=5)


def test_signing_in_ends_the_login_the_browser_came_with(logins: Logins, at: datetime) -> None:
    first = logins.begin_staff(CHEN, at).token
    second = logins.begin_staff(CHEN, at, replacing=first).token
    assert second != first
    assert logins.who(first, at) is None
    assert logins.who(second, at) is not None


def test_a_token_that_was_planted_is_not_taken_over(logins: Logins, at: datetime) -> None:
    planted = "A" * 43
    new = logins.begin_staff(CHEN, at, replacing=planted)
    assert new.token != planted
    assert logins.who(planted, at) is None


def test_logging_out_ends_one_login(logins: Logins, at: datetime) -> None:
    first, second = logins.begin_staff(CHEN, at), logins.begin_staff(CHEN, at)
    assert logins.end(first.token)
    assert not logins.end(first.token)
    assert logins.who(first.token, at) is None
    assert logins.who(second.token, at) is not None


def test_a_person_sees_their_own_living_logins(logins: Logins, at: datetime) -> None:
    logins.begin_device(LIN, at - DEVICE_IDLE, confirmed=True, label="old")
    first = logins.begin_device(LIN, at, confirmed=True, label="WeChat · Android")
    second = logins.begin_device(LIN, at + MICROSECOND, confirmed=False)
    logins.begin_staff(CHEN, at)
    listed = logins.of_person(LIN, at + MICROSECOND)
    assert [login.login_id for login in listed] == [second.login_id, first.login_id]
    assert [login.confirmed for login in listed] == [False, True]
    assert listed[1].label == "WeChat · Android"


def test_nobody_ends_the_login_of_another(logins: Logins, at: datetime) -> None:
    new = logins.begin_device(LIN, at, confirmed=True)
    assert not logins.revoke(new.login_id, CHEN)
    assert logins.who(new.token, at) is not None
    assert logins.revoke(new.login_id, LIN)
    assert logins.who(new.token, at) is None


def test_all_logins_of_a_person_end_together(logins: Logins, at: datetime) -> None:
    mine = [logins.begin_staff(CHEN, at) for _ in range(3)]
    other = logins.begin_device(LIN, at, confirmed=True)
    assert logins.revoke_all(CHEN, but=mine[0].login_id) == 2
    assert logins.who(mine[0].token, at) is not None
    assert logins.revoke_all(CHEN) == 1
    assert all(logins.who(login.token, at) is None for login in mine)
    assert logins.who(other.token, at) is not None


def test_a_device_is_confirmed_for_its_learner_only(logins: Logins, at: datetime) -> None:
    own = logins.begin_device(LIN, at, confirmed=False)
    other = logins.begin_device(CHEN, at, confirmed=False)
    later = at + timedelta(days=1)
    assert logins.confirm(LIN, later) == 1
    assert logins.confirm(LIN, later) == 0
    assert [each.confirmed_at for each in logins.of_person(LIN, later)] == [later]
    found = [logins.who(login.token, at) for login in (own, other)]
    assert [principal.confirmed for principal in found if principal] == [True, False]


def test_a_hostile_label_is_cut_down(logins: Logins, at: datetime) -> None:
    for label in ("a\x00b", "\ud800", "x" * 10_000, "line\nline"):
        logins.begin_device(LIN, at, confirmed=True, label=label)
    shown = [login.label for login in logins.of_person(LIN, at)]
    assert sorted(shown) == ["", "ab", "lineline", "x" * MOST_LABEL_CHARACTERS]


def test_what_ended_is_forgotten_and_nothing_else(
    logins: Logins, tables: WebTables, at: datetime
) -> None:
    dead = logins.begin_staff(CHEN, at - STAFF_IDLE - LOGIN_IS_REMEMBERED)
    ended = logins.begin_staff(CHEN, at - STAFF_IDLE - LOGIN_IS_REMEMBERED + MICROSECOND)
    alive = logins.begin_staff(CHEN, at - STAFF_IDLE + MICROSECOND)
    assert tables.forget_what_ended(at) == 1
    assert tables.forget_what_ended(at) == 0
    assert logins.whose(dead.token) is None
    assert logins.who(ended.token, at) is None
    assert logins.whose(ended.token) == CHEN
    assert logins.who(alive.token, at) is not None


def test_a_login_with_the_id_of_an_earlier_one_begins_anew(logins: Logins, at: datetime) -> None:
    later = at + timedelta(minutes=5)
    first = logins.begin_device(LIN, at, confirmed=True)
    second = logins.begin_device(LIN, later, confirmed=True, login_id=first.login_id)

    assert logins.who(first.token, later) is None
    assert logins.who(second.token, later) is not None
    [login] = logins.of_person(LIN, later)
    assert (login.login_id, login.began_at) == (first.login_id, later)
