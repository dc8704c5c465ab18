"""A rebuild that is held up at its last steps: what runs stays, and says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg
import pytest

from domain.school import School
from projections import database as views_database
from projections import switching
from projections.database import Tx, Views
from projections.feed import Fact, Topics
from projections.projector import Projector
from projections.rebuild import Rebuild, RebuildStopped
from projections.runner import Runner
from projections.switching import TablesInUse
from tests.acting import SCHOOL, Pilot, envelope
from tests.database import TestDatabase
from tests.projections.given import Arrivals, fingerprints

SOON = 20.0


class Classes(Arrivals):
    """Counts classes: one more can be opened at any time."""

    topics: Topics | None = frozenset({School.ClassOpened.TOPIC})

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        for fact in facts:
            tx.execute("INSERT INTO arrival (position) VALUES (%s)", (fact.position,))
            if self._mishap:
                self._mishap(tx, fact)


@pytest.fixture
def running(views: Views, pilot: Pilot) -> Projector:
    made = Projector(views, [Classes()])
    made.set_up()
    made.catch_up()
    return made


def one_more_class_at_the_end(pilot: Pilot, running: Projector) -> Callable[[int, int], None]:
    """The running one goes on by a class after the other has grown as far as it was."""
    told: list[int] = []

    def tell(done: int, goal: int) -> None:
        told.append(done)
        if told == [goal] * len(told) and len(told) == 2:
            pilot.book.registry.open_classes(SCHOOL, 2026, [("一年级", "1班")], envelope())
            running.catch_up()

    return tell


def test_what_cannot_be_applied_at_the_last_moment_stops_the_switch(
    pilot: Pilot, running: Projector, views: Views
) -> None:
    grown = running.feed.head()

    def refuse(tx: Tx, fact: Fact) -> None:
        if fact.position > grown:
            raise ValueError("a fact that cannot be")

    with pytest.raises(RebuildStopped, match=r"school\.class_opened at position"):
        Rebuild(views, Classes(refuse)).run(one_more_class_at_the_end(pilot, running))

    assert fingerprints(views, [Classes()])["arrival"][0] == 2
    running.catch_up()
    [status] = running.status()
    assert (status.lag_events, status.stopped_reason) == (0, None)


def test_a_rebuild_may_hold_the_running_one_longer_than_a_page_may_take(
    database: TestDatabase, pilot: Pilot, running: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_database, "SECONDS_A_WRITER_MAY_PAUSE", 0.2)
    grown = running.feed.head()

    def linger(tx: Tx, fact: Fact) -> None:
        if fact.position > grown:
            tx.execute("SELECT pg_sleep(0.7)")

    with Views(database.app, database.names) as views:
        report = Rebuild(views, Classes(linger)).run(one_more_class_at_the_end(pilot, running))

        assert report.differing == ()
        assert fingerprints(views, [Classes()])["arrival"][0] == 2


def test_tables_that_are_read_all_the_time_are_switched_later(
    database: TestDatabase, running: Projector, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No outage of the database: it is said where a rebuild shows its state."""
    monkeypatch.setattr(switching, "ATTEMPTS", 2)
    newer = Projector(views, [Classes(version=2)])
    with psycopg.connect(database.owner) as reader:
        reader.execute("SELECT 1 FROM ledger_views.arrival")
        with pytest.raises(TablesInUse):
            Rebuild(views, Classes()).run()
        with Runner(newer) as runner:
            assert runner.wait_until_active(SOON)
            while (reason := newer.status()[0].stopped_reason) is None:
                newer.wait_for(running.feed.head() + 1, timeout=0.02)
            assert reason.startswith("TablesInUse")

            reader.rollback()
            while newer.outdated():
                newer.wait_for(running.feed.head() + 1, timeout=0.02)
    assert newer.status()[0].stopped_reason is None
