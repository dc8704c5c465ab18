"""The sequencer: one process of a ledger that takes recorded events into the tree, in order.

Each round goes through four states, and may be killed after any of them:

1. read: nothing happened.
2. extended: tiles and head are durable in one transaction; nobody saw them. The next round signs.
3. signed and in the folder: the head was durable before, so it is never behind the folder. The
   next round signs the same bytes again (Ed25519) and records them.
4. recorded: the checkpoint is served.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import starmap
from types import TracebackType
from typing import Any, ClassVar, LiteralString, Self

import psycopg
from psycopg.rows import tuple_row

from domain.refusals import Refused
from ledger.doubt import Warnings
from ledger.events_table import lock_key
from ledger.log.checkpoint import Checkpoint
from ledger.log.leaf import LoggedEvent, continues
from ledger.log.logs import POSITION, Connection, Log, Statements
from ledger.log.merkle import HASH_BYTES, leaf_hash
from ledger.log.note import Note, NoteSigner
from ledger.log.publishing import CheckpointFolder
from ledger.log.tiles import WIDTH, Edge, Tile, TileBroken, Tree
from ledger.migrations import Names
from ledger.store import CONFIRM

EVENTS_A_ROUND = 20_000
_POSITION_BYTES = POSITION.size * WIDTH


class LogRestored(Refused):
    """The database was restored, and nobody said yet what the last checkpoint was."""

    code: ClassVar[str] = "log_restored"


@dataclass(frozen=True)
class Round:
    """What a round did: how many events it took in, and the checkpoint that it published."""

    taken: int
    published: Note | None


def log_signer(secret: bytes, origin: str) -> NoteSigner:
    """The key of a log is made of the installation's secret and its origin: no two are the same."""
    return NoteSigner.of(origin, hmac.digest(secret, origin.encode(), "sha256"))


