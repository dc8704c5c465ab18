"""Whoever decides by what others may move is refused where it did, in one question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from ledger.batch import Batch
from ledger.book import Book
from ledger.ledger import EVENTS_TABLE
from ledger.rows import Row
from ledger.store import LedgerRecorder
from ledger.unmoved import Unmoved, append_unmoved_statement
from tests.database import TestDatabase

STATE = b"{}"


def rows(count: int, topic: str = "thing.done") -> list[Row]:
    return [Row(uuid4(), 1, topic, STATE) for _ in range(count)]


@pytest.fixture
def store(book: Book) -> LedgerRecorder:
    return book.ledger.store


def save(store: LedgerRecorder, unmoved: Unmoved) -> Sequence[int] | None:
    return store.insert_units([rows(1)], unmoved)[0]  # type: ignore[return-value]  # where something moved it raises, and answers no conflict


@pytest.mark.parametrize("by", ["stream", "topic"])
def test_what_moved_since_is_refused_and_nothing_is_recorded(
    store: LedgerRecorder, by: str
) -> None:
    since = store.max_notification_id() or 0
    [moved] = rows(1, "term.moved")
    store.insert_units([[moved]])
    head = store.max_notification_id() or 0
    streams = frozenset({moved.originator_id} if by == "stream" else set[UUID]())
    topics = frozenset({"term.moved"} if by == "topic" else set[str]())

    with pytest.raises(IntegrityError, match=r"term.moved: .* moved meanwhile"):
        save(store, Unmoved(streams, topics, since))
    assert store.max_notification_id() == head
    assert save(store, Unmoved(streams, topics, head)) == [head + 1]


def test_looking_and_appending_are_one_question(
    store: LedgerRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other writer waits from the look to the append."""
    execute, asked = psycopg.Cursor.execute, list[object]()

    def noted(self: psycopg.Cursor[Any], *given: Any, **named: Any) -> psycopg.Cursor[Any]:
        asked.append(given)
        return execute(self, *given, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    save(store, Unmoved(frozenset({uuid4()}), frozenset({"term.moved"})))
    assert len(asked) == 1


def test_the_look_never_reads_the_whole_table(
    store: LedgerRecorder, database: TestDatabase
) -> None:
    """Nor under the plan that the server makes for any parameters, after the fifth time."""
    store.insert_units([rows(3_000)])
    statement = append_unmoved_statement(database.schema, EVENTS_TABLE)
    with psycopg.connect(database.app) as connection:
        for _ in range(12):
            unmoved = Unmoved(frozenset({uuid4()}), since=store.max_notification_id() or 0)
            arguments = (*Batch([rows(1)]).arguments(is_retry=False), *unmoved.arguments)
            connection.execute(statement, arguments)
        counted = connection.execute(
            "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = %s", (EVENTS_TABLE,)
        ).fetchone()
    assert counted == (0,)
