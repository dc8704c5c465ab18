"""The feed: every recorded event in the order of its position, read in pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple, cast
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from msgspec import Struct
from psycopg.sql import SQL, Composed

import ledger.book  # noqa: F401  # pyright: ignore[reportUnusedImport] - it knows every topic
from domain.aggregate import LedgerEvent
from ledger.decoding import Decoder, decoder_of
from ledger.mapper import load
from projections.database import Views

Topics = frozenset[str]


class Unreadable(Exception):
    """A recorded event that does not load: unknown topic, or a state that its class refuses."""

    def __init__(self, row: RecordedEvent, reason: Exception) -> None:
        super().__init__(f"{row.where} does not load: {type(reason).__name__}: {reason}")
        self.position = row.position
        self.topic = row.topic


ROWS_AT_ONCE = 250  # made and decoded while they lie near the processor

# A table that was filled a moment ago has no statistics yet. PostgreSQL would take the rest of the
# feed for a few rows, and sort all of it on the disk for each page.
IN_THEIR_ORDER: LiteralString = "SET LOCAL enable_sort = off"

Row = tuple[int, UUID, int, str, bytes, datetime]


class Fact(Struct, eq=False, gc=False):
    """An event, where it stands in the feed, and when the ledger learned of it.

    `fields` has what was stored, named and typed as in the event's class. The event itself is made
    when somebody asks for it.
    """

    position: int
    stream: UUID
    version: int
    topic: str
    recorded_at: datetime
    fields: Any
    _decoder: Decoder | None
    _event: LedgerEvent | None = None

    @property
    def event(self) -> LedgerEvent:
        if self._event is None:
            self._event = self._made()
        return self._event

    def _made(self) -> LedgerEvent:
        if self._decoder is None:
            event: LedgerEvent = self.fields
            return event
        return self._decoder.event(self.fields, self.stream, self.version)

    @property
    def at(self) -> datetime:
        """When it happened."""
        at: datetime = self.fields.envelope.occurred_at
        return at


class RecordedEvent(NamedTuple):
    """A row of the feed as it is stored."""

    position: int
    originator_id: UUID
    version: int
    topic: str
    state: bytes
    recorded_at: datetime

    @property
    def stored(self) -> StoredEvent:
        return StoredEvent(self.originator_id, self.version, self.topic, self.state)

    @property
    def where(self) -> str:
        return f"{self.topic} at position {self.position} ({self.originator_id} {self.version})"


def read(rows: Sequence[Row]) -> list[Fact | Unreadable]:
    """What rows say. A city's evening passes here: of calls for each row there are few."""
    said: list[Fact | Unreadable] = []
    for row in rows:
        position, stream, version, topic, state, recorded_at = row
        try:
            if (decoder := decoder_of(topic)) is not None:
                fields = decoder.fields_of(state)
                said.append(Fact(position, stream, version, topic, recorded_at, fields, decoder))
                continue
        except Exception:  # nosec B110  # noqa: BLE001, S110 - of an older form, unknown or broken: the mapper says
            pass
        said.append(by_the_mapper(RecordedEvent(*row)))
    return said


def by_the_mapper(row: RecordedEvent) -> Fact | Unreadable:
    position, stream, version, topic, _, recorded_at = row
    try:
        return Fact(position, stream, version, topic, recorded_at, load(row.stored), None)
    except Exception as error:  # noqa: BLE001 - whatever it is, it says why nothing can be read
        return Unreadable(row, error)


def sound(said: Fact | Unreadable) -> Fact:
    """Raises Unreadable."""
    if isinstance(said, Unreadable):
        raise said
    return said


@dataclass(frozen=True, slots=True)
class Page:
    """What is said under the asked topics, and the position up to which nothing else is left."""

    said: list[Fact | Unreadable]
    reached: int

    @property
    def facts(self) -> list[Fact]:
        """Raises Unreadable."""
        return [sound(each) for each in self.said]


class Feed:
    def __init__(self, views: Views) -> None:
        self._views = views
        columns = (
            "SELECT notification_id, originator_id, originator_version, topic, state, recorded_at"
            " FROM {}"
        )
        between = " WHERE notification_id > %(after)s AND notification_id <= %(upto)s"
        topics = " AND topic = ANY(%(topics)s)"
        end = " ORDER BY notification_id LIMIT %(limit)s"
        self._all = SQL(columns + between + end).format(views.events)
        self._some = SQL(columns + between + topics + end).format(views.events)
        self._streams = SQL(
            columns + " WHERE originator_id = ANY(%(streams)s) OR notification_id = ANY(%(at)s)"
            " ORDER BY notification_id"
        ).format(views.events)
        self._beginning = SQL(
            "SELECT originator_id FROM {} WHERE originator_id = ANY(%(streams)s)"
            " AND originator_version = 1 AND topic = ANY(%(topics)s)"
        ).format(views.events)
        self._head = SQL("SELECT coalesce(max(notification_id), 0) FROM {}").format(views.events)

    def head(self) -> int:
        """The last position; 0 when nothing is recorded."""
        return int(self._views.cells(self._head)[0])

    def page(self, after: int, upto: int, topics: Topics | None, limit: int) -> Page:
        """What is recorded after a position, up to another one that is recorded already.

        Positions are given in commit order: what lies before a position that was seen is complete.
        """
        statement = self._all if topics is None else self._some
        wanted = sorted(topics or ())
        values = {"after": after, "upto": upto, "limit": limit, "topics": wanted}
        rows_at_once = self._rows(statement, values, in_their_order=True)
        said = [said for rows in rows_at_once for said in read(rows)]
        return Page(said, said[-1].position if len(said) == limit else upto)

    def of(self, streams: Sequence[UUID], positions: Iterable[int] = ()) -> list[Fact]:
        """Every event of some streams, and single ones by position, in the order of the feed."""
        return [sound(said) for said in read(self.rows_of(streams, positions))]

    def rows_of(
        self, streams: Sequence[UUID], positions: Iterable[int] = ()
    ) -> list[RecordedEvent]:
        """The same as it is stored."""
        values = {"streams": list(streams), "at": list(positions)}
        return [RecordedEvent(*row) for rows in self._rows(self._streams, values) for row in rows]

    def beginning(self, streams: Sequence[UUID], topics: Topics) -> list[UUID]:
        """Those of some streams that begin with certain facts."""
        values = {"streams": list(streams), "topics": sorted(topics)}
        return self._views.cells(self._beginning, **values)

    def _rows(
        self, statement: Composed, values: Mapping[str, object], *, in_their_order: bool = False
    ) -> Iterator[list[Row]]:
        with self._views.read() as connection, ExitStack() as stack:
            if in_their_order:
                stack.enter_context(connection.transaction())
                connection.execute(IN_THEIR_ORDER)
            cursor = stack.enter_context(connection.cursor(binary=True))
            cursor.execute(statement, values)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield cast("list[Row]", rows)
