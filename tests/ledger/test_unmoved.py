"""Whoever decides by what others may move holds the lock of all writers, and not for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from ledger.book import Book
from ledger.ledger import EVENTS_TABLE
from ledger.unmoved import Unmoved, Watch
from tests.acting import envelope
from tests.database import TestDatabase

SOON = 10.0


def test_a_process_that_stands_still_before_its_append_holds_nobody_up_for_good(
    database: TestDatabase, book: Book
) -> None:
    watch = Watch(database.schema, EVENTS_TABLE, stands_still="200ms")
    with ThreadPoolExecutor(1) as other, psycopg.connect(database.app) as still:
        watch.refuse(still.cursor(), Unmoved())
        behind = other.submit(book.registry.register_staff, uuid4(), envelope())
        try:
            assert behind.result(SOON) > 0
            with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
                still.execute("SELECT 1")
        finally:
            still.close()
