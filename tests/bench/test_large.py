"""The kept data are made once, and the large rows run on them: at a size that proves only that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from bench.city import city
from bench.data import OtherSize, make_data
from bench.district import Size
from bench.kept import Kept
from bench.large import ROWS, Measure, growth, measured, proof
from bench.large.pages import DISTRICT, PARENT, STAFF
from bench.large.readers import Readers
from bench.measuring import NotRun, Scale
from projections.schools import Schools

TINY = Size(institutions=1, families=5, evenings=3, comes=0.95)
PLANS = {"small": city(TINY), "city": city(replace(TINY, institutions=2))}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    made = Kept(tmp_path_factory.mktemp("kept"))
    with made.server():  # it does not stop between two that need it
        make_data(made, PLANS, jobs=1)
        yield made
    made.erase()


def test_what_is_made_is_kept_and_not_made_again(kept: Kept) -> None:
    before = kept.note.read_bytes()
    make_data(kept, PLANS, jobs=1)
    assert kept.note.read_bytes() == before
    assert kept.whole() == PLANS.keys()
    with pytest.raises(OtherSize):
        make_data(kept, {"small": PLANS["city"]}, jobs=1)


@pytest.mark.parametrize("row", [proof.run, growth.run])
def test_a_large_row_measures_something(kept: Kept, row: Measure) -> None:
    with kept.server() as on:
        figures = row(kept, on, Scale.SMALLEST)
    assert figures
    assert all(min(figure.ours, figure.beside) > 0 for figure in figures)


def test_every_index_is_read_once_before_pages_are_timed(kept: Kept) -> None:
    size = "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'i'"
    with kept.server() as on, psycopg.connect(on, dbname="bench_city") as connection:
        row = connection.execute(size).fetchone()
        assert row == (kept.read_indexes(on, "city"),)


def test_every_page_that_is_timed_answers_its_reader(kept: Kept) -> None:
    """In this process: with web processes, `make bench` itself shows it."""
    with kept.server() as on, kept.ground(on, "city") as ground:
        readers = Readers(ground, "city", PLANS["city"].size, seed=1)
        with TestClient(create_app(ground.runtime), follow_redirects=False) as client:
            for page in (*PARENT, *STAFF, *DISTRICT):
                look = page.ask(readers, page.path)
                answer = client.get(look.path, headers={"Cookie": look.cookie})
                assert answer.status_code == page.status, page.name


def test_without_the_data_each_row_says_that_it_was_not_run(tmp_path: Path) -> None:
    rows = list(measured(Kept(tmp_path / "none"), Scale.SMALLEST))
    assert [row.what for row in rows if isinstance(row, NotRun)] == [row.what for row in ROWS]
    assert not (tmp_path / "none").exists()


def test_over_read_models_of_an_earlier_version_no_page_is_timed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait for a rebuild: each page would say so, and nothing would be measured."""
    monkeypatch.setattr(Schools, "version", Schools.version + 1)
    rows = list(measured(kept, Scale.SMALLEST))
    late = {row.what: row.reason for row in rows if isinstance(row, NotRun)}
    assert late[ROWS[0].what].endswith("read models of an earlier version in city, small")
    assert len(late) == len([row for row in ROWS if row.reads])
