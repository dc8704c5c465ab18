"""Tries: exact under races, refilled with time, and given back on success."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from api.access.rate_limit import Limit, RateLimits, TooManyTries, address_subject
from api.access.web_tables import WebTables

FIVE = Limit("five", 5, timedelta(minutes=10))
SEVEN = Limit("seven", 7, timedelta(seconds=10))  # a price that does not divide evenly
SECOND = timedelta(seconds=1)
AtOnce = Callable[[int, Callable[[], object]], list[object]]


@pytest.fixture
def limits(tables: WebTables) -> RateLimits:
    return RateLimits(tables, b"k" * 32)


@pytest.mark.parametrize("limit", [FIVE, SEVEN])
def test_so_many_tries_and_no_more(limits: RateLimits, at: datetime, limit: Limit) -> None:
    for _ in range(limit.tries):
        limits.spend(limit, "a", at)
    with pytest.raises(TooManyTries):
        limits.spend(limit, "a", at)
    limits.spend(limit, "b", at)


def test_the_refusal_says_when_to_come_back_and_that_is_true(
    limits: RateLimits, at: datetime
) -> None:
    for _ in range(5):
        limits.spend(FIVE, "a", at)
    with pytest.raises(TooManyTries) as refused:
        limits.spend(FIVE, "a", at)
    assert refused.value.facts == {"retry_after": 120}
    with pytest.raises(TooManyTries) as refused:
        limits.spend(FIVE, "a", at + 119 * SECOND)
    assert refused.value.retry_after == 1
    limits.spend(FIVE, "a", at + 120 * SECOND)
    with pytest.raises(TooManyTries):
        limits.spend(FIVE, "a", at + 120 * SECOND)


def test_all_tries_are_back_after_the_period(limits: RateLimits, at: datetime) -> None:
    for _ in range(5):
        limits.spend(FIVE, "a", at)
    for _ in range(5):
        limits.spend(FIVE, "a", at + FIVE.per)


def test_waiting_longer_saves_up_nothing(limits: RateLimits, at: datetime) -> None:
    limits.spend(FIVE, "a", at - timedelta(days=30))
    for _ in range(5):
        limits.spend(FIVE, "a", at)
    with pytest.raises(TooManyTries):
        limits.spend(FIVE, "a", at)


def test_of_many_tries_at_once_exactly_the_limit_passes(
    limits: RateLimits, at: datetime, at_once: AtOnce
) -> None:
    results = at_once(12, lambda: limits.spend(FIVE, "a", at))
    assert results.count(None) == 5
    assert sum(isinstance(result, TooManyTries) for result in results) == 7


def test_limits_do_not_share_their_counters(limits: RateLimits, at: datetime) -> None:
    for _ in range(5):
        limits.spend(FIVE, "a", at)
    limits.spend(SEVEN, "a", at)


def test_success_gives_the_try_back_and_failure_does_not(limits: RateLimits, at: datetime) -> None:
    for _ in range(50):
        with limits.counting_failures((FIVE, "a"), (SEVEN, "b"), at=at):
            pass
    for _ in range(5):
        with pytest.raises(KeyError), limits.counting_failures((FIVE, "a"), at=at):
            raise KeyError
    with pytest.raises(TooManyTries), limits.counting_failures((FIVE, "a"), at=at):
        pytest.fail("the block must not run")


def test_any_text_is_a_subject_and_none_is_stored(
    limits: RateLimits, tables: WebTables, at: datetime
) -> None:
    subjects = ("", "\x00", "\ud800", "x" * 100_000, "a'; drop table tries")
    for subject in subjects:
        limits.spend(FIVE, subject, at)
    rows = tables.rows("select subject_hmac from {web}.tries", {})
    assert [len(row[0]) for row in rows] == [32] * len(subjects)


def test_paid_tries_are_forgotten(limits: RateLimits, tables: WebTables, at: datetime) -> None:
    limits.spend(FIVE, "a", at)
    assert tables.forget_what_ended(at + 119 * SECOND) == 0
    assert tables.forget_what_ended(at + 120 * SECOND) == 1


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
        ("192.0.2.7, 198.51.100.1", "unknown"),
        ("\x00", "unknown"),
        ("１９２.0.2.7", "unknown"),
    ],
)
def test_an_address_is_counted_as_its_home(address: str, subject: str) -> None:
    assert address_subject(address) == subject
