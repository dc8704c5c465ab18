"""The runner: at the head of the feed within moments, one at a time, through every outage."""

from __future__ import annotations

import os
import time
from threading import Event, Thread
from typing import LiteralString

import psycopg
import pytest
from psycopg.sql import SQL

from domain.session import Session
from ledger import guard
from ledger.events_table import channel_of, lock_key
from ledger.ledger import EVENTS_TABLE
from projections import watch
from projections.database import Views
from projections.feed import Fact
from projections.following import Follower, Following
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.runner import Runner
from tests.acting import SCHOOL, envelope
from tests.database import TestDatabase
from tests.projections.given import Arrivals, end_connections, forget
from tests.projections.term import Term

SOON = 20.0


def open_class(term: Term, name: str) -> int:
    return term.pilot.book.registry.open_classes(SCHOOL, 2026, [("一年级", name)], envelope())


def test_what_is_recorded_is_applied_within_moments(projector: Projector, term: Term) -> None:
    with Runner(projector) as runner:
        assert runner.wait_until_active(SOON)
        assert projector.wait_for(term.pilot.book.ledger.position(), SOON)
        assert projector.wait_for(open_class(term, "1班"), SOON)
        assert projector.wait_for(open_class(term, "2班"), SOON)
    assert not runner.is_active


def test_one_of_two_runners_runs_and_the_other_takes_over(
    projector: Projector, term: Term, models: ReadModels, views: Views
) -> None:
    other = Projector(views, models.projections)
    with Runner(other) as standing_by:
        assert standing_by.wait_until_active(SOON)
        with Runner(projector) as second:
            assert not second.wait_until_active(0.7)
            standing_by.stop()
            assert second.wait_until_active(SOON)
            assert projector.wait_for(open_class(term, "1班"), SOON)


def test_a_runner_takes_over_when_the_holders_connection_dies(
    projector: Projector, term: Term, database: TestDatabase
) -> None:
    holder = psycopg.connect(database.app, autocommit=True)
    key = lock_key(database.names.views, "runner")
    holder.execute("SELECT pg_advisory_lock(%s)", (key,))
    with Runner(projector) as runner:
        assert not runner.wait_until_active(0.7)
        holder.close()
        assert runner.wait_until_active(5)


def test_a_runner_that_hears_much_keeps_its_lock(
    projector: Projector, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server takes the lock from whoever asks nothing; hearing is not asking."""
    monkeypatch.setattr(watch, "SECONDS_TO_HOLD", 1.4)
    monkeypatch.setattr(watch, "SECONDS_TO_TAKE_BACK", 1.5)
    channel = channel_of(database.names.ledger, EVENTS_TABLE)
    with (
        Runner(projector) as runner,
        psycopg.connect(database.owner, autocommit=True) as owner,
    ):
        assert runner.wait_until_active(SOON)
        [before] = holders(owner)
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            owner.execute("SELECT pg_notify(%s, '')", (channel,))
            time.sleep(0.05)
        assert holders(owner) == [before]


def test_a_process_that_was_asleep_does_not_believe_that_it_still_runs(
    views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "SECONDS_TO_HOLD", 1.4)
    monkeypatch.setattr(watch, "SECONDS_TO_TAKE_BACK", 1.5)
    rung, awake = Event(), Event()

    def fall_asleep() -> None:
        rung.set()
        assert awake.wait(SOON)

    first, second = watch.Watch(views, fall_asleep), watch.Watch(views, lambda: None)
    both = [Thread(target=each.run, daemon=True) for each in (first, second)]
    both[0].start()
    assert rung.wait(SOON)
    assert first.holds
    both[1].start()
    assert second.active.wait(SOON)
    assert (first.active.is_set(), first.holds) == (True, False)
    first.stop()
    second.stop()
    awake.set()
    for thread in both:
        thread.join()


def holders(owner: psycopg.Connection) -> list[int]:
    """The sessions of this process's watches."""
    rows = owner.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = %s",
        (f"parent-credits projections {os.getpid()}",),
    )
    return [row[0] for row in rows]


def test_a_runner_comes_back_after_a_restart_of_the_server(
    projector: Projector, term: Term, database: TestDatabase
) -> None:
    with Runner(projector) as runner:
        assert runner.wait_until_active(SOON)
        assert projector.wait_for(term.pilot.book.ledger.position(), SOON)

        assert end_connections(database, f"parent-credits projections {os.getpid()}") == 1
        assert end_connections(database, "parent-credits views") >= 2

        assert projector.wait_for(open_class(term, "1班"), SOON)
        assert runner.wait_until_active(SOON)


