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


def all_figures(closings: Sequence[Closing], *, exact: bool) -> dict[int, Figures]:
    """The totals of a closing and its addenda: none tells of few by its difference from another."""
    found: dict[int, Figures] = {}
    told: Figures = {}
    for each in closings:
        figures = figures_of(each.totals, exact=exact)
        if not exact:
            figures = {n: None if tells_few(n, told, figures) else figures[n] for n in figures}
        found[each.number] = figures
        told |= {name: value for name, value in figures.items() if value is not None}
    return found


def tells_few(name: str, told: Figures, figures: Figures) -> bool:
    """Whether a total next to what was told before says something of fewer than ten people.

    Hours may be one person's: they are told anew with ten more or fewer learners.
    """
    people = "learners" if name == "credited_hours" else name
    before, after = told.get(people), figures[people]
    if people not in PEOPLE or name not in told or before is None or told[name] == figures[name]:
        return False
    return after is None or abs(after - before) < SMALLEST_SHOWN


def changes_of(closings: Sequence[Closing], *, exact: bool) -> dict[int, Figures]:
    """By addendum, what it changed against the totals before it; None where that is not told."""
    figures = all_figures(closings, exact=exact)
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
