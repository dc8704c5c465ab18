"""The projector: each event once, whatever the page, the company, the mishap or the poison."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections import table
from projections.database import Tx, Views
from projections.feed import Fact
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, envelope
from tests.database import TestDatabase
from tests.projections.given import Arrivals, fingerprints, forget, poison, record_as_is
from tests.projections.term import Term

PAGES = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def shadow(database: TestDatabase) -> Iterator[Views]:
    """A second place to project the same feed to."""
    with Views(database.app, database.names, database.names.shadow) as opened:
        yield opened


@PAGES
@given(page=st.integers(min_value=1, max_value=40))
def test_the_size_of_a_page_never_changes_the_result(
    term: Term, models: ReadModels, projector: Projector, shadow: Views, page: int
) -> None:
    projector.catch_up()
    forget(shadow, models.projections)

    paged = Projector(shadow, models.projections, page)
    paged.set_up()
    paged.catch_up()

    expected = fingerprints(projector.views, models.projections)
    assert fingerprints(shadow, models.projections) == expected
    assert {s.lag_events for s in paged.status()} == {0}


def test_what_travels_by_copy_reads_as_what_travels_as_json(
    term: Term, models: ReadModels, projector: Projector, shadow: Views,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    projector.catch_up()

    monkeypatch.setattr(table, "MANY", 1)
    copied = Projector(shadow, models.projections)
    copied.set_up()
    copied.catch_up()

    assert {each.stopped_reason for each in copied.status()} == {None}
    expected = fingerprints(projector.views, models.projections)
    assert fingerprints(shadow, models.projections) == expected


def test_two_projectors_at_once_apply_each_event_once(
    term: Term, models: ReadModels, projector: Projector, shadow: Views
) -> None:
    projector.catch_up()
    pair = [Projector(shadow, models.projections, page) for page in (2, 3)]
    pair[0].set_up()

    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda each: each.catch_up(), pair))

    assert [s.stopped_reason for s in pair[0].status()] == [None] * len(models.projections)
    expected = fingerprints(projector.views, models.projections)
    assert fingerprints(shadow, models.projections) == expected


def test_whoever_is_far_behind_holds_up_nobody(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    projector.catch_up()
    both = Projector(projector.views, [Arrivals(), models.schools], page=1)
    both.set_up()
    registry = term.pilot.book.registry
    head = registry.open_classes(SCHOOL, 2026, [("一年级", "9班")], envelope())

    assert both.step(head)

    status = {each.name: each for each in both.status()}
    assert status["schools"].lag_events == 0
    assert status["arrivals"].lag_events > 1
    both.catch_up()
    assert fingerprints(projector.views, [Arrivals()])["arrival"][0] == 3


def test_an_event_that_cannot_be_applied_stops_its_projection_alone(
    term: Term, views: Views, models: ReadModels
) -> None:
    bad = term.pilot.learners[1]
    projector = Projector(views, [Arrivals(poison(bad)), *models.projections])
    projector.set_up()

    projector.catch_up()

    status = {each.name: each for each in projector.status()}
    stopped = status.pop("arrivals")
    assert stopped.stopped_reason is not None
    assert "attendance.checked_in at position" in stopped.stopped_reason
    assert stopped.stopped_reason.endswith("ValueError: a fact that cannot be")
    assert stopped.lag_events > 0
    assert {(each.lag_events, each.stopped_reason) for each in status.values()} == {(0, None)}
    assert fingerprints(views, [Arrivals()])["arrival"][0] == 1  # what came before it stays


def test_a_projection_that_stopped_goes_on_after_a_restart(
    term: Term, views: Views, models: ReadModels
) -> None:
    poisoned = Projector(views, [Arrivals(poison(term.pilot.learners[1]))])
    poisoned.set_up()
    poisoned.catch_up()

    mended = Projector(views, [Arrivals()])
    mended.set_up()
    mended.catch_up()
    assert mended.status()[0].lag_events > 0  # looking at it is no restart
    mended.retry()
    mended.catch_up()

    [status] = mended.status()
    assert (status.stopped_reason, status.lag_events) == (None, 0)
    assert fingerprints(views, [Arrivals()])["arrival"][0] == 3


def test_an_unknown_topic_stops_whoever_reads_everything(
    term: Term, database: TestDatabase, projector: Projector
) -> None:
    record_as_is(database, "learner.unheard_of")

    projector.catch_up()

    stopped = [s for s in projector.status() if s.stopped_reason]
    assert [s.name for s in stopped] == ["history"]
    assert "learner.unheard_of" in str(stopped[0].stopped_reason)
    assert stopped[0].position == projector.feed.head() - 1


def test_a_state_that_does_not_load_stops_those_who_read_its_topic(
    term: Term, database: TestDatabase, projector: Projector
) -> None:
    record_as_is(database, "learner.enrolled", b'{"nothing": "of the kind"}')

    projector.catch_up()

    stopped = [s.name for s in projector.status() if s.stopped_reason]
    assert stopped == ["history", "households", "roster"]


def test_a_connection_lost_before_the_commit_loses_nothing(term: Term, views: Views) -> None:
    lost: list[int] = []

    def lose_connection(tx: Tx, fact: Fact) -> None:
        if not lost:
            lost.append(fact.position)
            tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    projector = Projector(views, [Arrivals(lose_connection)])
    projector.set_up()

    with pytest.raises(psycopg.OperationalError):
        projector.catch_up()
    assert fingerprints(views, [Arrivals()])["arrival"][0] == 0
    assert projector.position("arrivals") < lost[0]

    projector.catch_up()
    assert fingerprints(views, [Arrivals()])["arrival"][0] == 3
    assert projector.status()[0].stopped_reason is None


def test_a_server_that_only_reads_stops_nothing(term: Term, views: Views) -> None:
    """The standby of a pair, before its turn: no event is to blame."""
    tried: list[int] = []

    def only_read(tx: Tx, fact: Fact) -> None:
        tried.append(fact.position)
        if len(tried) == 1:
            tx.execute("SET TRANSACTION READ ONLY")
            tx.execute("DELETE FROM arrival")

    projector = Projector(views, [Arrivals(only_read)])
    projector.set_up()

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        projector.catch_up()
    assert len(tried) == 1  # no half of the page was tried
    projector.catch_up()
    assert fingerprints(views, [Arrivals()])["arrival"][0] == 3


def test_a_reason_that_the_database_cannot_keep_stops_its_projection_all_the_same(
    term: Term, views: Views
) -> None:
    def refuse(tx: Tx, fact: Fact) -> None:
        raise ValueError("cut \0 here, half \ud83d of a pair")

    projector = Projector(views, [Arrivals(refuse)])
    projector.set_up()
    projector.catch_up()

    [status] = projector.status()
    assert str(status.stopped_reason).endswith("ValueError: cut ? here, half ? of a pair")


def test_a_page_waits_for_the_position_of_its_own_write(projector: Projector, term: Term) -> None:
    position = term.pilot.book.ledger.position()
    assert not projector.wait_for(position, timeout=0.05)

    with ThreadPoolExecutor(1) as elsewhere:
        waiting = elsewhere.submit(projector.wait_for, position, 10)
        projector.catch_up()
        assert waiting.result()
    assert projector.wait_for(position, timeout=0)
    assert projector.wait_for(position, timeout=0, names=["roster"])


def test_nobody_waits_for_a_projection_that_has_stopped(term: Term, views: Views) -> None:
    projector = Projector(views, [Arrivals(poison(term.pilot.learners[0]))])
    projector.set_up()
    projector.catch_up()

    assert not projector.wait_for(projector.feed.head(), timeout=60)


def test_catching_up_until_a_position_goes_no_further(projector: Projector, term: Term) -> None:
    projector.catch_up(until=17)
    assert {s.position for s in projector.status()} == {17}


def test_a_dead_projector_shows_by_the_age_of_its_checkpoints(
    projector: Projector, term: Term
) -> None:
    projector.catch_up()
    with projector.views.transaction() as tx:
        tx.execute("UPDATE checkpoint SET looked_at = looked_at - interval '1 hour'")

    assert {s.lag_events for s in projector.status()} == {0}
    assert min(s.checkpoint_age_seconds for s in projector.status()) > 3_000

    projector.look()
    assert max(s.checkpoint_age_seconds for s in projector.status()) < 60


def test_setting_up_again_waits_for_nobody_who_is_writing(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    """A second runner that starts must not meet the first one in a deadlock."""
    with projector.views.transaction() as writing, ThreadPoolExecutor(1) as other:
        writing.execute("LOCK TABLE account_line IN ROW EXCLUSIVE MODE")
        writing.execute("UPDATE checkpoint SET looked_at = clock_timestamp()")
        other.submit(projector.set_up).result(timeout=20)
    assert {s.stopped_reason for s in projector.status()} == {None}
