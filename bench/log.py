"""The log: taking events in, auditing all of them, and proving one."""

from __future__ import annotations

import random
from collections.abc import Generator
from contextlib import contextmanager
from itertools import starmap

import psycopg
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier

from bench.ground import Ground
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from ledger.ledger import EVENTS_TABLE
from ledger.log.auditing import LogAudit
from ledger.log.leaf import COLUMNS, LoggedEvent
from ledger.log.logs import Connection
from ledger.log.sequencer import Sequencer

READ = "reading the same rows into Python"
TAKE_IN = Question(
    "log", "events taken into the tree, a checkpoint every 20,000 (goal: 50,000)", "events/s", READ
)
AUDIT = Question("log", "events audited against leaves and roots (goal: 80,000)", "events/s", READ)
PROVE = Question(
    "log", "proofs of inclusion from the database (goal: 200)", "proofs/s",
    "reading an event by its position, two queries",
)  # fmt: skip

# As large as a check-in, each in a stream of its own.
_MAKE = """
INSERT INTO {events} (originator_id, originator_version, topic, state)
SELECT gen_random_uuid(), 1, 'attendance.checked_in', convert_to(
    md5(g::text) || md5((g + 1)::text) || md5((g + 2)::text) || repeat('x', 350), 'UTF8')
FROM generate_series(1, %s) g
"""
_READ = "SELECT {event} FROM {events} WHERE notification_id > %s ORDER BY notification_id LIMIT %s"


def run(ground: Ground, scale: Scale) -> list[Figure]:
    """Each round takes in a piece; the pieces together are the tree that is audited and proved."""
    piece, rounds = scale.pick(300, 20_000, 100_000), scale.pick(1, 3, 5)
    table = Identifier(ground.settings.ledger), Identifier(EVENTS_TABLE)
    events = SQL("{}.{}").format(*table)
    make, read = SQL(_MAKE).format(events=events), SQL(_READ).format(event=COLUMNS, events=events)
    app = ground.runtime.connections.app
    with keeping(ground) as sequencer, psycopg.connect(app, autocommit=True) as writer:

        def take_in(_: int) -> Sample:
            writer.execute(make, (piece,))
            before = sequencer.size
            done = timed(piece, lambda: drained(sequencer))
            assert sequencer.size >= before + piece
            return done

        def by_reading(_: int) -> Sample:
            return timed(piece, lambda: read_by_pages(writer, read, piece))

        taken = TAKE_IN.answer(*interleaved(rounds, take_in, by_reading))
        size = sequencer.size
        audited = AUDIT.answer(
            [timed(size, lambda: audit(ground))],
            [timed(size, lambda: read_by_pages(writer, read, size))],
        )
    return [taken, audited, proved(ground, scale, size)]


@contextmanager
def keeping(ground: Ground) -> Generator[Sequencer]:
    """The log of the ground, with what set the ledger up in it."""
    sequencer = ground.runtime.log_keeping.opened()
    assert sequencer is not None
    with sequencer:
        drained(sequencer)
        yield sequencer


def drained(sequencer: Sequencer) -> None:
    while sequencer.step().taken:
        pass


def read_by_pages(connection: psycopg.Connection, statement: Composed, count: int) -> None:
    reached = 0
    while count > 0:
        cursor = connection.cursor(binary=True)
        rows = cursor.execute(statement, (reached, 20_000)).fetchall()
        found = list(starmap(LoggedEvent, rows))
        if not found:
            return
        reached, count = found[-1].position, count - len(found)


def audit(ground: Ground) -> None:
    connection: Connection = psycopg.connect(ground.runtime.connections.app, row_factory=tuple_row)
    with connection:
        log = ground.runtime.logs.current()
        report = LogAudit(connection, ground.settings.ledger, log).run([], lambda *_: None)
    assert not report.faults


def proved(ground: Ground, scale: Scale, size: int) -> Figure:
    """Nothing is kept from one proof to the next; the server has its own memory."""
    proofs = scale.pick(5, 100, 500)
    logs, chance = ground.runtime.logs, random.Random(1)
    log = logs.current()
    newest = logs.newest(log)

    def prove(_: int) -> Sample:
        indexes = [chance.randrange(size) for _ in range(proofs)]
        done = timed(proofs, lambda: [logs.prove(log, index, newest) for index in indexes])
        return Sample(done.amount, done.seconds, {"ms": done.seconds / proofs * 1000})

    def by_position(_: int) -> Sample:
        positions = [chance.randrange(1, size) for _ in range(2 * proofs)]
        return timed(proofs, lambda: [logs.event_at(each) for each in positions])

    return PROVE.answer(*interleaved(scale.rounds, prove, by_position))
