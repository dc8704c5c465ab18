"""The large rows: measured on the data that `make bench-data` keeps, "not run" without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.children import ROOT
from bench.commands import FOLDER
from bench.ground import Ground
from bench.kept import Kept
from bench.large import growth, pages, proof, rebuild
from bench.measuring import Figure, NotRun, Row, Scale

NAME = "large"
REASON = "make bench-data first"
OUTDATED = f"{REASON}: read models of an earlier version in"
Measure = Callable[[Kept, str, Scale], list[Figure]]


@dataclass(frozen=True)
class LargeRow:
    """What is measured, and which sets it needs."""

    what: str
    needs: frozenset[str]
    measure: Measure
    reads: bool = True  # pages, and so read models of this version


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
    LargeRow(
        "proof of inclusion at 20 M leaves",
        frozenset({"small", "city"}),
        proof.run,
        reads=False,
    ),
    LargeRow(
        "append into the table of a city, beside an empty one",
        frozenset({"city"}),
        growth.run,
        reads=False,
    ),
)


def run(ground: Ground, scale: Scale) -> list[Row]:
    """On a server of their own, whatever the ground; never at the smallest scale, for tests."""
    _ = ground
    if scale is Scale.SMALLEST:
        return [NotRun(NAME, row.what, REASON) for row in ROWS]
    return list(measured(Kept(ROOT / FOLDER), scale))


def measured(kept: Kept, scale: Scale) -> Iterator[Row]:
    """Every row in turn, where the sets that it needs are whole."""
    whole = kept.whole()
    if not any(row.needs <= whole for row in ROWS):
        yield from (NotRun(NAME, row.what, REASON) for row in ROWS)
        return
    with kept.server() as on:
        late = outdated(kept, on, whole)
        for row in ROWS:
            if not row.needs <= whole:
                yield NotRun(NAME, row.what, REASON)
            elif row.reads and row.needs & late:
                yield NotRun(NAME, row.what, f"{OUTDATED} {', '.join(sorted(row.needs & late))}")
            else:
                yield from row.measure(kept, on, scale)


def outdated(kept: Kept, on: str, names: set[str]) -> set[str]:
    """The sets whose pages would ask people to wait for a rebuild."""
    found: set[str] = set()
    for name in names:
        with kept.ground(on, name) as ground:
            if ground.runtime.projector.outdated():
                found.add(name)
    return found
