"""The batch door: one batch is written while the next is made."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import DataError, IntegrityError

from ledger.batch import Batch
from ledger.book import Book
from ledger.rows import Row
from ledger.saving import MOST_ON_THE_WAY, Saving
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

    saving = store.begin(Batch([[row(first), row(first, 2)], [row(taken)], []]))
    until_it_is_there(store, first)
    [mine, theirs, nothing] = saving.outcomes()
    after = position_of(store.begin(Batch([[row(second)]])))

    assert isinstance(theirs, IntegrityError)
    assert nothing == []
    assert isinstance(mine, list)
    assert [each.id for each in store.select_notifications(None, 10)][-3:] == [*mine, after]


def test_nothing_to_save_needs_no_connection(store: LedgerRecorder) -> None:
    assert store.begin(Batch([[], []])).outcomes() == [[], []]


def test_what_the_database_refuses_is_raised_and_the_next_goes_in(store: LedgerRecorder) -> None:
    whole = uuid4()
    refused = store.begin(Batch([[Row(uuid4(), 1, "test\x00happened", b"{}")]]))
    with pytest.raises(DataError):
        refused.outcomes()
    position = position_of(store.begin(Batch([[row(whole)]])))
    assert [each.id for each in store.select_notifications(None, 10)] == [position]


def test_a_connection_that_was_cut_before_is_replaced(
    store: LedgerRecorder, database: TestDatabase
) -> None:
    store.insert_units([[row(uuid4())]])
    cut_connections(database)
    key = uuid4()
    position = position_of(store.begin(Batch([[row(key)]])))
    assert [each.originator_id for each in store.select_notifications(position, 10)] == [key]


def test_of_two_on_their_way_one_has_the_conflict_and_both_their_outcomes(
    store: LedgerRecorder,
) -> None:
    key = uuid4()
    savings = [store.begin(Batch([[row(key)], [row(uuid4())]])) for _ in range(2)]
    outcomes = [saving.outcomes() for saving in savings]
    refused = [isinstance(mine, IntegrityError) for mine, _ in outcomes]
    assert sorted(refused) == [False, True]
    assert all(isinstance(own, list) for _, own in outcomes)


def test_the_outcomes_are_the_same_when_they_are_asked_for_again(store: LedgerRecorder) -> None:
    key = uuid4()
    store.insert_units([[row(key)]])
    saving = store.begin(Batch([[row(key)]]))
    [refused] = saving.outcomes()
    assert isinstance(refused, IntegrityError)
    assert saving.outcomes() == [refused]


def test_what_is_larger_than_most_is_written_at_once(store: LedgerRecorder) -> None:
    before = store.max_notification_id() or 0
    saving = store.begin(Batch([[row(uuid4()) for _ in range(MOST_ON_THE_WAY + 1)]]))
    assert (store.max_notification_id() or 0) == before + MOST_ON_THE_WAY + 1
    [outcome] = saving.outcomes()
    assert isinstance(outcome, list)
    assert len(outcome) == MOST_ON_THE_WAY + 1
