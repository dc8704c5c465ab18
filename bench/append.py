"""Events appended through the batch door, encoding included, beside COPY of the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from bench.ground import Ground
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from bench.world import World, attendance_of, wish
from domain.aggregate import LedgerEvent
from domain.identity import derived, timed_id
from ledger.batch import Batch
from ledger.ledger import EVENTS_TABLE
from ledger.mapper import LedgerMapper
from ledger.rows import Row, Stored
from ledger.saving import Saving

Units = Sequence[Sequence[LedgerEvent]]
QUESTION = Question(
    "append",
    "events appended by the batch door, a thousand at a time, encoding included",
    "events/s",
    "COPY of the same rows, encoded before, as many transactions",
    reach=0.5,
)


def run(ground: Ground, scale: Scale) -> list[Figure]:
    size, batches = scale.pick(100, 1_000, 1_000), scale.pick(1, 5, 30)
    World(ground.runtime.book, datetime.now(UTC), 1)
    mapper = ground.runtime.book.ledger.events_mapper
    table = SQL("public.copied")
    events = SQL("{}.{}").format(Identifier(ground.settings.ledger), Identifier(EVENTS_TABLE))
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        connection.execute(SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(table, events))
        copy = SQL(
            "COPY {} (originator_id, originator_version, topic, state) FROM STDIN (FORMAT BINARY)"
        ).format(table)

        def through_the_door(number: int) -> Sample:
            made = [check_ins(number * batches + batch, size) for batch in range(batches)]
            return timed(size * batches, lambda: append(ground, made))

        def by_copy(number: int) -> Sample:
            made = [check_ins(number * batches + batch, size) for batch in range(batches)]
            rows = [[stored for unit in encoded(mapper, b) for stored in unit] for b in made]
            return timed(size * batches, lambda: copy_in(connection, copy, rows))

        return [QUESTION.answer(*interleaved(scale.rounds, through_the_door, by_copy))]


def check_ins(number: int, size: int) -> list[list[LedgerEvent]]:
    """The events of as many check-ins, not encoded yet."""
    at = datetime.now(UTC)
    session_id = timed_id(at, "append", number)
    wishes = (wish(session_id, derived("append", place), at) for place in range(size))
    return [cast("list[LedgerEvent]", attendance_of(each).collect_events()) for each in wishes]


def encoded(mapper: LedgerMapper, units: Units) -> list[list[Row]]:
    return [[mapper.row(event) for event in unit] for unit in units]


def append(ground: Ground, batches: Sequence[Units]) -> None:
    ledger = ground.runtime.book.ledger
    ahead: Saving | None = None
    for units in batches:
        batch = Batch(encoded(ledger.events_mapper, units))
        if ahead is not None:
            all_in(ahead)
        ahead = ledger.store.begin(batch)
    if ahead is not None:
        all_in(ahead)


def all_in(saving: Saving) -> None:
    assert all(isinstance(outcome, list) for outcome in saving.outcomes())


def copy_in(
    connection: psycopg.Connection, statement: Composed, batches: Sequence[Sequence[Stored]]
) -> None:
    for rows in batches:
        with connection.cursor().copy(statement) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea"])
            for row in rows:
                copy.write_row((row.originator_id, row.originator_version, row.topic, row.state))
