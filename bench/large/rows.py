"""The large rows: which sets each needs, and what it says where they are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.kept import Kept
from bench.large import growth, pages, proof, rebuild
from bench.measuring import Figure, Scale

REASON = "make bench-data first"
Measure = Callable[[Kept, str, Scale], list[Figure]]


@dataclass(frozen=True)
class LargeRow:
    what: str
    needs: frozenset[str]
    measure: Measure


ROWS = (
    LargeRow(
        "pages at a million learners and 20 M events, p95, beside those at 10,000 learners",
        frozenset({"small", "city"}),
        pages.beside_small,
    ),
    LargeRow(
        "pages of a district of the city, p95, beside those of the pilot district alone",
        frozenset({"district", "city"}),
        pages.beside_district,
    ),
    LargeRow(
        "rebuild of the pilot district's read models, its pages read meanwhile",
        frozenset({"district"}),
        rebuild.run,
    ),
    LargeRow("proof of inclusion at 20 M leaves", frozenset({"small", "city"}), proof.run),
    LargeRow(
        "append into the table of a city, beside an empty one", frozenset({"city"}), growth.run
    ),
)


def measured(kept: Kept, scale: Scale) -> Iterator[Figure | LargeRow]:
    """Every row in turn: its figures, or itself where its data are not whole."""
    whole = kept.whole()
    if not any(row.needs <= whole for row in ROWS):
        yield from ROWS
        return
    with kept.server() as on:
        for row in ROWS:
            if row.needs <= whole:
                yield from row.measure(kept, on, scale)
            else:
                yield row
