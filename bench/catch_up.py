"""Read models brought up from nothing, beside the library's runner: one event, one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from bench.ground import Ground
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from bench.stock import StockLedger, copy_history, environment
from bench.world import World, record
from domain.attendance import Attendance
from projections.database import Views
from projections.projection import Projection as OurProjection
from projections.projector import Projector

WAIT = 120.0
YARDSTICK = "stock ProjectionRunner: the register of check-ins, one event a transaction"
ONE = Question(
    "catch-up", "events into the attendance register alone", "events/s", YARDSTICK, reach=80
)
ALL = Question("catch-up", "events into all read models", "events/s", YARDSTICK)


class StockRegister(PostgresTrackingRecorder):
    """The view of the yardstick: one line per check-in, with its tracking."""

    def __init__(self, datastore: Any, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.moments: list[float] = []
        schema = Identifier(datastore.schema)
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {}.register (attendance_id uuid PRIMARY KEY,"
                " session_id uuid NOT NULL, learner_id uuid NOT NULL, checked_in_at timestamptz,"
                " checked_out_at timestamptz, result text, minutes bigint)"
            ).format(schema)
        )
        self._add = SQL(
            "INSERT INTO {}.register (attendance_id, session_id, learner_id, checked_in_at)"
            " VALUES (%s, %s, %s, %s)"
        ).format(schema)
        self._leave = SQL(
            "UPDATE {}.register SET checked_out_at = %s WHERE attendance_id = %s"
        ).format(schema)

    def add(self, event: Attendance.CheckedIn, tracking: Tracking) -> None:
        at = event.envelope.at
        self._do(self._add, (event.originator_id, event.session_id, event.learner_id, at), tracking)

    def leave(self, event: Attendance.CheckedOut, tracking: Tracking) -> None:
        self._do(self._leave, (event.envelope.at, event.originator_id), tracking)

    def _do(self, statement: Any, values: tuple[object, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(statement, values, prepare=True)
        self.moments.append(time.perf_counter())


class StockProjection(Projection[StockRegister]):
    name = "register"
    topics = (Attendance.CheckedIn.TOPIC, Attendance.CheckedOut.TOPIC)

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        match domain_event:
            case Attendance.CheckedIn():
                self.view.add(domain_event, tracking)
            case Attendance.CheckedOut():
                self.view.leave(domain_event, tracking)
            case _:
                raise AssertionError(domain_event)


class StockFeed(Application[Any]):
    """The stock store, under the name that its table has."""

    name = "ledger"


def run(ground: Ground, scale: Scale) -> list[Figure]:
    guests, evenings = scale.pick(20, 300, 1_000), scale.pick(2, 8, 60)
    stock = scale.pick(20, 300, 1_500)
    fill(ground, guests, evenings)
    own = len(StockProjection.topics) * guests * evenings
    events = own + 3 * guests  # registered, linked, enrolled
    StockLedger(ground).close()
    copy_history(ground)
    register, everything = [ground.runtime.models.attendances], ground.runtime.models.projections
    one, all_of_them, stock_one = interleaved(
        min(scale.rounds, 3),
        lambda _: caught_up(ground, register, own),
        lambda _: caught_up(ground, everything, events),
        lambda _: run_stock(ground, stock),
    )
    return [ONE.answer(one, stock_one), ALL.answer(all_of_them, stock_one)]


def fill(ground: Ground, guests: int, evenings: int) -> None:
    world = World(ground.runtime.book, datetime.now(UTC), guests)
    for number in range(evenings):
        begins_at = world.at - timedelta(days=number + 1)
        session_id = world.open_session(begins_at, number)
        record(world.book, world.attendances(session_id, begins_at, world.learners))


def caught_up(ground: Ground, projections: Iterable[OurProjection], events: int) -> Sample:
    """From empty tables to the head of the feed, by the same projector that a worker runs."""
    views: Views = ground.runtime.views
    with views.transaction() as tx:
        there = tx.execute(_TABLES, [views.names.views]).fetchall()
        tables = SQL(", ").join(Identifier(table) for (table,) in there)
        tx.execute(SQL("DROP TABLE {}").format(tables))
    projector = Projector(views, list(projections))
    projector.set_up()
    sample = timed(events, projector.catch_up)
    assert not any(status.lag_events for status in projector.status())
    return sample


def run_stock(ground: Ground, events: int) -> Sample:
    """The stock runner over the first so many events that it reads."""
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS stock.register, stock.register_tracking")
        until = count(connection, _POSITION, (list(StockProjection.topics), events))

        with ProjectionRunner(
            application_class=StockFeed,
            projection_class=StockProjection,
            view_class=StockRegister,
            env=environment(ground.owner),
        ) as runner:
            runner.wait(until, timeout=WAIT)
    # Its start and the steps in which it is waited for are not counted against it.
    moments = runner.view.moments[:events]
    return Sample(events - 1, moments[-1] - moments[0])


_TABLES: LiteralString = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
_POSITION: LiteralString = """
SELECT max(notification_id) FROM (SELECT notification_id FROM stock.ledger_events
 WHERE topic = ANY(%s) ORDER BY notification_id LIMIT %s) AS first
"""


def count(
    connection: psycopg.Connection, statement: LiteralString, values: tuple[object, ...]
) -> int:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return int(row[0])
