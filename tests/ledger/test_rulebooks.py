"""The shelf of rulebooks: set up once, drafted once a version, found by every process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from domain.rulebook import Rulebook
from domain.rulebook_refusals import (
    NoRulebookInForce,
    RulebookAlreadyPublished,
    RulebookNeedsSecondPerson,
    RulebookNotTheFirst,
    UnknownRulebook,
)
from ledger.book import Book
from ledger.rulebooks import Rulebooks, RulebookVersionTaken, default_rulebook
from tests.acting import SET_UP, envelope, rehearse

NEXT_YEAR = date(2027, 9, 1)


def edition(version: str = "2027.1", effective_from: date = NEXT_YEAR) -> Rulebook:
    return default_rulebook().model_copy(
        update={"version": version, "effective_from": effective_from}
    )


def test_an_installation_is_set_up_once(book: Book) -> None:
    assert not book.rulebooks.is_set_up()
    book.rulebooks.publish_at_set_up(default_rulebook(), envelope())

    for again in (default_rulebook(), edition()):
        with pytest.raises(RulebookNotTheFirst):
            book.rulebooks.publish_at_set_up(again, envelope())
    assert book.rulebooks.is_set_up()


def test_two_operators_at_once_set_up_one_rulebook(book: Book) -> None:
    def set_up(_: int) -> str:
        try:
            book.rulebooks.publish_at_set_up(default_rulebook(), envelope())
        except RulebookNotTheFirst:
            return "refused"
        return "published"

    with ThreadPoolExecutor(4) as operators:
        assert sorted(operators.map(set_up, range(4))) == ["published"] + ["refused"] * 3


def test_a_draft_may_become_the_first_edition(book: Book) -> None:
    book.rulebooks.draft(default_rulebook(), envelope())
    book.rulebooks.publish_at_set_up(default_rulebook(), envelope())

    assert book.rulebooks.on(NEXT_YEAR).version == default_rulebook().version


def test_the_same_draft_again_is_no_news_and_another_one_needs_its_own_version(book: Book) -> None:
    position = book.rulebooks.draft(edition(), envelope())

    assert book.rulebooks.draft(edition(), envelope()) == position
    with pytest.raises(RulebookVersionTaken):
        book.rulebooks.draft(edition(effective_from=date(2028, 9, 1)), envelope())
    assert book.ledger.position() == position


def test_a_version_that_nobody_drafted_is_not_published(book: Book) -> None:
    with pytest.raises(UnknownRulebook):
        book.rulebooks.publish("2031.1", envelope())


def test_a_second_person_publishes_and_every_process_sees_it(book: Book) -> None:
    book.rulebooks.publish_at_set_up(default_rulebook(), envelope())
    elsewhere = Rulebooks(book.ledger)
    assert elsewhere.on(NEXT_YEAR).version == default_rulebook().version
    drafted = envelope()
    book.rulebooks.draft(edition(), drafted)
    rehearse(book, "2027.1")

    with pytest.raises(UnknownRulebook):
        elsewhere.version("2027.1")
    with pytest.raises(RulebookNeedsSecondPerson):
        book.rulebooks.publish("2027.1", drafted)
    book.rulebooks.publish("2027.1", envelope(SET_UP + timedelta(days=1)))

    assert elsewhere.on(NEXT_YEAR).version == "2027.1"
    assert elsewhere.on(NEXT_YEAR - timedelta(days=1)).version == default_rulebook().version
    assert elsewhere.version("2027.1") is elsewhere.version("2027.1")
    with pytest.raises(RulebookAlreadyPublished):
        book.rulebooks.publish("2027.1", envelope(SET_UP + timedelta(days=2)))


def test_before_the_first_edition_no_rules_hold(book: Book) -> None:
    with pytest.raises(NoRulebookInForce):
        book.rulebooks.on(NEXT_YEAR)


def test_an_edition_is_stored_without_losing_a_figure(book: Book) -> None:
    book.rulebooks.publish_at_set_up(default_rulebook(), envelope())

    assert book.rulebooks.on(NEXT_YEAR).as_data() == default_rulebook().as_data()
