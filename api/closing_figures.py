"""The totals of a closed term as they are shown: whole to the school, no small groups above it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from domain.closing import TermTotals
from domain.suppressing import SMALLEST_SHOWN
from projections.closings import Closing

Figures = dict[str, int | None]

PEOPLE = frozenset({"attendances", "learners", "households"})
HOURS = frozenset({"class_hours", "credited_hours"})


def figures_of(totals: TermTotals, *, exact: bool) -> Figures:
    """Every total by name; None for one that would tell of fewer than ten people."""
    known = totals.model_dump()
    hidden = {name for name in PEOPLE if known[name] < SMALLEST_SHOWN}
    hidden |= {"credited_hours"} if "learners" in hidden else set()
    return {n: None if n in hidden and not exact else value for n, value in known.items()}


def changes_of(closings: Sequence[Closing], *, exact: bool) -> dict[int, Figures]:
    """By addendum, what it changed against the totals before it; None where that is not told."""
    figures = {each.number: figures_of(each.totals, exact=exact) for each in closings}
    return {
        later.number: difference(figures[before.number], figures[later.number])
        for before, later in pairwise(closings)
    }


def difference(before: Figures, after: Figures) -> Figures:
    pairs = {name: (before[name], value) for name, value in after.items() if value != before[name]}
    return {
        name: None if old is None or new is None else new - old
        for name, (old, new) in pairs.items()
    }
