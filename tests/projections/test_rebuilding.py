"""The runner's own rebuilds: of what is outdated when it runs, and of nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import LiteralString

import psycopg
import pytest

from ledger.events_table import lock_key
from projections import projector as projecting
from projections.database import Tx, Views
from projections.feed import Fact
from projections.projector import Projector
from projections.rebuild import Rebuild, RebuildUnderWay
from projections.rebuilding import Rebuilding
from projections.runner import Runner
from tests.acting import SCHOOL, envelope
from tests.database import TestDatabase
from tests.projections.given import Arrivals, poison
from tests.projections.term import Term

SOON = 20.0


@pytest.fixture
def older(term: Term, views: Views) -> Projector:
    """What the release before has left."""
    made = Projector(views, [Arrivals()])
    made.set_up()
    made.catch_up()
    return made


@pytest.fixture
def newer(older: Projector) -> Projector:
    return Projector(older.views, [Arrivals(version=2)])


@pytest.fixture
def held(database: TestDatabase) -> Iterator[psycopg.Connection]:
    """Somebody else is the one that runs, until this is closed."""
    with psycopg.connect(database.app, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (lock_key(database.names.views, "runner"),))
        yield holder


def test_whoever_takes_over_rebuilds_nothing_that_is_rebuilt(
    older: Projector, newer: Projector, held: psycopg.Connection, term: Term
) -> None:
    with Runner(newer) as standing_by:
        Rebuild(newer.views, Arrivals(version=2)).run()
        held.close()
        assert standing_by.wait_until_active(SOON)
        registry = term.pilot.book.registry
        opened = registry.open_classes(SCHOOL, 2026, [("一年级", "1班")], envelope())
        assert newer.wait_for(opened, SOON)

    assert Rebuild(older.views, Arrivals()).has_older  # a second one would have dropped them


def test_what_became_outdated_while_standing_by_is_rebuilt(
    older: Projector, newer: Projector, held: psycopg.Connection
) -> None:
    Rebuild(newer.views, Arrivals(version=2)).run()
    with Runner(newer) as standing_by:
        Rebuild(older.views, Arrivals()).run()  # the release before is back, for a while
        held.close()
        assert standing_by.wait_until_active(SOON)
        while newer.outdated():
            newer.wait_for(newer.feed.head() + 1, timeout=0.02)


def test_a_release_that_is_overtaken_takes_nothing_back_before_it_starts_anew(
    older: Projector, newer: Projector
) -> None:
    with Runner(older) as old:
        assert old.wait_until_active(SOON)
        Rebuild(newer.views, Arrivals(version=2)).run()
        rebuilding = Rebuilding(older, lambda: True)
        assert not rebuilding.step()
        assert not older.wait_for(older.feed.head() + 1, timeout=1.0)  # two bells
        assert newer.outdated() == []

    with Runner(older):
        while older.outdated():
            older.wait_for(older.feed.head() + 1, timeout=0.02)


def test_who_is_up_to_date_is_not_stopped_by_a_complaint_that_comes_late(
    newer: Projector, database: TestDatabase
) -> None:
    rebuilding = Rebuilding(newer, lambda: True)
    with psycopg.connect(database.app, autocommit=True) as other:
        key = lock_key(database.names.shadow, "arrivals")
        other.execute("SELECT pg_advisory_lock(%s)", (key,))
        with pytest.raises(RebuildUnderWay) as refused:
            rebuilding.step()
        rebuilding.complain(refused.value)
        assert newer.status()[0].stopped_reason is not None
        other.execute("SELECT pg_advisory_unlock(%s)", (key,))
    Rebuild(newer.views, Arrivals(version=2)).run()

    rebuilding.complain(refused.value)

    assert newer.status()[0].stopped_reason is None
    assert not rebuilding.step()


def test_a_runner_that_is_stopped_leaves_its_rebuild_to_whoever_runs_next(
    older: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting, "FIRST_PAGE", 1)
    applied: list[int] = []
    begun, go_on = Event(), Event()

    def linger(tx: Tx, fact: Fact) -> None:
        applied.append(fact.position)
        begun.set()
        assert go_on.wait(SOON)

    newer = Projector(older.views, [Arrivals(linger, version=2)])
    with Runner(newer) as runner, ThreadPoolExecutor(1) as beside:
        assert begun.wait(SOON)
        stopping = beside.submit(runner.stop)
        while runner.is_active:
            time.sleep(0.02)
        go_on.set()
        stopping.result(SOON)
    assert len(applied) == 1
    assert newer.outdated()

    with Runner(newer):
        while newer.outdated():
            newer.wait_for(newer.feed.head() + 1, timeout=0.02)
    assert len(applied) == len(set(applied)) == 3


def test_whoever_may_not_work_any_more_does_not_wait_to_switch(
    newer: Projector, database: TestDatabase
) -> None:
    asked: list[float] = []

    def may_work() -> bool:
        """Until the second try to switch."""
        asked.append(time.monotonic())
        return len(asked) < 4

    with psycopg.connect(database.owner) as reader:
        reader.execute("SELECT 1 FROM ledger_views.arrival")
        assert not Rebuilding(newer, may_work).step()
    assert newer.outdated()
    assert asked[-1] - asked[0] < 5


class Comings(Arrivals):
    """Another projection, made later."""

    name = "comings"
    tables: tuple[str, ...] = ("coming",)
    ddl: LiteralString = "CREATE TABLE IF NOT EXISTS coming (position bigint PRIMARY KEY)"

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        for fact in facts:
            tx.execute("INSERT INTO coming VALUES (%s)", (fact.position,))


def test_what_cannot_be_rebuilt_holds_up_nobody(term: Term, views: Views) -> None:
    older = Projector(views, [Arrivals(), Comings()])
    older.set_up()
    older.catch_up()
    broken = Arrivals(poison(term.pilot.learners[0]), version=2)
    newer = Projector(views, [broken, Comings(version=2)])

    with Runner(newer):
        while [each.name for each in newer.outdated()] != ["arrivals"]:
            newer.wait_for(newer.feed.head() + 1, timeout=0.02)

    assert "a fact that cannot be" in str(newer.status()[0].stopped_reason)
