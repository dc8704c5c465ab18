"""A batch on its way to the database: sent, and its outcomes asked for when the next one is made.

All of it in the caller's own thread. Another thread would save nothing: whoever makes the next
batch keeps the interpreter, and the one that sends waits for it again and again. (The driver's
pipeline waits for the answer when it sends.)
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, Final, cast

from eventsourcing.persistence import InterfaceError, OperationalError
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, Format

from ledger.batch import Batch, Outcome
from ledger.doubt import InDoubt, heeding

MOST_ON_THE_WAY: Final = 5_000  # events, whose answer fits what lies between the server and us

Positions = list[int | None]
LOST: Final = (InterfaceError, OperationalError)


class Sending:
    """The append of a batch. The server works on it as soon as this is made.

    The connection is its own until `positions` is asked, which must be done, once.
    """

    def __init__(self, datastore: PostgresDatastore, statement: bytes, batch: Batch) -> None:
        with ExitStack() as held:
            self._connection = held.enter_context(datastore.get_connection())
            self._warnings = held.enter_context(heeding(self._connection))
            self._types = Transformer.from_context(self._connection)
            self._send(statement, batch.arguments(is_retry=False))
            self._held = held.pop_all()

    def positions(self) -> Positions:
        """Wait for the commit. Raises InDoubt, OperationalError and what the database refuses."""
        with self._held:
            results = self._connection.wait(fetch_many(self._connection.pgconn))
            for result in results:
                if result.status != ExecStatus.TUPLES_OK:
                    raise error_from_result(result, self._connection.info.encoding)
        self._warnings.refuse()
        self._types.set_pgresult(results[0])
        [positions] = cast("tuple[Positions]", self._types.load_row(0, tuple))
        return positions

    def _send(self, statement: bytes, arguments: tuple[object, ...]) -> None:
        values = self._types.dump_sequence(arguments, [PyFormat.BINARY] * len(arguments))
        types, formats = self._types.types, self._types.formats
        connection: Connection[Any] = self._connection
        connection.pgconn.send_query_params(statement, values, types, formats, Format.BINARY)
        connection.wait(send(connection.pgconn))


class Saving:
    """Several saves on their way, each of which succeeds or conflicts on its own.

    What is larger than most is written at once: the server waits for whoever does not read its
    answer, and holds the lock that orders all writers.
    """

    def __init__(
        self,
        batch: Batch,
        begin: Callable[[Batch], Sending],
        insist: Callable[[Batch, int], Positions],
    ) -> None:
        self._batch = batch
        self._insist = insist
        self._sending: Sending | None = None
        self._told: list[Outcome] | None = None
        if len(batch.numbers) > MOST_ON_THE_WAY:
            self._told = batch.outcomes(insist(batch, 1))
        elif batch.numbers:
            with suppress(*LOST):  # then `outcomes` sends it
                self._sending = begin(batch)

    def outcomes(self) -> list[Outcome]:
        """Wait until all is recorded; asked again, the same.

        Raises InDoubt and OperationalError: it may have been recorded. What else raises has
        recorded nothing.
        """
        if self._told is None:
            self._told = self._batch.outcomes(self._positions() if self._batch.numbers else [])
        return self._told

    def _positions(self) -> Positions:
        sending, self._sending = self._sending, None
        if sending is not None:
            try:
                return sending.positions()
            except InDoubt:
                raise
            except LOST:
                pass  # the answer of what may have been recorded: the same again finds it
        return self._insist(self._batch, 2)
