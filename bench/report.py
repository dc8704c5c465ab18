"""Figures for people and for programs: a table in Markdown, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.machine import Machine
from bench.measuring import Figure, NotRun, Row

HEADINGS = (
    "what", "ours", "n", "beside it", "yardstick", "n", "ratio", "to reach", "rounds", "disturbed",
)  # fmt: skip


def table(seen: Machine, rows: Sequence[Row]) -> str:
    rule = "---|--:|--:|---|--:|--:|--:|--:|--:|--:"
    lines = [f"{name}: {value}" for name, value in seen.as_dict().items()]
    lines += ["", f"| {' | '.join(HEADINGS)} |", f"|{rule}|", *map(line, rows), ""]
    figures = [row for row in rows if isinstance(row, Figure)]
    lines += [f"{each.what}: {said}" for each in figures if (said := facts(each))]
    return "\n".join(lines)


def line(row: Row) -> str:
    if isinstance(row, NotRun):
        cells = [row.what, "not run", "", row.reason, *[""] * (len(HEADINGS) - 4)]
    else:
        cells = [
            row.what,
            f"{spread(row.ours, row.ours_rounds)} {row.unit}",
            f"{row.n:,}",
            row.yardstick,
            f"{spread(row.beside, row.beside_rounds)} {row.unit}",
            f"{row.yardstick_n:,}",
            spread(row.ratio, row.ratios),
            goal(row),
            str(row.rounds),
            disturbed(row),
        ]
    return f"| {' | '.join(cells)} |"


def spread(middle: float, rounds: Sequence[float]) -> str:
    """The median, and the lowest and the highest round where there were more than one."""
    if len(rounds) < 2:
        return shown(middle)
    return f"{shown(middle)} ({shown(min(rounds))}–{shown(max(rounds))})"


def shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def goal(figure: Figure) -> str:
    if figure.reach is None:
        return "–"
    sign = "≥" if figure.more_is_better else "≤"
    return f"{sign} {figure.reach:g} {'✓' if figure.met else '✗'}"


def disturbed(figure: Figure) -> str:
    """Of how many rounds that could be judged others took their share."""
    judged = sum(share is not None for share in figure.others)
    if not judged:
        return "?"
    return f"{figure.disturbed} of {judged} !" if figure.disturbed else "–"


def facts(figure: Figure) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in figure.facts.items())


def as_json(
    seen: Machine, rows: Sequence[Row], took: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """The machine, what each benchmark took in seconds, and every row of the table."""
    return {
        "machine": seen.as_dict(),
        "took": {name: round(seconds, 1) for name, seconds in (took or {}).items()},
        "figures": [row_as_json(row) for row in rows],
    }


def row_as_json(row: Row) -> dict[str, Any]:
    if isinstance(row, NotRun):
        return {"benchmark": row.benchmark, "what": row.what, "not_run": row.reason}
    ratios = row.ratios or [row.ratio]
    return asdict(row) | {
        "ratio": round(row.ratio, 3),
        "ratio_lowest": round(min(ratios), 3),
        "ratio_highest": round(max(ratios), 3),
        "met": row.met,
        "disturbed": row.disturbed,
    }
