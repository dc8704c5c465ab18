"""The worker's connections fall silent and stay open: another takes over, neither counts twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from projections import watch
from projections.database import GONE, Tx, Views
from projections.feed import Fact
from projections.projector import Projector
from projections.runner import Runner
from tests.acting import Pilot
from tests.database import TestDatabase
from tests.faults.cutting import CuttingProxy
from tests.ledger.evenings import open_session, wish
from tests.projections.given import Arrivals, fingerprints

SOON = 30.0
BUSY = 3.0  # seconds that a machine full of tests may take on top


@pytest.fixture
def views(database: TestDatabase) -> Iterator[Views]:
    with Views(database.app, database.names) as opened:
        yield opened


@pytest.fixture
def behind_the_wire(wire: CuttingProxy, database: TestDatabase) -> Iterator[Views]:
    with Views(wire.conninfo, database.names) as opened:
        yield opened


def test_a_worker_that_nobody_hears_is_replaced_in_five_seconds(
    pilot: Pilot, wire: CuttingProxy, behind_the_wire: Views, views: Views
) -> None:
    """It gives up by its own clock before the server takes its lock back: never do two work."""
    open_session(pilot)
    with (
        Runner(Projector(behind_the_wire, [Arrivals()])) as first,
        Runner(Projector(views, [Arrivals()])) as second,
    ):
        assert first.wait_until_active(SOON)
        wire.fall_silent()
        silent_since = time.monotonic()
        try:
            while not second.is_active and time.monotonic() < silent_since + SOON:
                time.sleep(0.01)
                assert not (first.is_active and second.is_active)
            assert second.is_active
            assert time.monotonic() - silent_since < 5 + BUSY
            assert not first.is_active

            pilot.book.attendances.check_in(wish(pilot, pilot.learners[0]))
            assert Projector(views, [Arrivals()]).wait_for(pilot.book.ledger.position(), SOON)
        finally:
            wire.cut_all()
    given_up = watch.SECONDS_TO_TAKE_BACK + watch.SECONDS_BETWEEN_TRIES
    assert watch.SECONDS_TO_HOLD < watch.SECONDS_TO_TAKE_BACK
    assert given_up < 5


def test_a_page_that_was_half_written_is_written_by_whoever_takes_over(
    pilot: Pilot, wire: CuttingProxy, behind_the_wire: Views, views: Views
) -> None:
    open_session(pilot)
    for learner in pilot.learners:
        pilot.book.attendances.check_in(wish(pilot, learner))
    begun, go_on = Event(), Event()

    def pause(tx: Tx, fact: Fact) -> None:
        begun.set()
        assert go_on.wait(SOON)

    first, second = Projector(behind_the_wire, [Arrivals(pause)]), Projector(views, [Arrivals()])
    first.set_up()
    head = pilot.book.ledger.position()
    with ThreadPoolExecutor(1) as beside:
        work = beside.submit(first.catch_up)
        try:
            assert begun.wait(SOON)
            wire.fall_silent()
            second.catch_up()
            assert second.position("arrivals") == head
        finally:
            go_on.set()
            wire.cut_all()
        with pytest.raises(GONE):
            work.result()
    first.catch_up()
    assert first.position("arrivals") == head
    assert fingerprints(views, [Arrivals()])["arrival"][0] == len(pilot.learners)
