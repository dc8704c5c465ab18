"""Whoever asks about one person or one school reads their rows, not those of the city."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from psycopg.conninfo import make_conninfo

from bench.city import city, city_institutions
from bench.district import Institution, Size
from bench.ground import Ground, fresh
from bench.making import make
from bench.people import families
from projections.database import Views
from projections.read_models import ReadModels

SMALL = Size(institutions=20, families=4, evenings=3, comes=0.95)
HERE = next(city_institutions(1))
ME = families(SMALL.seed, HERE, 1)[0].learner_id
MY_EVENINGS = 2 * SMALL.evenings
OUR_CHILDREN = SMALL.families + 1

Ask = Callable[[ReadModels, UUID, Institution], object]
QUESTIONS: dict[str, tuple[str, Ask, int]] = {
    "evenings": (
        "attendance_register", lambda m, me, _: m.attendances.attendances_of(me), MY_EVENINGS
    ),
    "exams": ("exam_attempt", lambda m, me, _: m.exams.results_of(me), 1),
    "lines": ("account_line", lambda m, me, _: m.accounts.statement(me), MY_EVENINGS),
    "households": (
        "household_place",
        lambda m, _, here: m.households.of_schools([here.school_code], 2025),
        2 * OUR_CHILDREN,
    ),
    "a school": ("school", lambda m, _, here: m.schools.school(here.school_code), 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def ground(server: str) -> Iterator[Ground]:
    with fresh(server) as made:
        make(made.runtime.book, city(SMALL))
        made.runtime.projector.catch_up()
        yield made


@pytest.mark.parametrize("question", QUESTIONS)
def test_only_their_own_rows_are_read(ground: Ground, question: str) -> None:
    """Of a table so small all would be read at once: that is forbidden here."""
    table, ask, own = QUESTIONS[question]
    app = make_conninfo(ground.runtime.connections.app, options="-c enable_seqscan=off")
    with Views(app, ground.runtime.connections.names, readers=1) as views:
        before = read_of(views, table)
        assert ask(ReadModels(views), ME, HERE)
        assert 0 < read_of(views, table) - before <= own


def read_of(views: Views, table: str) -> int:
    """How many rows of a table were read so far; the one connection tells it at once."""
    views.cells("SELECT pg_stat_force_next_flush()")
    [count] = views.cells(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables"
        " WHERE relid = to_regclass(%(table)s)",
        table=table,
    )
    return int(count)
