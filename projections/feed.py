"""The feed: every recorded event in the order of its position, read in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg.sql import SQL, Composed

import ledger.book  # noqa: F401  # pyright: ignore[reportUnusedImport] - it knows every topic
from domain.aggregate import LedgerEvent
from ledger.mapper import load
from projections.database import Views
from projections.decoding import Decoder, decoder_of

Topics = frozenset[str]


class Unreadable(Exception):
    """A recorded event that does not load: unknown topic, or a state that its class refuses."""

    def __init__(self, row: RecordedEvent, reason: Exception) -> None:
        super().__init__(f"{row.where} does not load: {type(reason).__name__}: {reason}")
        self.position = row.position
        self.topic = row.topic


class Fact:
    """An event, where it stands in the feed, and when the ledger learned of it.

    `fields` has what was stored, named and typed as in the event's class. The event itself is made
    when somebody asks for it.
    """

    __slots__ = ("_decoder", "_event", "fields", "position", "recorded_at", "row", "stream")

    def __init__(self, row: RecordedEvent, fields: Any, decoder: Decoder | None) -> None:
        self.row = row
        self.position = row[0]
        self.stream = row[1]
        self.recorded_at = row[5]
        self.fields = fields
        self._decoder = decoder
        self._event: LedgerEvent | None = None

    @property
    def topic(self) -> str:
        return self.row.topic

    @property
    def event(self) -> LedgerEvent:
        if self._event is None:
            self._event = self._made()
        return self._event

    def _made(self) -> LedgerEvent:
        if self._decoder is None:
            event: LedgerEvent = self.fields
            return event
        return self._decoder.event(self.fields, self.stream, self.row.version)

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

    def fact(self) -> Fact:
        """Raises Unreadable."""
        try:
            if (decoder := decoder_of(self.topic)) is not None:
                return Fact(self, decoder.fields_of(self.state), decoder)
        except Exception:  # noqa: BLE001, S110 - of an older form, unknown or broken: the mapper says
            pass
        try:
            return Fact(self, load(self.stored), None)
        except Exception as error:
            raise Unreadable(self, error) from error


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of the asked topics; `reached` is the position up to which nothing else is left."""

    rows: list[RecordedEvent]
    reached: int


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
        rows = self._rows(statement, values)
        return Page(rows, rows[-1].position if len(rows) == limit else upto)

    def of(self, streams: Sequence[UUID], positions: Iterable[int] = ()) -> list[Fact]:
        """Every event of some streams, and single ones by position, in the order of the feed."""
        return [row.fact() for row in self.rows_of(streams, positions)]

    def rows_of(
        self, streams: Sequence[UUID], positions: Iterable[int] = ()
    ) -> list[RecordedEvent]:
        """The same as it is stored."""
        return self._rows(self._streams, {"streams": list(streams), "at": list(positions)})

    def beginning(self, streams: Sequence[UUID], topics: Topics) -> list[UUID]:
        """Those of some streams that begin with certain facts."""
        values = {"streams": list(streams), "topics": sorted(topics)}
        return self._views.cells(self._beginning, **values)

    def _rows(self, statement: Composed, values: Mapping[str, object]) -> list[RecordedEvent]:
        with (
            self._views.read() as connection,
            connection.cursor(binary=True, row_factory=_recorded) as cursor,
        ):
            return cursor.execute(statement, values).fetchall()


def _recorded(_: object) -> Callable[[Sequence[Any]], RecordedEvent]:
    return RecordedEvent._make
