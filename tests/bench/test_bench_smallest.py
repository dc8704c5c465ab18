"""Every benchmark runs, at a size that proves nothing but that: so none of them rots."""

from __future__ import annotations

import pytest

from bench.__main__ import BENCHMARKS, measured
from bench.machine import look
from bench.measuring import Figure, Scale
from bench.report import as_json, table

MARKS = {"verify-page": [pytest.mark.browser]}
# The demo's load has tests of its own (tests/journeys), and takes as long as all others together.
NAMES = [pytest.param(name, marks=MARKS.get(name, [])) for name in BENCHMARKS if name != "demo"]


@pytest.mark.parametrize("name", NAMES)
def test_the_benchmark_measures_something_beside_its_yardstick(server: str, name: str) -> None:
    rows = measured(name, server, Scale.SMALLEST)

    assert rows
    assert all(row.ours > 0 and row.beside > 0 for row in rows if isinstance(row, Figure))
    seen = look(server)
    assert rows[0].what in table(seen, rows)
    assert len(as_json(seen, rows)["figures"]) == len(rows)
