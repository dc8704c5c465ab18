"""Connections to the read models: unqualified names mean this ledger's own view schema."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore
from types import TracebackType
from typing import Any, LiteralString, Self, TypeVar
from weakref import WeakKeyDictionary

from psycopg import Connection, Cursor, InterfaceError, OperationalError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import (
    FeatureNotSupported,
    IdleInTransactionSessionTimeout,
    ReadOnlySqlTransaction,
)
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier
from psycopg_pool import PoolTimeout

from ledger.ledger import EVENTS_TABLE
from ledger.look import told
from ledger.migrations import Names
from ledger.pooling import SERVER_NOTICES, Pool, pool, transaction
from projections.sight import Settings, sight

# What passes when the database is back; everything else is a bug or a fact that cannot be applied.
# A server that only reads is a standby that we were left with: another one writes.
GONE = (OperationalError, InterfaceError, IdleInTransactionSessionTimeout, ReadOnlySqlTransaction)

READERS = 8
WRITERS = 4
SECONDS_TO_WAIT = 10.0

READ_ONLY = "-c default_transaction_read_only=on"
_LOOK: LiteralString = (
    "SELECT current_user, set_config('parent_credits.sight', %s, false),"
    " set_config('parent_credits.schools', %s, false),"
    " set_config('parent_credits.learners', %s, false)"
)

# A writer that vanished holds its checkpoints no longer than this: whoever takes over waits for
# them. A page takes a quarter of a second.
SECONDS_A_WRITER_MAY_PAUSE = 4.0

Tx = Connection[TupleRow]
Statement = LiteralString | Composed
T = TypeVar("T")

# On which connection the reads of a context all see one state, and of which views.
_one_state: ContextVar[tuple[Views, Tx] | None] = ContextVar("one_state", default=None)


class NotTheReader(Exception):
    """Something between us and the server dropped the role of a session: no policy would hold."""


class Views:
    """Two pools: no reader waits for the projector, none can write, each sees what it may see."""

    def __init__(
        self, conninfo: str, names: Names, schema: str | None = None, readers: int = READERS
    ) -> None:
        self.conninfo = conninfo
        self.names = names
        self.schema = schema or names.views
        self.events = SQL("{}.{}").format(Identifier(names.ledger), Identifier(EVENTS_TABLE))
        self.followers = SQL("{}.follower").format(Identifier(names.ledger))
        self._reading = self._pool(f"{READ_ONLY} -c role={names.reader_role}", readers)
        self._long = BoundedSemaphore(max(1, readers // 2))  # the others are for the pages
        self._seeing: WeakKeyDictionary[Tx, Settings] = WeakKeyDictionary()
        # What is lost in a crash of the server is applied again: rows and checkpoint together.
        pause = int(SECONDS_A_WRITER_MAY_PAUSE * 1000)
        self._writing = self._pool(
            f"-c synchronous_commit=off -c idle_in_transaction_session_timeout={pause}"
            f" {SERVER_NOTICES}",
            WRITERS,
        )

    @contextmanager
    def read(self) -> Generator[Tx]:
        """A connection for queries. Each statement sees what is committed; none can write."""
        seen = sight().settings  # may ask, too, and then needs a connection
        if (held := self._held) is not None:
            self._limit(held, seen)
            yield held
            return
        with self._reading.connection() as connection:
            self._limit(connection, seen)
            yield connection

    def ask(self, seconds: float) -> None:
        """Raises OperationalError where the database does not answer in time."""
        with self._reading.connection(seconds) as connection:
            connection.execute("SELECT 1")

    @contextmanager
    def snapshot(self) -> Generator[Tx]:
        """A connection on which every query sees the same state."""
        if self._held is not None:
            with self.read() as connection:
                yield connection
            return
        with self.read() as connection, unprepared(connection), connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SELECT 1")  # the first query fixes what all of them see
            yield connection

    @contextmanager
    def one_state(self) -> Generator[None]:
        """Whatever is read in it, in however many parts, is of one moment.

        For a list that is made whole before anybody is sent it: the connection is held meanwhile.
        Raises PoolTimeout where as many are made as may be, and none is done in time.
        """
        with self._one_of_few(), self.snapshot() as connection:
            before = _one_state.set((self, connection))
            try:
                yield
            finally:
                _one_state.reset(before)
                self._seeing.pop(connection, None)  # what was set in a transaction may not stay

    @contextmanager
    def _one_of_few(self) -> Generator[None]:
        if not self._long.acquire(timeout=SECONDS_TO_WAIT):
            raise PoolTimeout
        try:
            yield
        finally:
            self._long.release()

    @contextmanager
    def transaction(self) -> Generator[Tx]:
        """A transaction that writes: it goes in whole or not at all."""
        with transaction(self._writing) as connection:
            yield connection

    def rows(self, kind: type[T], statement: Statement, **values: object) -> list[T]:
        """The rows of a query, each as one value."""

        def ask() -> list[T]:
            return self._asked(lambda connection: fetch(connection, kind, statement, **values))

        return told((self, kind, statement, sight().settings, *values.items()), ask)

    def row(self, kind: type[T], statement: Statement, **values: object) -> T | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(kind, statement, **values)), None)

    def cells(self, statement: Statement, **values: object) -> list[Any]:
        """The one column of a query."""

        def ask(connection: Tx) -> list[Any]:
            rows = connection.cursor(binary=True).execute(statement, values).fetchall()
            return [row[0] for row in rows]

        return self._asked(ask)

    def close(self) -> None:
        self._reading.close()
        self._writing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _held(self) -> Tx | None:
        views, connection = _one_state.get() or (None, None)
        return connection if views is self else None

    def _asked(self, ask: Callable[[Tx], T]) -> T:
        with self.read() as connection:
            try:
                return ask(connection)
            except FeatureNotSupported:  # planned for the columns of tables that were switched
                connection.execute("ROLLBACK")  # then the driver forgets its plans
                return ask(connection)

    def _limit(self, connection: Tx, seen: Settings) -> None:
        """The policies of the tables leave what this request may see."""
        if self._seeing.get(connection) != seen:
            self._seeing.pop(connection, None)  # cut in the middle, it is said again
            row = connection.execute(_LOOK, seen).fetchone()
            if row is None or row[0] != self.names.reader_role:
                raise NotTheReader
            self._seeing[connection] = seen

    def _pool(self, options: str, size: int) -> Pool:
        own = session(self.conninfo, self.schema, options)
        return pool(own, size, SECONDS_TO_WAIT, "parent-credits views")


@contextmanager
def unprepared(connection: Tx) -> Generator[None]:
    """No plan from before a switch is met where nothing can be asked twice."""
    usual, connection.prepare_threshold = connection.prepare_threshold, None
    try:
        yield
    finally:
        connection.prepare_threshold = usual


def session(conninfo: str, schema: str, options: str = "") -> str:
    """The connection string of a session whose names are the schema's and whose times are UTC."""
    known = str(conninfo_to_dict(conninfo).get("options") or "")
    own = f'-c search_path="{schema}" -c timezone=UTC {options}'
    words = {"options": f"{known} {own}".strip()}
    if READ_ONLY in options and conninfo_to_dict(conninfo).get("target_session_attrs"):
        # Of several hosts the one that writes: a session that may not write is none to libpq.
        words["target_session_attrs"] = "primary"
    return make_conninfo(conninfo, **words)


def fetch(tx: Tx, kind: type[T], statement: Statement, **values: object) -> list[T]:
    """The rows of a query, each as one value: columns are fields, arrays are tuples."""
    with tx.cursor(binary=True, row_factory=rows_as(kind)) as cursor:
        return cursor.execute(statement, values).fetchall()


def rows_as(kind: type[T]) -> Callable[[Cursor[Any]], Callable[[Sequence[Any]], T]]:
    def factory(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], T]:
        names = [column.name for column in cursor.description or ()]

        def make(values: Sequence[Any]) -> T:
            return kind(**dict(zip(names, map(frozen, values), strict=True)))

        return make

    return factory


def frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
