"""The large rows: measured on the data that `make bench-data` keeps, "not run" without it."""

from __future__ import annotations

from bench.ground import Ground
from bench.measuring import NotRun, Scale

NAME = "large"
REASON = "make bench-data first"
ROWS = (
    "pages at a million learners and 20 M events, p95, beside those at 10,000 learners",
    "rebuild of the pilot district's read models, its pages read meanwhile",
    "proof of inclusion at 20 M leaves",
    "append into the table of a city, beside an empty one",
)


def run(ground: Ground, scale: Scale) -> list[NotRun]:
    """Nothing yet makes the data."""
    _ = ground, scale
    return [NotRun(NAME, what, REASON) for what in ROWS]
