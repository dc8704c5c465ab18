"""The kept data are made once, and the large rows run on them: at a size that proves only that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.city import city
from bench.data import OtherSize, make_data
from bench.district import Size
from bench.kept import Kept
from bench.large import ROWS, measured
from bench.making import Plan, district
from bench.measuring import Figure, NotRun, Scale

TINY = Size(institutions=2, families=5, evenings=3, comes=0.95)
PLANS: dict[str, Plan] = {
    "small": city(replace(TINY, institutions=1)),
    "city": city(TINY),
    "district": district(replace(TINY, institutions=1)),
}
SMALL = {"small": PLANS["small"]}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    made = Kept(tmp_path_factory.mktemp("kept"))
    with made.server():  # it does not stop between two that need it
        make_data(made, SMALL, jobs=1)
        yield made
    made.erase()


def test_what_is_made_is_kept_and_not_made_again(kept: Kept) -> None:
    before = kept.note.read_bytes()
    make_data(kept, SMALL, jobs=1)
    assert kept.note.read_bytes() == before
    assert kept.whole() == SMALL.keys()
    with pytest.raises(OtherSize):
        make_data(kept, {"small": PLANS["city"]}, jobs=1)


@pytest.mark.slow
def test_every_large_row_measures_something(kept: Kept) -> None:
    make_data(kept, PLANS, jobs=1)
    figures = list(measured(kept, Scale.SMALLEST))
    assert len(figures) > len(ROWS)
    for figure in figures:
        assert isinstance(figure, Figure)
        assert min(figure.ours, figure.beside) > 0


def test_without_the_data_each_row_says_that_it_was_not_run(tmp_path: Path) -> None:
    rows = list(measured(Kept(tmp_path / "none"), Scale.SMALLEST))
    assert [row.what for row in rows if isinstance(row, NotRun)] == [row.what for row in ROWS]
    assert not (tmp_path / "none").exists()
