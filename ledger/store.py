"""The persistence module of the library: its PostgreSQL recorder with one round trip per write."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from eventsourcing import postgres
from eventsourcing.persistence import (
    IntegrityError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import Environment, retry
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier

from ledger import pooling
from ledger.batch import Batch, Outcome
from ledger.doubt import InDoubt, heeding
from ledger.events_table import append_statement, channel_of, ddl, numbered
from ledger.look import end_look, looked_at
from ledger.rows import Stored
from ledger.saving import LOST, Positions, Saving, Sending
from ledger.unmoved import Unmoved, append_unmoved_statement
from ledger.unmoved import ddl as unmoved_ddl

ATTEMPTS = 10
SECONDS_BETWEEN = 0.2


# A record of nothing, whose commit waits for the synchronous standby like that of any fact: when it
# is through, so is all that could be read before. Without a standby what can be read is durable.
CONFIRM: Final = SQL(
    "SELECT current_setting('synchronous_standby_names') <> '' AND"
    " pg_logical_emit_message(true, 'parent-credits', '') IS NOT NULL"
)


class LedgerRecorder(PostgresApplicationRecorder):
    """The library's contract on our own table: commit order, least rights, one round trip."""

    def __init__(
        self, datastore: PostgresDatastore, *, events_table_name: str = "events", **kwargs: Any
    ) -> None:
        super().__init__(datastore, events_table_name=events_table_name, **kwargs)
        self.channel_name = channel_of(datastore.schema, events_table_name)
        names = (datastore.schema, events_table_name)
        self.sql_create_statements = [*ddl(*names), *unmoved_ddl(*names)]
        self._appended = append_statement(*names, "positions")
        self._append_unnamed = numbered(self._appended)
        self._appended_unmoved = append_unmoved_statement(*names)
        self._streams = SQL(
            "SELECT originator_id, originator_version, topic, state FROM {}.{}"
            " WHERE originator_id = ANY(%b) ORDER BY originator_id, originator_version"
        ).format(Identifier(datastore.schema), Identifier(events_table_name))
        self._by_command = SQL(
            "SELECT count(*), max(notification_id) FROM {}.{}"
            " JOIN unnest(%b::uuid[], %b::bigint[]) AS mine(i, v)"
            " ON originator_id = i AND originator_version = v"
            " WHERE convert_from(state, 'UTF8')::jsonb #>> '{{envelope,command_id}}' = %t"
        ).format(Identifier(datastore.schema), Identifier(events_table_name))

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        unmoved: Unmoved | None = None,
        **kwargs: Any,
    ) -> Sequence[int] | None:
        [outcome] = self.insert_units([stored_events], unmoved)
        if isinstance(outcome, IntegrityError):
            raise outcome
        return outcome

    def insert_units(
        self, units: Sequence[Sequence[Stored]], unmoved: Unmoved | None = None
    ) -> list[Outcome]:
        """Write several saves in one transaction; each succeeds or conflicts on its own.

        Raises IntegrityError where what is to be `unmoved` is not.
        """
        end_look()
        batch = Batch(units)
        return batch.outcomes(self._insist(batch, 1, unmoved) if batch.numbers else [])

    def begin(self, batch: Batch) -> Saving:
        """The same, not waited for: the server works while the caller makes the next batch.

        Whoever begins the next one before the outcomes of this are known may find it recorded
        though this one failed. It waits while the pool has no connection to give.
        """
        end_look()
        return Saving(batch, self._begin, self._insist)

    def _begin(self, batch: Batch) -> Sending:
        return Sending(self.datastore, self._append_unnamed, batch)

    def _insist(self, batch: Batch, attempt: int, unmoved: Unmoved | None = None) -> Positions:
        """Append a batch, again where the answer was lost: what is there is ours from then on."""
        while True:
            try:
                return self._append(batch, is_retry=attempt > 1, unmoved=unmoved)
            except InDoubt:
                raise
            except LOST:
                if attempt == ATTEMPTS:
                    raise
            attempt += 1
            time.sleep(SECONDS_BETWEEN)

    def _append(self, batch: Batch, *, is_retry: bool, unmoved: Unmoved | None = None) -> Positions:
        statement, arguments = self._appended, batch.arguments(is_retry=is_retry)
        if unmoved:
            statement, arguments = self._appended_unmoved, (*arguments, *unmoved.arguments)
        with (
            self.datastore.get_connection() as connection,
            heeding(connection) as warnings,
            tuples(connection).cursor(row_factory=tuple_row) as cursor,
        ):
            cursor.execute(statement, arguments, prepare=True, binary=True)
            row = cursor.fetchone()
        warnings.refuse()
        assert row is not None
        return cast("Positions", row[0])

    @retry(LOST, max_attempts=ATTEMPTS, wait=SECONDS_BETWEEN)
    def confirm(self) -> bool:
        """Wait until the standby has all that was read before; False where none is waited for.

        A row is there to be read, and dies with this server, where the wait for it was cancelled,
        its session killed, or the server crashed meanwhile. Where it is answered True, whatever
        shall be told must be read anew: this may be another server than the one that was read.
        Raises InDoubt.
        """
        with self.datastore.get_connection() as connection, heeding(connection) as warnings:
            cursor = tuples(connection).cursor(row_factory=tuple_row)
            [waited] = cursor.execute(CONFIRM).fetchone() or (False,)
        warnings.refuse()
        return bool(waited)

    def select_streams(self, ids: Iterable[UUID]) -> dict[UUID, list[StoredEvent]]:
        """Read many streams in one query: id -> its rows in order (empty where there is none)."""
        return looked_at(ids, self._read_streams)

    def _read_streams(self, ids: list[UUID]) -> dict[UUID, list[StoredEvent]]:
        found: dict[UUID, list[StoredEvent]] = {key: [] for key in ids}
        for key, version, topic, state in self.rows(self._streams, (ids,)):
            found[key].append(StoredEvent(key, version, topic, bytes(state)))
        return found

    def position_of(self, command_id: UUID, versions: Mapping[UUID, int]) -> int | None:
        """Where a command was recorded at just these versions of streams, or None.

        This settles a lost acknowledgement. An older event of the same command does not: a run
        that is asked again may have more to record.
        """
        arguments = (list(versions), list(versions.values()), str(command_id))
        [(found, position)] = self.rows(self._by_command, arguments)
        return cast("int | None", position) if found == len(versions) else None

    @retry(LOST, max_attempts=ATTEMPTS, wait=SECONDS_BETWEEN)
    def rows(
        self, query: Composed, arguments: Sequence[object] | Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        """Read, again where a connection was cut: the pool may hold several that are dead."""
        with self.datastore.get_connection() as connection:
            cursor = tuples(connection).cursor(row_factory=tuple_row, binary=True)
            return cursor.execute(query, arguments).fetchall()


def tuples(connection: Connection[Any]) -> Connection[tuple[Any, ...]]:
    """The library's connections give dicts; ours ask for tuples at the cursor."""
    return connection


class Factory(postgres.PostgresFactory):
    """Builds the recorder from one connection string (`POSTGRES_CONNINFO`, any libpq keyword)."""

    application_recorder_class = LedgerRecorder

    def __init__(self, env: Environment) -> None:
        settings = {k: str(v) for k, v in conninfo_to_dict(env["POSTGRES_CONNINFO"]).items()}
        for key in ("dbname", "host", "port", "user", "password"):
            env[f"POSTGRES_{key.upper()}"] = settings.pop(key, "")
        super().__init__(env)
        self.datastore.pool.num_workers = pooling.OPENERS
        extra = cast("dict[str, Any]", self.datastore.pool.kwargs)
        extra.update(settings | pooling.asking)
