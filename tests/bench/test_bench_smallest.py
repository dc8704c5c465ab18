"""Every benchmark runs, at a size that proves nothing but that: so none of them rots."""

from __future__ import annotations

import pytest

from bench.__main__ import BENCHMARKS, measured
from bench.machine import look
from bench.measuring import Scale
from bench.report import as_json, table

MARKS = {"demo": [pytest.mark.slow], "verify-page": [pytest.mark.browser]}
NAMES = [pytest.param(name, marks=MARKS.get(name, [])) for name in BENCHMARKS]


@pytest.mark.parametrize("name", NAMES)
def test_the_benchmark_measures_something_beside_its_yardstick(server: str, name: str) -> None:
    figures = measured(name, server, Scale.SMALLEST)

    assert figures
    assert all(figure.ours > 0 and figure.beside > 0 for figure in figures)
    seen = look(server)
    assert figures[0].what in table(seen, figures)
    assert len(as_json(seen, figures)["figures"]) == len(figures)
