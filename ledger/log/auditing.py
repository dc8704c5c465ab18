"""The audit of the log: every event against its leaf, every leaf against what was published.

The table of events and the tiles are walked beside each other by position, so that the first event
that is not what it was is named. The roots are made of the events alone: tiles and checkpoints that
were rewritten to fit a changed history do not fit a checkpoint that somebody kept.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Final, LiteralString

import psycopg
from psycopg import ServerCursor
from psycopg.sql import Composed

from ledger.log.checkpoint import Checkpoint
from ledger.log.leaf import LoggedEvent, continues
from ledger.log.logs import Connection, Log, Statements
from ledger.log.merkle import HASH_BYTES, leaf_hash
from ledger.log.note import Note
from ledger.log.tiles import WIDTH, Edge

ROWS: Final = 20_000
TILES: Final = 200
MOST_FAULTS: Final = 1_000

Progress = Callable[[int, int], None]
Leaf = tuple[int, bytes]  # the position of an event, and its hash in the tree


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was: its code, where, and the event where there is one.

    event_changed, event_missing, event_inserted: against the tiles. root_differs, rolled_back:
    against a checkpoint, which says of which size. head_differs: against the stored head.
    """

    code: str
    index: int | None = None
    position: int | None = None
    event: str | None = None
    size: int | None = None
    kept: bool = False


@dataclass
class LogReport:
    """What was walked: events in the tree and after it, and what is wrong, the first first."""

    log: Log
    size: int = 0
    root: bytes = b""
    waiting: int = 0
    checkpoints: int = 0
    faults: list[Fault] = field(default_factory=list[Fault])

    def add(self, fault: Fault) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


class LogAudit:
    """One read-only snapshot of the database, walked from the first event to the last."""

    def __init__(self, connection: Connection, schema: str, log: Log) -> None:
        self._connection = connection
        self._sql = Statements(schema)
        self._log = log

    def run(self, kept: Sequence[Checkpoint], progress: Progress) -> LogReport:
        """Compare everything; `kept` are checkpoints from elsewhere, of this log."""
        report = LogReport(self._log)
        with self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            promised = self._promised(kept)
            report.checkpoints = len(promised)
            walk = _Walk(report, promised, self._head(), self._leaves())
            total = self._count()
            for number, event in enumerate(self._events(), start=1):
                walk.take(event)
                if number % ROWS == 0:
                    progress(number, total)
            walk.end()
            progress(total, total)
        return report

    def export(self, size: int) -> Iterator[bytes]:
        """The leaves of a tree of that size, in order: their lines, and a blank line after each."""
        first = [] if self._log.continues is None else [continues(self._log.continues)]
        with self._connection.transaction():
            leaves = chain(first, (event.leaf for event in self._events()))
            yield from (leaf + b"\n" for leaf in islice(leaves, size))

    def _promised(self, kept: Sequence[Checkpoint]) -> list[tuple[int, bytes, bool]]:
        """Sizes with their roots: of every published checkpoint, and of those from elsewhere."""
        found = self._rows("SELECT note FROM {0}.log_checkpoint WHERE log = %s", self._log.number)
        published = [Checkpoint.parsed(Note.parsed(note.encode()).text) for (note,) in found]
        own = [(each.size, each.root, False) for each in published]
        return sorted([*own, *((each.size, each.root, True) for each in kept)])

    def _head(self) -> tuple[int, int, bytes]:
        found = self._rows(
            "SELECT size, position, root FROM {0}.log_head WHERE log = %s"
            " ORDER BY size DESC LIMIT 1",
            self._log.number,
        )
        return (found[0][0], found[0][1], bytes(found[0][2])) if found else (0, 0, b"")

    def _count(self) -> int:
        return int(self._rows("SELECT count(*) FROM {events}")[0][0])

    def _events(self) -> Iterator[LoggedEvent]:
        statement = self._sql("SELECT {event} FROM {events} ORDER BY notification_id")
        for row in self._streamed(statement, ROWS):
            yield LoggedEvent(*row)

    def _leaves(self) -> Iterator[Leaf]:
        statement = self._sql(
            "SELECT hashes, positions FROM {0}.log_tile WHERE log = %s AND level = 0 ORDER BY index"
        )
        for hashes, positions in self._streamed(statement, TILES, self._log.number):
            width = min(len(hashes) // HASH_BYTES, WIDTH)
            numbers = struct.unpack(f">{width}q", positions[: width * 8])
            for place, position in enumerate(numbers):
                yield position, bytes(hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES])

    def _streamed(
        self, statement: Composed, size: int, *values: object
    ) -> Iterator[tuple[Any, ...]]:
        name = f"audit_{size}"
        with ServerCursor(self._connection, name) as cursor:
            cursor.itersize, cursor.format = size, psycopg.pq.Format.BINARY
            yield from cursor.execute(statement, values, binary=True)

    def _rows(self, text: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.cursor(binary=True).execute(self._sql(text), values).fetchall()


class _Walk:
    """Events and leaves side by side, and the tree that the events make."""

    def __init__(
        self,
        report: LogReport,
        promised: list[tuple[int, bytes, bool]],
        head: tuple[int, int, bytes],
        leaves: Iterator[Leaf],
    ) -> None:
        self._report = report
        self._promised = promised[::-1]
        self._head_size, self._head_position, self._head_root = head
        self._leaves = leaves
        self._index = -1
        self._leaf: Leaf | None = None
        self._edge = Edge()
        self._own_differs = False
        self._next_leaf()
        if self._head_size and report.log.continues is not None:
            self._grow(leaf_hash(continues(report.log.continues)))
            self._next_leaf()

    def take(self, event: LoggedEvent) -> None:
        if event.position > self._head_position:
            self._report.waiting += 1
            return
        digest = leaf_hash(event.leaf)
        while self._leaf is not None and self._leaf[0] < event.position:
            self._missing()
        if self._leaf is None or self._leaf[0] > event.position:
            self._tell("event_inserted", event)
        else:
            if self._leaf[1] != digest:
                self._tell("event_changed", event)
            self._next_leaf()
        self._grow(digest)

    def end(self) -> None:
        while self._leaf is not None:
            self._missing()
        report = self._report
        report.size, report.root = self._edge.size, self._edge.root()
        if self._head_size and (report.size, report.root) != (self._head_size, self._head_root):
            report.add(Fault("head_differs", size=self._head_size))
        while self._promised:
            size, _, kept = self._promised.pop()
            report.add(Fault("rolled_back", size=size, kept=kept))

    def _missing(self) -> None:
        assert self._leaf is not None
        self._report.add(Fault("event_missing", self._index, self._leaf[0]))
        self._next_leaf()

    def _tell(self, code: str, event: LoggedEvent) -> None:
        self._report.add(Fault(code, self._index, event.position, str(event)))

    def _next_leaf(self) -> None:
        self._leaf = next(self._leaves, None)
        self._index += 1

    def _grow(self, digest: bytes) -> None:
        self._edge.add(digest)
        while self._promised and self._promised[-1][0] <= self._edge.size:
            size, root, kept = self._promised.pop()
            if size != self._edge.size or self._edge.root() == root:
                continue
            if kept or not self._own_differs:  # of our own the first says enough
                self._report.add(Fault("root_differs", size=size, kept=kept))
            self._own_differs |= not kept
