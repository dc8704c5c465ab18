"""Rebuilding: the same rows beside the running ones, then one switch that readers hardly notice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import pytest

from projections.database import Views, fetch
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.rebuild import NothingKept, Rebuild, RebuildStopped, RebuildUnderWay
from projections.runner import Runner
from tests.acting import SCHOOL, envelope
from tests.projections.given import Arrivals, fingerprints, poison
from tests.projections.term import Term


def test_every_projection_rebuilds_to_what_is_running(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    before = fingerprints(projector.views, models.projections)
    numbers: list[tuple[int, int]] = []

    for projection in models.projections:
        report = Rebuild(projector.views, projection).run(lambda *now: numbers.append(now))
        assert [(t.table, t.same) for t in report.tables] == [
            (table, True) for table in projection.tables
        ]
        assert report.position == projector.feed.head()

    assert fingerprints(projector.views, models.projections) == before
    assert numbers[-1] == (projector.feed.head(), projector.feed.head())


def test_a_rebuilt_projection_goes_on(term: Term, projector: Projector, models: ReadModels) -> None:
    projector.catch_up()
    Rebuild(projector.views, models.schools).run()

    term.pilot.book.registry.open_classes(SCHOOL, 2026, [("一年级", "1班")], envelope())
    projector.catch_up()

    assert len(models.schools.classes(SCHOOL, 2026)) == 2
    assert Rebuild(projector.views, models.schools).check().differing == ()


def test_a_difference_is_reported_and_mended(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    learner = term.pilot.learners[0]
    with projector.views.transaction() as tx:
        tx.execute("UPDATE account_line SET hours = hours + 100")
    assert models.accounts.balance(learner) == 300

    assert Rebuild(projector.views, models.accounts).check().differing == ("account_line",)
    assert models.accounts.balance(learner) == 300  # a check switches nothing

    assert Rebuild(projector.views, models.accounts).run().differing == ("account_line",)
    assert models.accounts.balance(learner) == 200


def test_a_rebuild_that_was_killed_resumes_where_it_was(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    first: list[int] = []

    def killed(done: int, total: int) -> None:
        first.append(done)
        if len(first) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rebuild(projector.views, models.history, page=10).run(killed)
    assert models.history.history(term.pilot.session_id)

    second: list[int] = []
    report = Rebuild(projector.views, models.history, page=10).run(
        lambda done, _: second.append(done)
    )
    assert second[0] == first[-1] + 10
    assert report.differing == ()


def test_what_an_older_release_began_is_begun_again(term: Term, views: Views) -> None:
    running = Projector(views, [Arrivals()])
    running.set_up()
    running.catch_up()

    def killed(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rebuild(views, Arrivals(), page=1).run(killed)
    Rebuild(views, Wider(version=2)).run()

    [status] = Projector(views, [Wider(version=2)]).status()
    assert (status.version, status.lag_events) == (2, 0)
    assert fingerprints(views, [Wider()])["arrival_twice"][0] == 0


def test_one_rebuild_of_a_projection_at_a_time(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    def begin_another(done: int, total: int) -> None:
        with pytest.raises(RebuildUnderWay):
            Rebuild(projector.views, models.roster).run()

    projector.catch_up()
    Rebuild(projector.views, models.roster).run(begin_another)


def test_a_rebuild_that_meets_what_cannot_be_applied_leaves_the_running_tables(
    term: Term, views: Views
) -> None:
    running = Projector(views, [Arrivals()])
    running.set_up()
    running.catch_up()
    before = fingerprints(views, [Arrivals()])

    broken = Arrivals(poison(term.pilot.learners[0]), version=2)
    with pytest.raises(RebuildStopped, match=r"attendance\.checked_in at position"):
        Rebuild(views, broken).run()

    assert fingerprints(views, [Arrivals()]) == before
    assert running.status()[0].stopped_reason is None


def test_a_rebuild_while_events_arrive_and_pages_read_misses_nothing(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    registry = term.pilot.book.registry

    def write() -> int:
        return max(
            registry.open_classes(SCHOOL, 2026, [("二年级", f"{number}班")], envelope())
            for number in range(1, 31)
        )

    def read() -> list[int]:
        return [len(models.schools.classes(SCHOOL, 2026)) for _ in range(200)]

    with Runner(projector) as runner, ThreadPoolExecutor(2) as others:
        assert runner.wait_until_active(20)
        writing, reading = others.submit(write), others.submit(read)
        for _ in range(3):
            assert Rebuild(projector.views, models.schools).run().differing == ()
        counts = reading.result()
        assert projector.wait_for(writing.result(), 20)

    assert counts == sorted(counts)
    assert len(models.schools.classes(SCHOOL, 2026)) == 31
    assert Rebuild(projector.views, models.schools).check().differing == ()


class Wider(Arrivals):
    """The same projection in a later release, with another table beside the first."""

    tables: tuple[str, ...] = ("arrival", "arrival_twice")
    ddl: LiteralString = (
        "CREATE TABLE IF NOT EXISTS arrival (position bigint PRIMARY KEY, learner_id uuid);"
        "CREATE TABLE IF NOT EXISTS arrival_twice (learner_id uuid PRIMARY KEY)"
    )


class Named(Arrivals):
    """The same in a later release, with another column."""

    version = 2
    ddl: LiteralString = (
        "CREATE TABLE IF NOT EXISTS arrival"
        " (position bigint PRIMARY KEY, learner_id uuid, place text NOT NULL DEFAULT '')"
    )


@pytest.mark.usefixtures("term")
def test_who_read_the_old_columns_reads_the_new_ones_after_the_switch(views: Views) -> None:
    """The server keeps the plan of what is asked often; it was made for the old table."""
    running = Projector(views, [Arrivals()])
    running.set_up()
    running.catch_up()
    every: LiteralString = "SELECT * FROM arrival ORDER BY position"
    with views.snapshot() as seen:
        for _ in range(8):
            before = views.rows(dict, every)
            assert views.cells(every) == [row["position"] for row in before]
            assert fetch(seen, dict, every) == before

    Rebuild(views, Named()).run()

    assert views.cells(every) == [row["position"] for row in before]
    assert views.rows(dict, every) == [{**row, "place": ""} for row in before]
    with views.snapshot() as seen:
        assert fetch(seen, dict, every) == views.rows(dict, every)


def test_a_difference_is_told_row_by_row(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    rebuild = Rebuild(projector.views, models.accounts)
    with projector.views.transaction() as tx:
        tx.execute(
            "UPDATE account_line SET hours = hours + 100, minutes = 7 WHERE kind = 'awarded'"
        )
        [lost] = tx.execute(
            "DELETE FROM account_line WHERE position = (SELECT min(position) FROM account_line)"
            " RETURNING position"
        ).fetchone() or [0]

    [table] = rebuild.check().tables

    assert table.rows == (table.rows_before or 0) + 1
    first, second, *_ = table.differences
    assert (first.key["position"], first.was) == (lost, None)
    assert second.was is not None
    assert second.now is not None
    assert second.was.keys() == {"hours", "minutes"}
    assert second.was["hours"] == second.now["hours"] + 100


def test_the_tables_that_ran_are_kept_catch_up_and_can_be_put_back(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    rebuild = Rebuild(projector.views, models.schools)
    rebuild.run()
    term.pilot.book.registry.open_classes(SCHOOL, 2026, [("一年级", "1班")], envelope())
    projector.catch_up()
    with projector.views.transaction() as tx:
        tx.execute("UPDATE school SET name = '（示例）写坏的学校'")

    assert "school" in rebuild.back().differing

    assert rebuild.check().differing == ()
    assert len(models.schools.classes(SCHOOL, 2026)) == 2
    assert "school" in rebuild.back().differing  # those that ran are kept in their turn
    assert rebuild.forget()
    assert not rebuild.forget()
    with pytest.raises(NothingKept):
        rebuild.back()


def test_only_the_newest_older_tables_are_kept(
    term: Term, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    for _ in range(3):
        Rebuild(projector.views, models.schools).run()

    names = projector.views.names
    with projector.views.read() as tx:
        found = tx.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'school' ORDER BY 1"
        ).fetchall()
    assert found == [(names.views,), (names.old_views,)]
    projector.set_up()
    assert projector.outdated() == []


def test_what_another_version_left_is_not_put_back(term: Term, views: Views) -> None:
    running = Projector(views, [Arrivals()])
    running.set_up()
    running.catch_up()
    Rebuild(views, Wider(version=2)).run()

    with pytest.raises(NothingKept):
        Rebuild(views, Wider(version=2)).back()
    Rebuild(views, Arrivals()).back()  # by the release that wrote them

    assert running.status()[0].version == 1
    assert fingerprints(views, [Arrivals()])["arrival"][0] == 3
