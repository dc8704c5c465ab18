"""Which passwords are taken, and that verifying tells nothing by its time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from argon2 import Parameters, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from api.access.passwords import (
    HASHES_AT_ONCE,
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    RFC_9106_LOW_MEMORY,
    WAITING_AT_MOST,
    PasswordMalformed,
    PasswordObvious,
    Passwords,
    PasswordsBusy,
    PasswordTooLong,
    PasswordTooShort,
    Verified,
)
from tests.conftest import CHEAP

GOOD = "荔枝湾 lychee 27"


def test_a_good_password_fits_and_another_does_not(passwords: Passwords) -> None:
    stored = passwords.hash(GOOD, "chen.dev")
    assert passwords.verify(stored, GOOD).fits
    assert not passwords.verify(stored, GOOD + " ").fits


def test_the_parameters_are_those_of_the_rfc() -> None:
    stored = Passwords().hash(GOOD, "chen.dev")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY


def test_length_is_counted_in_characters_around_the_minimum(passwords: Passwords) -> None:
    long_enough = "荔枝湾涌龙舟鼓声远近"
    assert len(long_enough) == LEAST_CHARACTERS
    assert passwords.hash(long_enough, "chen.dev")
    with pytest.raises(PasswordTooShort):
        passwords.hash(long_enough[:-1], "chen.dev")


def test_an_overlong_password_is_refused_and_never_fits(passwords: Passwords) -> None:
    most = ("abcd-" * MOST_CHARACTERS)[: MOST_CHARACTERS - 3] + "x9q"
    stored = passwords.hash(most, "chen.dev")
    assert passwords.verify(stored, most).fits
    with pytest.raises(PasswordTooLong):
        passwords.hash(most + "y", "chen.dev")
    assert not passwords.verify(stored, most * 10_000).fits


@pytest.mark.parametrize("hostile", ["lychee\x00bay 27", "lychee bay\n27!", "lychee bay \ud800"])
def test_control_characters_and_lone_surrogates_are_no_password(
    passwords: Passwords, hostile: str
) -> None:
    with pytest.raises(PasswordMalformed):
        passwords.hash(hostile, "chen.dev")
    assert not passwords.verify(passwords.hash(GOOD, "chen.dev"), hostile).fits


def test_two_ways_of_composing_a_letter_are_the_same_password(passwords: Passwords) -> None:
    assert passwords.verify(passwords.hash("Caf\u00e9 am Ufer", "x"), "Cafe\u0301 am Ufer").fits


@pytest.mark.parametrize(
    "obvious",
    [
        "0123456789",
        "9876543210",
        "abcdefghij",
        "QwertyUiop",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaa",
        "abcdeabcde",
        "abababababab",
        "Password2026!",
        "password123",
        "PasswordPassword",
        "woaini1314520",
        "admin-123456",
        "13800138000",
        "2026-11-25!!",
        "chen.dev2026",
        "chen.dev.chen.dev",
        "Guangzhou#1",
    ],
)
def test_an_obvious_password_is_refused(passwords: Passwords, obvious: str) -> None:
    with pytest.raises(PasswordObvious):
        passwords.hash(obvious, "chen.dev")


@pytest.mark.parametrize("fine", ["correct horse", "my school password is red", "K7#mq-2xVw"])
def test_words_among_others_are_fine(passwords: Passwords, fine: str) -> None:
    assert passwords.hash(fine, "chen.dev")


@given(st.text(max_size=40))
def test_no_text_makes_verifying_fail(typed: str) -> None:
    assert not PLAIN.verify(STORED, typed + "!").fits
    assert not PLAIN.verify(None, typed).fits


def test_a_damaged_hash_never_fits(passwords: Passwords) -> None:
    assert not passwords.verify("$argon2id$nonsense", GOOD).fits


def test_nobody_has_the_password_of_the_unknown_user(passwords: Passwords) -> None:
    assert not passwords.verify(None, "nobody has this password").fits


def test_a_hash_under_older_parameters_is_renewed_once(
    passwords: Passwords, cheap: Parameters
) -> None:
    older = passwords.hash(GOOD, "chen.dev")
    newer = Passwords(replace(cheap, time_cost=2))
    verified = newer.verify(older, GOOD)
    assert verified.fits
    assert verified.renewed is not None
    assert newer.verify(verified.renewed, GOOD).renewed is None
    assert newer.verify(older, "something else").renewed is None


def test_a_flood_of_logins_is_turned_away_before_it_takes_every_thread(
    cheap: Parameters, at_once: Callable[[int, Callable[[], object]], list[object]]
) -> None:
    slow = Passwords(replace(cheap, time_cost=20, memory_cost=8 * 1024))
    stored = slow.hash(GOOD, "chen.dev")
    taken = HASHES_AT_ONCE + WAITING_AT_MOST
    results = at_once(2 * taken, lambda: slow.verify(stored, GOOD))
    assert sum(isinstance(result, PasswordsBusy) for result in results) == taken
    assert results.count(Verified(fits=True)) == taken
    assert slow.verify(stored, GOOD).fits


def test_an_unknown_user_costs_as_much_time_as_a_known_one(cheap: Parameters) -> None:
    slow = Passwords(replace(cheap, time_cost=3, memory_cost=8 * 1024))
    stored = slow.hash(GOOD, "chen.dev")
    known = _median_seconds(lambda: slow.verify(stored, "something else"))
    unknown = _median_seconds(lambda: slow.verify(None, "something else"))
    hostile = _median_seconds(lambda: slow.verify(stored, "x\x00" * 1000))
    assert min(known, unknown, hostile) > max(known, unknown, hostile) / 3


def _median_seconds(act: Callable[[], object]) -> float:
    seconds = []
    for _ in range(9):
        begun = time.thread_time()
        act()
        seconds.append(time.thread_time() - begun)
    return statistics.median(seconds)


PLAIN = Passwords(CHEAP)
STORED = PLAIN.hash(GOOD, "chen.dev")
