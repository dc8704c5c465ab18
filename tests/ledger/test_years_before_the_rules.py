"""A school year in which the first rules took effect: what lies before them is not evaluated."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.calendar import Term
from domain.closing import TermsNotClosed
from domain.rulebook_refusals import NoRulebookInForce
from domain.term_listing import TermListing
from ledger.book import Book
from ledger.registry import NewSchool
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.ledger.rules import rules

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))
AFTERWARDS = datetime(2027, 8, 10, tzinfo=UTC)


def begun_under_rules_from(book: Book, day: date) -> Book:
    book.rulebooks.publish_at_set_up(rules("2026.1", day), envelope())
    book.registry.register_school(NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT), envelope())
    for term in (FIRST, SECOND):
        book.registry.open_term(term, envelope())
    return book


def close(book: Book, term: Term) -> None:
    listing = TermListing(SCHOOL, term.code, (), (), 0)
    book.closings.close_term(listing, {}, envelope(AFTERWARDS))


def test_a_year_is_closed_once_its_terms_under_the_rules_are(book: Book) -> None:
    begun_under_rules_from(book, date(2027, 2, 1))
    with pytest.raises(TermsNotClosed) as refusal:
        book.closings.close_year(SCHOOL, 2026, {}, envelope(AFTERWARDS))
    assert refusal.value.facts == {"terms": ("2026-2",)}
    with pytest.raises(NoRulebookInForce):
        close(book, FIRST)

    close(book, SECOND)
    book.closings.close_year(SCHOOL, 2026, {"三年级": 400}, envelope(AFTERWARDS))

    assert book.closings.year(SCHOOL, 2026) is not None
    assert book.closings.not_evaluated(2026) == ("2026-1",)


def test_a_year_without_a_term_under_rules_is_not_closed_at_all(book: Book) -> None:
    begun_under_rules_from(book, date(2027, 9, 1))

    with pytest.raises(NoRulebookInForce):
        book.closings.close_year(SCHOOL, 2026, {}, envelope(AFTERWARDS))


def test_a_term_that_nobody_opened_is_still_to_be_closed(book: Book) -> None:
    begun_under_rules_from(book, date(2027, 2, 1))

    assert book.closings.open_terms(SCHOOL, 2027) == ("2027-1", "2027-2")
