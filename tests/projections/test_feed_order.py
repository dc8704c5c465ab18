"""A page of the feed is read in the order of its index, whatever the statistics say."""

from __future__ import annotations

from uuid import uuid4

import psycopg
from psycopg import sql

from ledger.book import Book
from ledger.rows import Row
from projections.database import Views
from projections.feed import Feed
from tests.database import TestDatabase

EVENTS, PAGE = 3_000, 100
TOPICS = frozenset({"test.happened"})


def test_the_rest_of_a_feed_that_was_just_filled_is_not_sorted_for_each_page(
    book: Book, database: TestDatabase
) -> None:
    before = book.ledger.position()
    rows = [Row(uuid4(), 1, "test.happened", b"x" * 500) for _ in range(EVENTS)]
    book.ledger.store.insert_units([rows])
    small_sorts_alone(database)

    with Views(database.app, database.names) as views:
        feed, at, read = Feed(views), before, 0
        head = feed.head()
        while at < head:
            page = feed.page(at, head, TOPICS, PAGE)
            at, read = page.reached, read + len(page.said)

    assert read == EVENTS
    assert temporary_files(database) == 0


def small_sorts_alone(database: TestDatabase) -> None:
    """In memory: whatever sorts more leaves a file."""
    with psycopg.connect(database.owner, autocommit=True) as owner:
        name = sql.Identifier(owner.info.dbname)
        owner.execute(sql.SQL("ALTER DATABASE {} SET work_mem = '64kB'").format(name))


def temporary_files(database: TestDatabase) -> int:
    """How many the sessions that have ended wrote."""
    with psycopg.connect(database.owner) as owner:
        [count] = owner.execute(
            "SELECT temp_files FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone() or (0,)
    return int(count)
