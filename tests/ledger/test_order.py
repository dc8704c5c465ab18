"""Ids are given in the order of commits: who reads the tail of the feed never passes a gap."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from psycopg.errors import LockNotAvailable

from ledger.batch import Batch
from ledger.events_table import append_statement, ddl
from ledger.ledger import Ledger
from ledger.partitions import AlreadyInParts, partition
from tests.database import TestDatabase
from tests.ledger.tables import in_parts, without_lock

WRITERS, BATCHES = 4, 40
READ = "SELECT notification_id FROM {} WHERE notification_id > %s ORDER BY notification_id"


def news(number: int) -> list[list[StoredEvent]]:
    return [[StoredEvent(uuid4(), 1, "test.happened", b"{}")] for _ in range(number)]


@dataclass
class Tail:
    """A reader that goes on from the last position it saw."""

    connection: psycopg.Connection
    table: str
    seen: list[int]

    def read(self) -> None:
        after = self.seen[-1] if self.seen else 0
        rows = self.connection.execute(READ.format(self.table).encode(), (after,)).fetchall()
        self.seen += [row[0] for row in rows]

    def missed(self) -> set[int]:
        rows = self.connection.execute(READ.format(self.table).encode(), (0,)).fetchall()
        return {row[0] for row in rows} - set(self.seen)


@dataclass
class Hands:
    """A table of the test's own, two writers who commit when they are told, and a reader."""

    first: psycopg.Connection
    second: psycopg.Connection
    tail: Tail

    def append(self, writer: psycopg.Connection) -> None:
        arguments = Batch(news(1)).arguments(is_retry=False)
        writer.execute(append_statement("public", "own", "positions"), arguments)


@pytest.fixture(params=["plain", "in parts"])
def hands(database: TestDatabase, request: pytest.FixtureRequest) -> Iterator[Hands]:
    with ExitStack() as stack:
        first, second, reader = (
            stack.enter_context(psycopg.connect(database.owner)) for _ in range(3)
        )
        reader.autocommit = True
        made = [each.as_bytes(reader) for each in ddl("public", "own")]
        if request.param == "in parts":
            made = in_parts(ddl("public", "own"), reader)
        for statement in without_lock(made) if "lock_is_gone" in request.node.name else made:
            reader.execute(statement)
        second.execute("SET lock_timeout = '100ms'")
        second.commit()
        yield Hands(first, second, Tail(reader, "public.own", []))


def test_whoever_came_second_cannot_commit_first(hands: Hands) -> None:
    hands.append(hands.first)
    with pytest.raises(LockNotAvailable):
        hands.append(hands.second)
    hands.second.rollback()
    hands.tail.read()
    hands.first.commit()
    hands.append(hands.second)
    hands.second.commit()
    hands.tail.read()

    assert hands.tail.seen == sorted(hands.tail.seen)
    assert len(hands.tail.seen) == 2
    assert hands.tail.missed() == set()


def test_when_the_lock_is_gone_a_reader_misses_what_is_committed_later(hands: Hands) -> None:
    hands.append(hands.first)
    hands.append(hands.second)
    hands.second.commit()
    hands.tail.read()
    hands.first.commit()
    hands.tail.read()

    assert len(hands.tail.seen) == 1
    assert len(hands.tail.missed()) == 1


def hurry(conninfo: str, begin: Barrier, seed: int) -> None:
    """Append batches, and let each wait a moment for its commit, as a busy disk does."""
    chance = Random(seed)
    with psycopg.connect(conninfo) as writer:
        begin.wait(60)
        for _ in range(BATCHES):
            arguments = Batch(news(chance.randint(1, 5))).arguments(is_retry=False)
            writer.execute(append_statement("public", "own", "positions"), arguments)
            time.sleep(chance.random() * 0.003)
            writer.commit()