def test_a_follower_sees_each_fact_of_its_topics_in_order(projector: Projector, term: Term) -> None:
    heard: list[Fact] = []
    follower = Follower(
        "listener",
        frozenset({Session.Scheduled.TOPIC, Session.Attested.TOPIC}),
        heard.extend,
    )
    with Runner(projector, [follower]) as runner:
        assert runner.wait_until_active(SOON)
        assert projector.wait_for(term.pilot.book.ledger.position(), SOON, names=["listener"])

    topics = [fact.event.TOPIC for fact in heard]
    assert topics == ["session.scheduled"] + ["session.attested"] * 2 + ["session.scheduled"] * 3
    [status] = [s for s in projector.status() if s.name == "listener"]
    assert (status.lag_events, status.stopped_reason) == (0, None)


def test_a_follower_goes_on_where_it_was_when_the_read_models_were_dropped(
    projector: Projector, term: Term, models: ReadModels, views: Views
) -> None:
    heard: list[Fact] = []
    follower = Follower("listener", frozenset({Session.Attested.TOPIC}), heard.extend)
    Following(views, follower).set_up()
    Following(views, follower).catch_up()
    assert len(heard) == 2

    forget(views, models.projections)
    projector.set_up()
    Following(views, follower).set_up()
    Following(views, follower).catch_up()

    assert len(heard) == 2


def test_a_follower_that_failed_is_asked_again_and_says_meanwhile_why(
    projector: Projector, term: Term
) -> None:
    failed, mended = Event(), Event()
    seen: list[int] = []

    def on_batch(facts: list[Fact]) -> None:
        if not mended.is_set():
            failed.set()
            raise LookupError("no such account")
        seen.extend(fact.position for fact in facts)

    follower = Follower("listener", frozenset({Session.Attested.TOPIC}), on_batch)
    with Runner(projector, [follower]) as runner:
        assert runner.wait_until_active(SOON)
        assert failed.wait(SOON)
        failed.clear()
        assert failed.wait(SOON)  # asked again: the first complaint is on record
        [status] = [s for s in projector.status() if s.name == "listener"]
        assert status.stopped_reason == "LookupError: no such account"
        assert projector.wait_for(term.pilot.book.ledger.position(), SOON)  # the others go on

        mended.set()
        head = term.pilot.book.ledger.position()
        while not projector.wait_for(head, SOON, names=["listener"]):
            assert runner.is_active
    assert len(seen) == len(set(seen)) == 2


def test_a_follower_outlives_that_its_complaint_cannot_be_recorded(
    projector: Projector, term: Term, database: TestDatabase
) -> None:
    heard: list[Fact] = []
    follower = Follower("listener", frozenset({Session.Attested.TOPIC}), heard.extend)
    with Runner(projector, [follower]) as runner:
        owned(database, "REVOKE UPDATE ON {ledger}.follower FROM {app}")  # nor any complaint
        assert runner.wait_until_active(SOON)
        while len(heard) < 3:
            time.sleep(0.02)
        owned(database, "GRANT UPDATE ON {ledger}.follower TO {app}")
        assert projector.wait_for(term.pilot.book.ledger.position(), SOON, names=["listener"])


def owned(database: TestDatabase, statement: LiteralString) -> None:
    """As a migration does it."""
    with psycopg.connect(database.owner) as owner:
        guard.allow(owner, database.names.ledger)
        owner.execute(SQL(statement).format(**database.names.identifiers()))


class ArrivalsByTime(Arrivals):
    """A newer version with a column, and an index on it, that the older table has not."""

    ddl = (
        "CREATE TABLE IF NOT EXISTS arrival"
        " (position bigint PRIMARY KEY, learner_id uuid, school_code text);"
        "CREATE INDEX IF NOT EXISTS arrival_school ON arrival (school_code)"
    )


def test_tables_of_an_older_version_are_left_alone_until_they_are_rebuilt(
    term: Term, views: Views
) -> None:
    Projector(views, [Arrivals()]).set_up()
    newer = Projector(views, [ArrivalsByTime(version=2)])

    newer.set_up()

    assert [each.name for each in newer.outdated()] == ["arrivals"]
    with Runner(newer) as runner:
        assert runner.wait_until_active(SOON)
        head = term.pilot.book.ledger.position()
        while newer.outdated():
            newer.wait_for(head + 1, timeout=0.05)
        assert newer.wait_for(head, SOON)


def test_a_new_version_is_rebuilt_by_the_runner(term: Term, views: Views) -> None:
    old = Projector(views, [Arrivals()])
    old.set_up()
    old.catch_up()
    newer = Projector(views, [Arrivals(version=2)])

    with Runner(newer) as runner:
        assert runner.wait_until_active(SOON)
        head = term.pilot.book.ledger.position()
        while newer.outdated():
            newer.wait_for(head + 1, timeout=0.05)
        assert newer.wait_for(head, SOON)
    [status] = newer.status()
    assert (status.version, status.lag_events) == (2, 0)
