"""The feed as it is stored, for comparing what was made twice."""

from __future__ import annotations

from eventsourcing.persistence import StoredEvent

from ledger.book import Book


def events(book: Book) -> list[StoredEvent]:
    """The feed as it is stored."""
    feed = book.ledger.store.select_notifications(1, 100_000)
    return [
        StoredEvent(each.originator_id, each.originator_version, each.topic, each.state)
        for each in feed
    ]
