"""What is stored of the log, for readers: which log, its checkpoints, tiles, proofs, alarms."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any, ClassVar, LiteralString
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb

from domain.refusals import Refused
from ledger.ledger import EVENTS_TABLE
from ledger.log.checkpoint import Checkpoint, Proof
from ledger.log.leaf import COLUMNS, LoggedEvent
from ledger.log.merkle import HASH_BYTES
from ledger.log.note import Key, Note, Signature
from ledger.log.tiles import WIDTH, Tile, TileBroken, Tree
from ledger.pooling import Pool

Connection = psycopg.Connection[tuple[Any, ...]]
POSITION = struct.Struct(">q")


class NoLogYet(Refused):
    """Nothing has been published yet: the log begins with the worker's first second."""

    code: ClassVar[str] = "log_not_begun"


class NotLoggedYet(Refused):
    """The event is recorded, and not under a published checkpoint yet."""

    code: ClassVar[str] = "log_event_not_logged"


@dataclass(frozen=True)
class Log:
    """One log: a new one begins only after a declared incident, and says what the last one said."""

    number: int
    origin: str
    key: Key
    continues: str | None
    began_at: datetime

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Log:
        number, origin, key, continues, began_at = row
        return cls(number, origin, Key.parsed(key), continues, began_at)


@dataclass(frozen=True)
class Published:
    """A checkpoint as it was published, and who cosigned it since."""

    size: int
    note: Note
    cosignatures: tuple[Signature, ...]
    published_at: datetime

    @property
    def whole(self) -> Note:
        return self.note.joined(self.cosignatures)

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parsed(self.note.text)


class Statements:
    """SQL of one ledger's log."""

    def __init__(self, schema: str) -> None:
        self._schema = Identifier(schema)
        self.events = SQL("{}.{}").format(self._schema, Identifier(EVENTS_TABLE))

    def __call__(self, text: LiteralString) -> Composed:
        """`{0}` is the schema, `{events}` the events table, `{event}` its columns as a leaf's."""
        return SQL(text).format(self._schema, events=self.events, event=COLUMNS)