@pytest.mark.parametrize("is_locked", [True, False])
def test_of_many_writers_a_reader_misses_something_only_where_the_lock_is_taken_out(
    database: TestDatabase, is_locked: bool
) -> None:
    with (
        psycopg.connect(database.owner, autocommit=True) as reader,
        ThreadPoolExecutor(WRITERS) as writers,
    ):
        made = [each.as_bytes(reader) for each in ddl("public", "own")]
        for statement in made if is_locked else without_lock(made):
            reader.execute(statement)
        tail, begin = Tail(reader, "public.own", []), Barrier(WRITERS)
        done = [writers.submit(hurry, database.owner, begin, seed) for seed in range(WRITERS)]
        while not all(future.done() for future in done):
            tail.read()
        for future in done:
            future.result()
        tail.read()

        assert len(tail.seen) >= BATCHES
        assert bool(tail.missed()) is not is_locked


def write(conninfo: str, schema: str, batches: int) -> None:
    """What a process of its own does: three threads that append batches of several sizes."""
    ledger = Ledger(conninfo, schema)
    with ThreadPoolExecutor(3) as threads:
        for done in [
            threads.submit(ledger.store.insert_units, news(1 + number % 7))
            for number in range(batches)
        ]:
            done.result()
    ledger.close()


@pytest.mark.parametrize("kind", ["plain", "in parts"])
def test_a_reader_misses_nothing_of_many_processes(database: TestDatabase, kind: str) -> None:
    if kind == "in parts":
        partition(database.owner, database.names, 4)
    with (
        psycopg.connect(database.app, autocommit=True) as reader,
        ProcessPoolExecutor(2, get_context("spawn")) as writers,
    ):
        tail = Tail(reader, "ledger.ledger_events", [])
        done = [writers.submit(write, database.app, database.schema, 70) for _ in range(2)]
        while not all(future.done() for future in done):
            tail.read()
        for future in done:
            future.result()
        tail.read()

        assert len(tail.seen) == 2 * 70 * 4
        assert tail.missed() == set()


def test_a_table_is_parted_once_and_goes_on_where_it_was(database: TestDatabase) -> None:
    ledger = Ledger(database.app, database.schema)
    before = ledger.store.insert_units(news(3))
    partition(database.owner, database.names, 2)

    after = ledger.store.insert_units(news(3))
    ledger.close()

    positions = [each[0] for each in [*before, *after] if isinstance(each, list)]
    assert len(positions) == 6
    assert positions == sorted(positions)
    with pytest.raises(AlreadyInParts):
        partition(database.owner, database.names, 2)


def test_a_spoilt_sequence_gives_no_position_twice(database: TestDatabase) -> None:
    partition(database.owner, database.names, 2)
    ledger = Ledger(database.app, database.schema)
    ledger.store.insert_units(news(5))
    with psycopg.connect(database.owner, autocommit=True) as owner:
        spoil = (
            "SELECT setval(pg_get_serial_sequence('ledger.ledger_events', 'notification_id'), %s)"
        )
        owner.execute(spoil, [1])
        with pytest.raises(IntegrityError):
            ledger.store.insert_events(news(1)[0])
        taken = "SELECT count(*), count(DISTINCT notification_id) FROM ledger.ledger_events"
        assert len(set(owner.execute(taken).fetchone() or ())) == 1
        owner.execute(spoil, [1000])
    assert ledger.store.insert_events(news(1)[0]) is not None
    ledger.close()


def test_no_part_is_detached_behind_the_guard(database: TestDatabase) -> None:
    partition(database.owner, database.names, 2)
    with psycopg.connect(database.owner, autocommit=True) as owner:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(
                "ALTER TABLE ledger.ledger_events DETACH PARTITION ledger.ledger_events_0"
                " CONCURRENTLY"
            )
        pending = "SELECT bool_or(inhdetachpending) FROM pg_inherits"
        assert owner.execute(pending).fetchone() == (False,)


@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO ledger.ledger_events_0 VALUES (gen_random_uuid(), 1, 'x', '')",
        "DELETE FROM ledger.ledger_events_0",
        "TRUNCATE ledger.ledger_events_1",
        "DROP TABLE ledger.ledger_events_1",
        "ALTER TABLE ledger.ledger_events DETACH PARTITION ledger.ledger_events_1",
    ],
)
def test_no_part_is_a_back_door(database: TestDatabase, attack: str) -> None:
    partition(database.owner, database.names, 2)
    ledger = Ledger(database.app, database.schema)
    ledger.store.insert_units(news(20))
    ledger.close()

    with (
        psycopg.connect(database.owner) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        owner.execute(attack.encode())
