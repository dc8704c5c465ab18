"""The listing of a term: the same facts in any order are the same text, hash and totals."""

from __future__ import annotations

import hashlib
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.compliance import Verdict
from domain.term_listing import (
    ListedAccount,
    ListedSession,
    TermListing,
    read_listing,
    sha256_of,
)

ONE, TWO = UUID(int=1), UUID(int=2)
SESSIONS = (
    ListedSession(TWO, ONE, "on_site", 400, Verdict.COUNTS, 12),
    ListedSession(ONE, TWO, "info_push", 100, Verdict.MODE_NOT_COUNTED, 3),
)
ACCOUNTS = (ListedAccount(TWO, 400), ListedAccount(ONE, 250))


def listing(
    sessions: tuple[ListedSession, ...] = SESSIONS, accounts: tuple[ListedAccount, ...] = ACCOUNTS
) -> TermListing:
    return TermListing("4401040001", "2026-1", sessions, accounts, households=11)


def test_the_text_is_what_the_document_says() -> None:
    zeros = "00000000-0000-0000-0000-00000000000"
    assert listing().text == (
        "parent-credits term listing 1\n"
        "school 4401040001\n"
        "term 2026-1\n"
        "households 11\n"
        f"session {zeros}1 {zeros}2 info_push 100 mode_not_counted 3\n"
        f"session {zeros}2 {zeros}1 on_site 400 counts 12\n"
        f"account {zeros}1 250\n"
        f"account {zeros}2 400\n"
    )


def test_its_hash_is_what_sha256sum_says() -> None:
    assert listing().sha256 == hashlib.sha256(listing().text.encode()).hexdigest()
    assert sha256_of(listing().text) == listing().sha256


def test_its_totals_are_counted_from_its_lines() -> None:
    totals = listing().totals
    assert (totals.activities, totals.class_hours, totals.sessions) == (1, 400, 2)
    assert (totals.attendances, totals.learners, totals.credited_hours) == (15, 2, 650)
    assert totals.households == 11


@given(st.permutations(SESSIONS), st.permutations(ACCOUNTS))
def test_the_order_of_reading_does_not_matter(
    sessions: list[ListedSession], accounts: list[ListedAccount]
) -> None:
    assert listing(tuple(sessions), tuple(accounts)).sha256 == listing().sha256


def test_half_an_hour_more_is_another_hash() -> None:
    other = listing(accounts=(ListedAccount(ONE, 300), ACCOUNTS[0]))
    assert other.sha256 != listing().sha256


def test_a_text_is_read_back_to_the_listing_that_has_it() -> None:
    for each in (listing(), listing((), ())):
        assert read_listing(each.text).text == each.text
        assert read_listing(each.text).totals == each.totals