class Logs:
    """Reads by the app role. A request sees one checkpoint; what is behind it never changes."""

    def __init__(self, pool: Pool, schema: str) -> None:
        self._pool = pool
        self._sql = Statements(schema)

    def rows(self, text: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            return cursor.execute(self._sql(text), values).fetchall()

    def current(self) -> Log:
        """The log that is written. Raises NoLogYet."""
        return self.all()[-1]

    def all(self) -> list[Log]:
        """Every log there ever was, the last one is written. Raises NoLogYet."""
        found = self.rows(
            "SELECT number, origin, key, continues, began_at FROM {0}.log ORDER BY number"
        )
        if not found:
            raise NoLogYet
        return [Log.of(row) for row in found]

    def newest(self, log: Log) -> Published:
        """Raises NoLogYet."""
        return self._published(
            log,
            "SELECT size, note, published_at FROM {0}.log_checkpoint WHERE log = %s"
            " ORDER BY size DESC LIMIT 1",
        )

    def at_least(self, log: Log, size: int) -> Published:
        """The first checkpoint of a tree of that size or more. Raises NoLogYet."""
        return self._published(
            log,
            "SELECT size, note, published_at FROM {0}.log_checkpoint WHERE log = %s"
            " AND size >= %s ORDER BY size LIMIT 1",
            size,
        )

    def cosigned(self, log: Log) -> list[Published]:
        """Checkpoints of the last cosignatures, the newest first: one query, however many."""
        found = self.rows(
            "SELECT size, note, published_at, array_agg(line ORDER BY witness)"
            " FROM (SELECT * FROM {0}.log_cosignature WHERE log = %s"
            " ORDER BY size DESC LIMIT 200) AS last JOIN {0}.log_checkpoint USING (log, size)"
            " GROUP BY size, note, published_at ORDER BY size DESC",
            log.number,
        )
        return [published_of(*row) for row in found]

    def tree(self, log: Log, size: int) -> Tree:
        return Tree(size, lambda tile: self.tile(log, tile))

    def tile(self, log: Log, tile: Tile) -> bytes:
        """Raises TileBroken."""
        found = self.rows(
            "SELECT hashes FROM {0}.log_tile WHERE log = %s AND level = %s AND index = %s",
            log.number,
            tile.level,
            tile.index,
        )
        hashes = bytes(found[0][0])[: tile.width * HASH_BYTES] if found else b""
        if len(hashes) < tile.width * HASH_BYTES:
            raise TileBroken(tile=tile.path)
        return hashes

    def index_of(self, log: Log, position: int) -> int:
        """The leaf of an event. Raises NotLoggedYet."""
        found = self.places(log, [position])
        if position not in found:
            raise NotLoggedYet(position=position)
        return found[position][0]

    def prove(self, log: Log, index: int, under: Published) -> Proof:
        """That a leaf is in a published tree. Raises BeyondTheTree, TileBroken."""
        hashes = self.tree(log, under.size).inclusion(index, under.size)
        return Proof(index, tuple(hashes), under.whole)

    def beginnings(self, streams: Sequence[UUID]) -> dict[UUID, LoggedEvent]:
        """The first event of each stream that there is."""
        found = self.rows(
            "SELECT {event} FROM {events} WHERE originator_id = ANY(%s) AND originator_version = 1",
            list(streams),
        )
        return {UUID(event.stream_id): event for event in starmap(LoggedEvent, found)}

    def events_at(self, positions: Sequence[int]) -> list[LoggedEvent]:
        """In the order of the feed."""
        found = self.rows(
            "SELECT {event} FROM {events} WHERE notification_id = ANY(%s) ORDER BY notification_id",
            list(positions),
        )
        return list(starmap(LoggedEvent, found))

    def event_at(self, position: int) -> LoggedEvent | None:
        return next(iter(self.events_at([position])), None)

    def overdue(self, log: Log) -> int:
        """How many events have waited for the tree for more than a minute."""
        [(count,)] = self.rows(
            "SELECT count(*) FROM {events} WHERE notification_id >"
            " (SELECT coalesce(max(position), 0) FROM {0}.log_head WHERE log = %s)"
            " AND recorded_at < clock_timestamp() - interval '1 minute'",
            log.number,
        )
        return int(count)

    def alarm(self, code: str, **facts: object) -> None:
        with self._pool.connection() as connection:
            connection.execute(
                self._sql("INSERT INTO {0}.log_alarm (code, facts) VALUES (%s, %s)"),
                (code, Jsonb(facts)),
            )

    def alarms(self, most: int = 100) -> list[tuple[datetime, str, dict[str, Any]]]:
        """What was raised, the last first: when, its code, and facts."""
        return [
            (at, code, facts)
            for at, code, facts in self.rows(
                "SELECT raised_at, code, facts FROM {0}.log_alarm ORDER BY alarm DESC LIMIT %s",
                most,
            )
        ]

    def places(self, log: Log, positions: Sequence[int]) -> dict[int, tuple[int, bytes]]:
        """Index and hash of the leaves of events; one that is not in the tree yet is left out."""
        found = self.rows(
            "SELECT DISTINCT t.index, t.positions, t.hashes FROM unnest(%s::bigint[]) p"
            " CROSS JOIN LATERAL (SELECT index, positions, hashes FROM {0}.log_tile"
            " WHERE log = %s AND level = 0 AND first_position <= p"
            " ORDER BY first_position DESC LIMIT 1) t",
            list(positions),
            log.number,
        )
        wanted, places = set(positions), dict[int, tuple[int, bytes]]()
        for tile, known, hashes in found:
            for place, (position,) in enumerate(POSITION.iter_unpack(known)):
                if position in wanted:
                    start = place * HASH_BYTES
                    leaf = bytes(hashes[start : start + HASH_BYTES])
                    places[position] = tile * WIDTH + place, leaf
        return places

    def _published(self, log: Log, statement: LiteralString, *values: object) -> Published:
        """Raises NoLogYet."""
        found = self.rows(statement, log.number, *values)
        if not found:
            raise NoLogYet
        size, note, published_at = found[0]
        lines = self.rows(
            "SELECT line FROM {0}.log_cosignature WHERE log = %s AND size = %s ORDER BY witness",
            log.number,
            size,
        )
        return published_of(size, note, published_at, [line for (line,) in lines])


def published_of(size: int, note: str, published_at: datetime, lines: Sequence[str]) -> Published:
    cosignatures = tuple(Signature.parsed(line.removesuffix("\n")) for line in lines)
    return Published(size, Note.parsed(note.encode()), cosignatures, published_at)
