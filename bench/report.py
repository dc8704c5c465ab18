"""Figures for people and for programs: a table in Markdown, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from bench.machine import Machine
from bench.measuring import Figure

HEADINGS = ("what", "ours", "n", "beside it", "yardstick", "n", "ratio", "to reach", "rounds")


def table(seen: Machine, figures: Sequence[Figure]) -> str:
    rule = "---|--:|--:|---|--:|--:|--:|--:|--:"
    lines = [f"{name}: {value}" for name, value in seen.as_dict().items()]
    lines += ["", f"| {' | '.join(HEADINGS)} |", f"|{rule}|", *map(line, figures), ""]
    lines += [f"{each.what}: {said}" for each in figures if (said := facts(each))]
    return "\n".join(lines)


def line(figure: Figure) -> str:
    cells: Iterable[str] = (
        figure.what,
        f"{shown(figure.ours)} {figure.unit}",
        f"{figure.n:,}",
        figure.yardstick,
        f"{shown(figure.beside)} {figure.unit}",
        f"{figure.yardstick_n:,}",
        f"{figure.ratio:.2f}",
        goal(figure),
        str(figure.rounds),
    )
    return f"| {' | '.join(cells)} |"


def shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def goal(figure: Figure) -> str:
    if figure.reach is None:
        return "–"
    sign = "≥" if figure.more_is_better else "≤"
    return f"{sign} {figure.reach:g} {'✓' if figure.met else '✗'}"


def facts(figure: Figure) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in figure.facts.items())


def as_json(seen: Machine, figures: Sequence[Figure]) -> dict[str, Any]:
    """The machine and every figure with its ratio."""
    rows = [asdict(each) | {"ratio": round(each.ratio, 3), "met": each.met} for each in figures]
    return {"machine": seen.as_dict(), "figures": rows}
