"""The batch door: one batch is written while the next is made, and no answer gets lost."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import DataError, IntegrityError

from ledger.book import Book
from ledger.rows import Row
from ledger.saving import Saving
from ledger.store import LedgerRecorder
from tests.database import TestDatabase
from tests.ledger.test_store import cut_connections


@pytest.fixture
def store(book: Book) -> LedgerRecorder:
    return book.ledger.store


def row(key: UUID, version: int = 1) -> Row:
    return Row(key, version, "test.happened", b"{}")


def position_of(saving: Saving) -> int:
    """Of the one event of its one save."""
    [outcome] = saving.outcomes()
    assert isinstance(outcome, list)
    [position] = outcome
    return position


def until_it_is_there(store: LedgerRecorder, key: UUID) -> None:
    while store.select_events(key) == []:
        time.sleep(0.005)  # for ever, were it not written before its outcome is asked for


def test_it_is_written_while_the_next_is_made_and_each_save_has_its_own_outcome(
    store: LedgerRecorder,
) -> None:
    first, second, taken = uuid4(), uuid4(), uuid4()
    store.insert_units([[row(taken)]])

    saving = store.begin([[row(first), row(first, 2)], [row(taken)], []])
    until_it_is_there(store, first)
    [mine, theirs, nothing] = saving.outcomes()
    after = position_of(store.begin([[row(second)]]))

    assert isinstance(theirs, IntegrityError)
    assert nothing == []
    assert isinstance(mine, list)
    assert [each.id for each in store.select_notifications(None, 10)][-3:] == [*mine, after]


def test_nothing_to_save_needs_no_connection(store: LedgerRecorder) -> None:
    assert store.begin([[], []]).outcomes() == [[], []]


def test_what_the_database_refuses_is_raised_and_the_next_goes_in(store: LedgerRecorder) -> None:
    whole = uuid4()
    refused = store.begin([[Row(uuid4(), 1, "test\x00happened", b"{}")]])
    with pytest.raises(DataError):
        refused.outcomes()
    position = position_of(store.begin([[row(whole)]]))
    assert [each.id for each in store.select_notifications(None, 10)] == [position]


def test_an_answer_that_got_lost_is_found_again(
    store: LedgerRecorder, database: TestDatabase
) -> None:
    key = uuid4()
    saving = store.begin([[row(key)]])
    until_it_is_there(store, key)
    cut_connections(database)
    position = position_of(saving)
    assert [each.id for each in store.select_notifications(position, 10)] == [position]


def test_a_connection_that_was_cut_before_is_replaced(
    store: LedgerRecorder, database: TestDatabase
) -> None:
    store.insert_units([[row(uuid4())]])
    cut_connections(database)
    key = uuid4()
    position = position_of(store.begin([[row(key)]]))
    assert [each.originator_id for each in store.select_notifications(position, 10)] == [key]


def test_what_is_on_its_way_when_the_server_refuses_more_leaves_the_connection_usable(
    store: LedgerRecorder,
) -> None:
    key = uuid4()
    first = store.begin([[row(key)]])
    second = store.begin([[row(key)], [row(uuid4())]])
    position = position_of(first)
    [refused, taken] = second.outcomes()
    assert isinstance(refused, IntegrityError)
    assert isinstance(taken, list)
    assert taken > [position]
