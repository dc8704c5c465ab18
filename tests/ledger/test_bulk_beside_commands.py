"""Bulk doors beside single commands on the same streams: all decide before one can append."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.account import Account
from domain.attendance import Attendance
from domain.learner import Learner
from ledger.events_table import lock_key
from ledger.plans import RowOutcome
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope
from tests.database import TestDatabase
from tests.ledger.evenings import balance, hold

SOON = 30.0
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def nobody_appends(database: TestDatabase, until_waiting: int) -> Iterator[None]:
    """Appends go on when so many wait for their turn: each has decided on the same history."""
    with psycopg.connect(database.owner, autocommit=True) as blocker:
        key = lock_key("ledger", "ledger_events")
        blocker.execute("SELECT pg_advisory_lock(%s)", (key,))
        yield
        until = time.monotonic() + SOON
        while (blocker.execute(WAITING).fetchone() or (0,))[0] < until_waiting:
            assert time.monotonic() < until
            time.sleep(0.01)


def all_at_once(database: TestDatabase, *works: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(works)) as crowd:
        with nobody_appends(database, len(works)):
            done = [crowd.submit(work) for work in works]
        for each in done:
            each.result()


def topics_of(pilot: Pilot, stream: UUID) -> list[str]:
    return [each.topic for each in pilot.book.ledger.store.select_events(stream)]


def test_a_roster_and_consents_on_the_same_records_lose_nothing(
    pilot: Pilot, database: TestDatabase
) -> None:
    book = pilot.book
    rows = [entry(row, class_group="3班") for row in range(2, 5)]
    taken: list[RowOutcome] = []

    def import_roster() -> None:
        results = book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
        taken.extend(result.outcome for result in results)

    all_at_once(
        database,
        import_roster,
        *(
            lambda each=each: book.learners.consent(each, "notice", "1", envelope())
            for each in pilot.learners
        ),
    )

    assert taken == [RowOutcome.CHANGED] * 3
    for learner in pilot.learners:
        topics = topics_of(pilot, learner)
        assert topics.count(Learner.ConsentGiven.TOPIC) == 1
        assert topics.count(Learner.Enrolled.TOPIC) == 2
    again = book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
    assert [each.outcome for each in again] == [RowOutcome.SAME] * 3


@pytest.mark.parametrize("runs", [2, 3])
def test_award_runs_of_one_session_credit_everybody_once(
    pilot: Pilot, database: TestDatabase, runs: int
) -> None:
    hold(pilot, pilot.learners)
    book, session_id = pilot.book, pilot.session_id

    all_at_once(
        database,
        *[lambda: book.awards.run(session_id, ENDS, uuid4())] * runs,
    )

    for learner in pilot.learners:
        topics = topics_of(pilot, Account.create_id(learner))
        assert topics.count(Account.CreditAwarded.TOPIC) == 1
        assert balance(pilot, learner) == 200
    for each in book.sessions.attendance_ids(session_id):
        assert topics_of(pilot, each).count(Attendance.Assessed.TOPIC) == 1