class Sequencer:
    """Holds the ledger's one log lock on a connection of its own while it is open."""

    def __init__(
        self,
        connection: Connection,
        names: Names,
        origin: str,
        signer_of: Callable[[str], NoteSigner],
        folder: CheckpointFolder,
    ) -> None:
        self._connection = connection
        self._sql = Statements(names.ledger)
        self._folder = folder
        self._warnings = Warnings()
        connection.add_notice_handler(self._warnings.heed)
        self.log = self._begun(origin, signer_of)
        self._signer = signer_of(self.log.origin)
        self._position, self._edge = 0, Edge()
        self._open_positions, self._positions = bytearray(), dict[int, bytes]()
        self._signed_size = 0
        if folder.awaits_word(self.log.number):
            raise LogRestored
        self._load()
        connection.execute(CONFIRM)  # it may be a head whose wait for the standby was cut
        self._warnings.refuse()
        self.must_follow(folder.read(self.log.number), self._recorded())

    @classmethod
    def opened(
        cls,
        conninfo: str,
        names: Names,
        origin: str,
        signer_of: Callable[[str], NoteSigner],
        folder: CheckpointFolder,
    ) -> Self | None:
        """None where another process is it. Raises RolledBack, Forked, TileBroken, InDoubt."""
        connection: Connection = psycopg.connect(
            conninfo, autocommit=True, row_factory=tuple_row, options="-c synchronous_commit=on"
        )
        try:
            key = lock_key(names.ledger, "log")
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
            if row and row[0]:
                return cls(connection, names, origin, signer_of, folder)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def connection(self) -> Connection:
        return self._connection

    @property
    def size(self) -> int:
        return self._edge.size

    def step(self) -> Round:
        """Take what is recorded into the tree and publish it. Raises InDoubt, RolledBack, Forked.

        After an exception it must be opened anew: the tree in memory may be ahead.
        """
        taken = 0
        while rows := self._read():
            self._extend(rows)
            taken += len(rows)
            if taken >= EVENTS_A_ROUND:
                break
        if self._edge.size == self._signed_size:
            return Round(taken, None)
        note = self._sign()
        self._publish(note)
        self._record(note)
        return Round(taken, note)

    def must_follow(self, *published: Note | None) -> None:
        """What was published before must be a beginning of this tree. Raises RolledBack, Forked."""
        tree = Tree(self._edge.size, self._tile)
        own = Checkpoint(self.log.origin, self._edge.size, self._edge.root())
        for note in published:
            if note is not None:
                older = Checkpoint.opened(note, [self.log.key], self.log.origin)
                known = older.size <= own.size
                own.follows(older, tree.consistency(older.size, own.size) if known else [])

    def _begun(self, origin: str, signer_of: Callable[[str], NoteSigner]) -> Log:
        """The log that is written; the first one begins here."""
        self._connection.execute(
            self._sql(
                "INSERT INTO {0}.log (number, origin, key) SELECT 1, %s, %s"
                " WHERE NOT EXISTS (SELECT FROM {0}.log)"
            ),
            (origin, str(signer_of(origin).key)),
        )
        [row] = self._rows(
            "SELECT number, origin, key, continues, began_at FROM {0}.log"
            " ORDER BY number DESC LIMIT 1"
        )
        return Log.of(row)

    def _load(self) -> None:
        """The edge of the stored tree. Raises TileBroken."""
        heads = self._rows(
            "SELECT size, position, root FROM {0}.log_head WHERE log = %s"
            " ORDER BY size DESC LIMIT 1",
            self.log.number,
        )
        for size, position, root in heads:
            self._edge, self._position = Edge.of(size, self._tile), position
            if self._edge.root() != bytes(root):
                raise TileBroken(size=size)
            self._open_positions = bytearray(self._positions_of(size // WIDTH, size % WIDTH))
        if not heads and self.log.continues is not None:
            self._take(leaf_hash(continues(self.log.continues)), 0)

    def _read(self) -> list[LoggedEvent]:
        rows = self._rows(
            "SELECT {event} FROM {events} WHERE notification_id > %s"
            " ORDER BY notification_id LIMIT %s",
            self._position,
            EVENTS_A_ROUND,
        )
        return list(starmap(LoggedEvent, rows))

    def _take(self, leaf: bytes, position: int) -> None:
        self._edge.add(leaf)
        self._open_positions += POSITION.pack(position)
        if len(self._open_positions) == _POSITION_BYTES:
            self._positions[self._edge.size // WIDTH - 1] = bytes(self._open_positions)
            self._open_positions.clear()

    def _extend(self, rows: Sequence[LoggedEvent]) -> None:
        """Tiles and head, durable together. Raises InDoubt where the standby was not waited for."""
        for row in rows:
            self._take(leaf_hash(row.leaf), row.position)
        head = (self.log.number, self._edge.size, rows[-1].position, self._edge.root())
        with self._connection.transaction():
            self._write_tiles()
            self._connection.execute(
                self._sql(
                    "INSERT INTO {0}.log_head (log, size, position, root) VALUES (%s, %s, %s, %s)"
                ),
                head,
            )
        self._warnings.refuse()
        self._position = rows[-1].position

    def _write_tiles(self) -> None:
        changed, positions = self._edge.changed(), self._positions
        self._positions = {}
        if self._open_positions:
            positions[self._edge.size // WIDTH] = bytes(self._open_positions)
        known = [positions.get(index) if level == 0 else None for level, index in changed]
        firsts = [POSITION.unpack_from(each)[0] if each else None for each in known]
        self._connection.execute(
            self._sql(
                "INSERT INTO {0}.log_tile (log, level, index, hashes, positions, first_position)"
                " SELECT %s, * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[], %s::bytea[],"
                " %s::bigint[]) ON CONFLICT (log, level, index)"
                " DO UPDATE SET hashes = excluded.hashes, positions = excluded.positions"
            ),
            (
                self.log.number,
                [level for level, _ in changed],
                [index for _, index in changed],
                list(changed.values()),
                known,
                firsts,
            ),
            binary=True,
        )

    def _sign(self) -> Note:
        own = Checkpoint(self.log.origin, self._edge.size, self._edge.root())
        return own.signed(self._signer)

    def _publish(self, note: Note) -> None:
        self._folder.write(self.log.number, note)

    def _record(self, note: Note) -> None:
        self._connection.execute(
            self._sql(
                "INSERT INTO {0}.log_checkpoint (log, size, note) VALUES (%s, %s, %s)"
                " ON CONFLICT DO NOTHING"
            ),
            (self.log.number, self._edge.size, str(note)),
        )
        self._signed_size = self._edge.size

    def _recorded(self) -> Note | None:
        found = self._rows(
            "SELECT size, note FROM {0}.log_checkpoint WHERE log = %s ORDER BY size DESC LIMIT 1",
            self.log.number,
        )
        for size, note in found:
            self._signed_size = size
            return Note.parsed(note.encode())
        return None

    def _tile(self, tile: Tile) -> bytes:
        """Raises TileBroken."""
        hashes = self._columns(tile.level, tile.index)[0][: tile.width * HASH_BYTES]
        if len(hashes) < tile.width * HASH_BYTES:
            raise TileBroken(tile=tile.path)
        return hashes

    def _positions_of(self, index: int, width: int) -> bytes:
        return self._columns(0, index)[1][: width * POSITION.size] if width else b""

    def _columns(self, level: int, index: int) -> tuple[bytes, bytes]:
        """A tile's hashes and, of leaves, positions; nothing where it is missing."""
        found = self._rows(
            "SELECT hashes, coalesce(positions, '') FROM {0}.log_tile"
            " WHERE log = %s AND level = %s AND index = %s",
            self.log.number,
            level,
            index,
        )
        return (bytes(found[0][0]), bytes(found[0][1])) if found else (b"", b"")

    def _rows(self, text: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor(binary=True)
        return cursor.execute(self._sql(text), values).fetchall()
