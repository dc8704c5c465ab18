"""The second net: what a query forgets to ask for, the database leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import LiteralString
from uuid import UUID

import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier
from psycopg_pool import PoolTimeout

import projections.database
from ledger.migrations import Names
from projections import mesh
from projections.database import NotTheReader, Views
from projections.mesh import MESH, OPEN
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.rebuild import Rebuild
from projections.sight import begin_sight, everything_in_sight, sight
from tests.acting import SCHOOL
from tests.database import TestDatabase
from tests.projections.term import Term

NARROW = sorted(table for table, seen in MESH.items() if seen != OPEN)
FOREIGN = "4401040002"
VISIT: LiteralString = (
    "INSERT INTO home_visit VALUES (gen_random_uuid(), %(school)s, 2026, gen_random_uuid(), now(),"
    " 'home', 'in_person', 'class_teacher', true)"
)
COMPLETION: LiteralString = (
    "INSERT INTO completion VALUES (%s, 'term', '2026-1', 0, 0, now(), '{}')"
)


@contextmanager
def looking(*schools: str, learners: Sequence[UUID] = (), of_staff: bool = False) -> Iterator[None]:
    with everything_in_sight():  # puts back what was in sight before
        begin_sight()
        sight().add(schools=schools, learners=learners, of_staff=of_staff)
        yield


def rows(views: Views, table: str) -> int:
    [found] = views.cells(SQL("SELECT count(*) FROM {}").format(Identifier(table)))
    return int(found)


@pytest.fixture
def played(term: Term, projector: Projector) -> Term:
    projector.catch_up()
    return term


def test_the_mesh_names_every_table_and_no_other(models: ReadModels) -> None:
    tables = [table for projection in models.projections for table in projection.tables]
    assert sorted(MESH) == sorted(tables)


def test_whoever_is_nobody_sees_nothing(played: Term, views: Views) -> None:
    there = {table: rows(views, table) for table in NARROW}
    with looking():
        seen = {table: rows(views, table) for table in NARROW}

    assert set(seen.values()) == {0}
    assert sum(count > 0 for count in there.values()) >= 15
    assert rows(views, "school") > 0


def test_a_parent_sees_their_own_rows(played: Term, views: Views) -> None:
    own, other = played.pilot.learners[:2]
    with looking(learners=[own]):
        for table in ("account_line", "roster_place", "attendance_register", "star_progress"):
            found = views.cells(SQL("SELECT DISTINCT learner_id FROM {}").format(Identifier(table)))
            assert found == [own], table
        assert ReadModels(views).roster.places_of(other) == []
    assert ReadModels(views).roster.places_of(other) != []


def test_staff_see_the_rows_of_their_schools(played: Term, views: Views) -> None:
    with views.transaction() as tx:
        tx.execute(VISIT, {"school": SCHOOL})
        tx.execute(VISIT, {"school": FOREIGN})
    for school in (SCHOOL, FOREIGN):
        with looking(school, of_staff=True):
            assert views.cells("SELECT school_code FROM home_visit") == [school]
    with looking("4401040009", of_staff=True):
        assert rows(views, "home_visit") == 0
        # A learner's hours count wherever they were earned: a sum leaves none out.
        assert rows(views, "account_line") > 0


def test_steps_are_seen_with_what_they_are_steps_of(played: Term, views: Views) -> None:
    evaluation, other = views.cells("SELECT evaluation_id FROM star_progress LIMIT 2")
    [learner] = views.cells(
        "SELECT learner_id FROM star_progress WHERE evaluation_id = %(id)s", id=evaluation
    )
    with views.transaction() as tx:
        for each in (evaluation, other):
            tx.execute(COMPLETION, [each])

    assert rows(views, "completion") == 2
    with looking(learners=[learner]):
        assert views.cells("SELECT evaluation_id FROM completion") == [evaluation]


def test_one_connection_serves_many_and_each_sees_their_own(
    played: Term, database: TestDatabase
) -> None:
    learners = played.pilot.learners
    with Views(database.app, database.names, readers=1) as narrow:

        def look(learner: UUID) -> list[UUID]:
            begin_sight()
            sight().add(learners=[learner])
            return narrow.cells("SELECT DISTINCT learner_id FROM roster_place")

        with ThreadPoolExecutor(4) as beside:
            asked = learners * 20
            assert list(beside.map(look, asked)) == [[learner] for learner in asked]


def breaks_off(views: Views) -> None:
    with views.one_state(), looking():
        assert rows(views, "roster_place") == 0
        raise LookupError


def test_who_comes_while_too_many_states_are_held_waits_and_is_told(
    played: Term, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(views: Views) -> int:
        with views.one_state():
            return rows(views, "certificate")

    with Views(database.app, database.names, readers=1) as narrow, ThreadPoolExecutor(1) as other:
        monkeypatch.setattr(projections.database, "SECONDS_TO_WAIT", 0.05)
        with narrow.one_state(), pytest.raises(PoolTimeout):
            other.submit(held, narrow).result(5)
        assert other.submit(held, narrow).result(5) > 0


def test_what_is_read_in_one_state_is_of_one_moment_for_whoever_asks(
    played: Term, database: TestDatabase
) -> None:
    with Views(database.app, database.names, readers=1) as narrow:
        before = rows(narrow, "certificate")
        with narrow.one_state():
            with looking():
                assert rows(narrow, "certificate") == 0
            with narrow.transaction() as tx:
                tx.execute("DELETE FROM certificate")
            assert rows(narrow, "certificate") == before > 0
            with narrow.snapshot() as same:
                assert same.execute("SELECT count(*) FROM certificate").fetchone() == (before,)
        assert rows(narrow, "certificate") == 0

        with pytest.raises(LookupError):
            breaks_off(narrow)
        with looking():  # with the transaction the server forgot what was in sight
            assert rows(narrow, "roster_place") == 0


def test_a_reader_writes_nothing_though_it_may_switch_off_what_forbids_it(
    played: Term, views: Views
) -> None:
    with views.read() as tx:
        tx.execute("SET default_transaction_read_only = off")
        for attempt in ("DELETE FROM school", "UPDATE term SET term_no = 2", "CREATE TABLE x ()"):
            with pytest.raises(InsufficientPrivilege):
                tx.execute(attempt)
        tx.execute("RESET ROLE")
        assert tx.execute("SELECT current_user").fetchone() == (views.names.reader_role,)


def test_a_rebuild_and_its_way_back_keep_the_net(
    played: Term, views: Views, models: ReadModels
) -> None:
    rebuild = Rebuild(views, models.certificates)
    for act in (rebuild.run, rebuild.run, rebuild.back):
        act()
        with looking():
            assert rows(views, "certificate") == 0
        assert rows(views, "certificate") > 0


def test_tables_of_an_older_release_get_their_net_at_the_next_start(
    played: Term, views: Views, projector: Projector
) -> None:
    with views.transaction() as tx:
        for table in NARROW:
            policy = SQL("DROP POLICY {} ON {}")
            tx.execute(policy.format(Identifier(mesh.policy_of(table)), Identifier(table)))
        tx.execute("ALTER TABLE roster_place DISABLE ROW LEVEL SECURITY")
        tx.execute("CREATE POLICY sight_of_before ON certificate FOR SELECT USING (true)")
    with looking():
        assert rows(views, "certificate") > 0  # the test can fail

    projector.set_up()

    with looking():
        assert {rows(views, table) for table in NARROW} == {0}


def test_what_must_be_looked_up_first_is_asked_for_when_something_is_read(
    played: Term, views: Views
) -> None:
    asked: list[str] = []

    def later() -> None:
        asked.append(views.cells("SELECT current_setting('parent_credits.sight')")[0])
        sight().add(schools=[SCHOOL], of_staff=True)

    with looking():
        sight().add_later(later)
        assert asked == []
        assert rows(views, "roster_place") == len(played.pilot.learners)
        assert rows(views, "roster_place") == len(played.pilot.learners)
    assert asked == ["own"]


def test_many_that_start_at_once_lay_it_once(
    played: Term, views: Views, models: ReadModels
) -> None:
    for _ in range(3):
        with views.transaction() as tx:
            for table in NARROW:
                policy = SQL("DROP POLICY {} ON {}")
                tx.execute(policy.format(Identifier(mesh.policy_of(table)), Identifier(table)))
        with ThreadPoolExecutor(3) as beside:
            begun = [beside.submit(Projector(views, models.projections).set_up) for _ in range(3)]
        assert [each.result() for each in begun] == [None] * 3


def test_tables_of_another_version_do_not_hold_up_a_start(
    played: Term, views: Views, projector: Projector
) -> None:
    with views.transaction() as tx:
        tx.execute("DROP TABLE home_visit")
        tx.execute("CREATE TABLE home_visit (visit_id uuid PRIMARY KEY)")
        tx.execute("UPDATE checkpoint SET version = 0 WHERE projection = 'home_visits'")

    projector.set_up()

    assert projector.outdated()


def test_a_session_whose_role_was_dropped_on_the_way_reads_nothing(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Names, "reader_role", property(lambda names: names.app_role))
    with Views(database.app, database.names) as views:
        monkeypatch.undo()
        with pytest.raises(NotTheReader):
            views.cells("SELECT 1")
