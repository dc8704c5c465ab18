"""Pages that are read ahead: each once and in order, whatever is recorded or cut meanwhile."""

from __future__ import annotations

from uuid import uuid4

import pytest
from psycopg import OperationalError

from ledger.book import Book
from ledger.rows import Row
from projections.database import Views
from projections.feed import Feed, Page, Topics
from projections.reading import Reader

PAGE = 10
TOPICS = frozenset({"test.happened"})


class Counted(Feed):
    """A feed that notes from where it was read, and is cut where it is told to be."""

    def __init__(self, views: Views) -> None:
        super().__init__(views)
        self.asked: list[int] = []
        self.cut_at: int | None = None

    def page(self, after: int, upto: int, topics: Topics | None, limit: int) -> Page:
        self.asked.append(after)
        if after == self.cut_at:
            self.cut_at = None
            raise OperationalError
        return super().page(after, upto, topics, limit)


def recorded(book: Book, events: int) -> int:
    """Record as many; the position of the last of them."""
    rows = [Row(uuid4(), 1, "test.happened", b"{}") for _ in range(events)]
    book.ledger.store.insert_units([rows])
    return book.ledger.position()


def read(reader: Reader, after: int, upto: int) -> list[int]:
    found: list[int] = []
    while after < upto:
        page = reader.page(after, upto, TOPICS, PAGE)
        found += [said.position for said in page.read]
        after = page.reached
    return found


def test_every_page_is_read_once_and_in_order(book: Book, views: Views) -> None:
    begin = book.ledger.position()
    end, feed = recorded(book, 5 * PAGE), Counted(views)

    assert read(Reader(feed), begin, end) == [*range(begin + 1, end + 1)]
    assert feed.asked == sorted(set(feed.asked))


def test_what_is_recorded_meanwhile_follows(book: Book, views: Views) -> None:
    begin = book.ledger.position()
    end, reader = recorded(book, 2 * PAGE + 5), Reader(Counted(views))
    first = reader.page(begin, end, TOPICS, PAGE)
    later = recorded(book, PAGE)

    assert read(reader, first.reached, later) == [*range(first.reached + 1, later + 1)]


def test_nobody_is_given_more_than_was_asked_for(book: Book, views: Views) -> None:
    begin = book.ledger.position()
    end, reader = recorded(book, 5 * PAGE), Reader(Counted(views))
    first = reader.page(begin, end, TOPICS, PAGE)

    assert reader.page(first.reached, first.reached + 3, TOPICS, PAGE).reached == first.reached + 3
    assert read(reader, first.reached + 3, end) == [*range(first.reached + 4, end + 1)]


def test_a_page_that_was_cut_off_is_told_at_its_turn_and_read_again(
    book: Book, views: Views
) -> None:
    begin = book.ledger.position()
    end, feed = recorded(book, 5 * PAGE), Counted(views)
    feed.cut_at = begin + PAGE
    reader = Reader(feed)
    first = reader.page(begin, end, TOPICS, PAGE)

    with pytest.raises(OperationalError):
        reader.page(first.reached, end, TOPICS, PAGE)
    assert read(reader, first.reached, end) == [*range(first.reached + 1, end + 1)]
