"""The batch door: one batch is written while the next is made, and none after one that failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import DataError, StoredEvent

from ledger.book import Book
from ledger.store import LedgerRecorder


@pytest.fixture
def store(book: Book) -> LedgerRecorder:
    return book.ledger.store


def row(key: UUID) -> StoredEvent:
    return StoredEvent(key, 1, "test.happened", b"{}")


def test_one_batch_is_written_while_the_next_is_made(store: LedgerRecorder) -> None:
    keys, taken = [uuid4() for _ in range(3)], uuid4()
    store.insert_events([row(taken)])

    def made() -> Iterator[list[list[StoredEvent]]]:
        yield [[row(keys[0])], [row(taken)]]
        while store.select_events(keys[0]) == []:
            time.sleep(0.005)  # for ever, were the first not written meanwhile
        yield [[row(keys[1])]]
        yield [[row(keys[2])]]

    outcomes = list(store.insert_in_turn(made()))

    assert [[isinstance(each, list) for each in batch] for batch in outcomes] == [
        [True, False], [True], [True],
    ]  # fmt: skip
    fed = store.select_notifications(None, 10)
    assert [each.originator_id for each in fed][-3:] == keys


def test_nothing_is_written_after_a_batch_that_failed(store: LedgerRecorder) -> None:
    broken, after = StoredEvent(uuid4(), 1, "test\x00happened", b"{}"), uuid4()
    batches = [[[row(uuid4())]], [[broken]], [[row(after)]]]
    with pytest.raises(DataError):
        list(store.insert_in_turn(batches))
    assert store.select_events(after) == []
