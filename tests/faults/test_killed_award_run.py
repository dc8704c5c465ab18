"""A worker is killed with -9 in the middle of an award run; the next one does the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.account import Account
from domain.attendance import Attendance
from domain.evaluation import Evaluation
from ledger.events_table import lock_key
from tests.acting import ENDS, Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import balance, hold

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("award_run.py")


@contextmanager
def worker(pilot: Pilot, database: TestDatabase, cause: UUID) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable, str(SCRIPT), database.app, database.schema, str(pilot.session_id),
        ENDS.isoformat(), str(cause),
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    ) as process:
        yield process
        process.kill()


def let_go_on(process: subprocess.Popen[str], saves: int) -> None:
    """Let it make so many saves, until it stands still before the next one."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "decided\n"
    for _ in range(saves):
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() in {"decided\n", "done\n"}


def everything(pilot: Pilot) -> list[tuple[int, int, int, int]]:
    """Of each learner: balance, and how many facts lie in the three streams of an award."""
    ledger = pilot.book.ledger
    return [
        (
            balance(pilot, learner),
            len(ledger.store.select_events(Attendance.create_id(pilot.session_id, learner))),
            len(ledger.store.select_events(Account.create_id(learner))),
            len(ledger.store.select_events(Evaluation.create_id(learner, "primary"))),
        )
        for learner in pilot.learners
    ]


@pytest.mark.parametrize(("saves", "same_cause"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_killed_run_is_finished_by_the_next_one(
    pilot: Pilot, database: TestDatabase, saves: int, same_cause: bool
) -> None:
    hold(pilot, pilot.learners)
    cause = uuid4()
    with worker(pilot, database, cause) as process:
        let_go_on(process, saves)
        process.kill()
        process.wait()
    assert [line[0] for line in everything(pilot)].count(200) == saves

    pilot.book.awards.run(pilot.session_id, ENDS, cause if same_cause else uuid4())

    assert everything(pilot) == [(200, 3, 2, 1)] * 3


def test_a_run_killed_while_the_database_writes_is_finished_by_the_next_one(
    pilot: Pilot, database: TestDatabase
) -> None:
    """The statement of the dead worker may still be carried out: before or after the next run's."""
    hold(pilot, pilot.learners)
    cause = uuid4()
    with (
        psycopg.connect(database.app, autocommit=True) as blocker,
        worker(pilot, database, cause) as process,
    ):
        key = lock_key(database.schema, "ledger_events")
        blocker.execute("SELECT pg_advisory_lock(%s)", (key,))
        let_go_on(process, 0)
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        while not blocker.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ).fetchone():
            blocker.execute("SELECT pg_sleep(0.01)")
        process.kill()
        process.wait()
        blocker.execute("SELECT pg_advisory_unlock(%s)", (key,))

    pilot.book.awards.run(pilot.session_id, ENDS, cause)

    assert everything(pilot) == [(200, 3, 2, 1)] * 3
