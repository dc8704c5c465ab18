"""The recorder keeps the library's contract, the app role's rights and the order of commits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresDatastore
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from psycopg.conninfo import conninfo_to_dict

from ledger.batch import Batch
from ledger.doubt import InDoubt, Warnings
from ledger.ledger import Ledger
from ledger.partitions import partition
from ledger.store import LedgerRecorder
from tests.database import TestDatabase
from tests.ledger.tables import in_parts


class OwnTable:
    """The library's test cases on a table of the test's own, as the owner role."""

    database: ClassVar[TestDatabase]

    @pytest.fixture(autouse=True)
    def _database(self, database: TestDatabase) -> None:
        type(self).database = database

    def setUp(self) -> None:  # noqa: N802 - unittest's name
        super().setUp()  # type: ignore[misc]
        at = {key: str(value) for key, value in conninfo_to_dict(self.database.owner).items()}
        self.datastore = PostgresDatastore(
            at["dbname"], at["host"], at["port"], at["user"], at.get("password", ""),
            schema="public", pool_size=2, max_overflow=20,
        )  # fmt: skip

    def tearDown(self) -> None:  # noqa: N802 - unittest's name
        self.datastore.close()

    def create_recorder(self) -> LedgerRecorder:
        recorder = LedgerRecorder(self.datastore)
        recorder.create_table()
        return recorder


class TestTheLibrarysRecorderCases(OwnTable, ApplicationRecorderTestCase):
    INITIAL_VERSION = 1


class InParts(OwnTable):
    """The same on a table in parts."""

    def create_recorder(self) -> LedgerRecorder:
        recorder = LedgerRecorder(self.datastore)
        with psycopg.connect(self.database.owner) as owner:
            for statement in in_parts(recorder.sql_create_statements, owner):
                owner.execute(statement)
        return recorder


class TestTheLibrarysRecorderCasesInParts(InParts, ApplicationRecorderTestCase):
    INITIAL_VERSION = 1


class TestTheLibrarysOrderCasesInParts(InParts, NonInterleavingNotificationIDsBaseCase):
    insert_num = 200


class TestTheLibrarysOrderCases(OwnTable, NonInterleavingNotificationIDsBaseCase):
    insert_num = 200


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase


@pytest.fixture(params=["plain", "in parts"])
def ledger(database: TestDatabase, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """On the table as it is made, and on the same in parts: nobody sees a difference."""
    if request.param == "in parts":
        partition(database.owner, database.names, 3)
    ledger = Ledger(database.app, database.schema)
    yield ledger
    ledger.close()


def row(key: UUID, version: int = 1, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(key, version, "test.happened", state)


def test_a_conflict_fails_its_own_save_and_no_neighbour(ledger: Ledger) -> None:
    taken, free = uuid4(), uuid4()
    ledger.store.insert_events([row(taken)])

    [mine, theirs, twice] = ledger.store.insert_units(
        [[row(free)], [row(uuid4()), row(taken)], [row(free)]]
    )

    assert isinstance(mine, list)
    assert isinstance(theirs, IntegrityError)
    assert isinstance(twice, IntegrityError)
    assert len(ledger.store.select_events(free)) == 1


def test_a_save_that_conflicts_leaves_nothing_of_itself(ledger: Ledger) -> None:
    taken, other = uuid4(), uuid4()
    ledger.store.insert_events([row(taken)])

    with pytest.raises(IntegrityError):
        ledger.store.insert_events([row(other), row(taken)])

    assert ledger.store.select_events(other) == []


def test_a_tailing_reader_misses_nothing_under_many_writers(ledger: Ledger) -> None:
    seen: list[int] = []

    def write(_: int) -> None:
        for _ in range(40):
            ledger.store.insert_events([row(uuid4()), row(uuid4())])

    with ThreadPoolExecutor(7) as writers:
        done = [writers.submit(write, n) for n in range(6)]
        while len(seen) < 480:
            all_written = all(future.done() for future in done)
            after = seen[-1] if seen else None
            found = ledger.store.select_notifications(after, 1000, inclusive_of_start=False)
            seen += [notification.id for notification in found]
            if all_written and not found:
                break

    assert len(seen) == 480
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger.ledger_events SET topic = 'x'",
        "DELETE FROM ledger.ledger_events",
        "TRUNCATE ledger.ledger_events",
        (
            "INSERT INTO ledger.ledger_events (originator_id, originator_version, topic, state,"
            " recorded_at) VALUES (gen_random_uuid(), 1, 'x', '', now())"
        ),
        "ALTER TABLE ledger.ledger_events DISABLE TRIGGER ALL",
        "DROP TABLE ledger.ledger_events",
        "SELECT * FROM ledger_vault.subject",
    ],
)
def test_the_app_role_can_only_add_and_read(
    ledger: Ledger, database: TestDatabase, attack: str
) -> None:
    ledger.store.insert_events([row(uuid4())])

    with psycopg.connect(database.app, autocommit=True) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(attack)
        assert app.execute("SELECT count(*) FROM ledger.ledger_events").fetchone() == (1,)


@pytest.mark.parametrize("attack", ["UPDATE {} SET topic = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_owner_role_is_refused_too(ledger: Ledger, database: TestDatabase, attack: str) -> None:
    ledger.store.insert_events([row(uuid4())])

    with (
        psycopg.connect(database.owner, autocommit=True) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        owner.execute(attack.format("ledger.ledger_events"))


def test_many_streams_are_read_in_one_query(ledger: Ledger) -> None:
    known, unknown = uuid4(), uuid4()
    ledger.store.insert_events([row(known, 1), row(known, 2)])

    found = ledger.store.select_streams([known, unknown])

    assert [event.originator_version for event in found[known]] == [1, 2]
    assert found[unknown] == []


def test_a_command_is_found_by_its_id(ledger: Ledger) -> None:
    key, command = uuid4(), uuid4()
    state = b'{"envelope":{"command_id":"%s"}}' % str(command).encode()
    [position] = ledger.store.insert_events([row(key, state=state)]) or []

    assert ledger.store.position_of(command, {key: 1}) == position
    assert ledger.store.position_of(uuid4(), {key: 1}) is None


def test_an_older_event_of_a_command_is_not_the_one_that_was_tried(ledger: Ledger) -> None:
    key, other, command = uuid4(), uuid4(), uuid4()
    state = b'{"envelope":{"command_id":"%s"}}' % str(command).encode()
    ledger.store.insert_events([row(key, 1, state), row(key, 2), row(other, 1, state)])

    assert ledger.store.position_of(command, {key: 2}) is None
    assert ledger.store.position_of(command, {key: 1, other: 2}) is None
    assert ledger.store.position_of(command, {key: 1, other: 1}) is not None


def test_a_repeated_first_attempt_is_answered_and_never_written_twice(ledger: Ledger) -> None:
    key, other = uuid4(), uuid4()
    batch = Batch([[row(key, 1), row(key, 2)], [row(other)]])
    first = ledger.store._append(batch, is_retry=False)

    assert ledger.store._append(batch, is_retry=True) == first
    assert ledger.store._append(batch, is_retry=False) == [None, None, None]
    assert ledger.store.max_notification_id() == first[-1]


def test_a_repeated_attempt_with_other_bytes_is_refused_and_its_neighbour_written(
    ledger: Ledger,
) -> None:
    key, other = uuid4(), uuid4()
    ledger.store.insert_events([row(key)])

    [answer, neighbour] = ledger.store._append(
        Batch([[row(key, state=b'{"a":1}')], [row(other)]]), is_retry=True
    )

    assert answer is None
    assert neighbour is not None


def test_reading_goes_on_after_the_connections_were_cut(
    ledger: Ledger, database: TestDatabase
) -> None:
    key = uuid4()
    ledger.store.insert_events([row(key)])
    with ThreadPoolExecutor(8) as readers:
        list(readers.map(lambda _: ledger.store.select_streams([key]), range(40)))
    cut_connections(database)

    with ThreadPoolExecutor(8) as readers:
        found = list(readers.map(lambda _: ledger.store.select_streams([key]), range(8)))

    assert [len(streams[key]) for streams in found] == [1] * 8


def test_writing_goes_on_after_the_connections_were_cut(
    ledger: Ledger, database: TestDatabase
) -> None:
    ledger.store.insert_events([row(uuid4())])
    cut_connections(database)

    assert ledger.store.insert_events([row(uuid4())])


def cut_connections(database: TestDatabase) -> None:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'ledger_app'"
        )


@pytest.mark.parametrize(
    ("raised", "in_doubt"),
    [("WARNING", True), ("NOTICE", False)],
)
def test_a_warning_makes_an_append_doubtful_in_any_language(
    ledger: Ledger, database: TestDatabase, raised: str, in_doubt: bool
) -> None:
    warnings = Warnings()
    with psycopg.connect(database.app, autocommit=True) as connection:
        connection.add_notice_handler(warnings.heed)
        connection.execute(f"DO $$ BEGIN RAISE {raised} '正在取消等待同步复制'; END $$".encode())

    if in_doubt:
        with pytest.raises(InDoubt):
            warnings.refuse()
    warnings.refuse()
