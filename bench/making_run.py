"""Makes what is invented and measures it: with a bar, beside a yardstick of the same run."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.progress import Progress

from api.bootstrap import Runtime
from api.cli_runtime import opened
from api.settings import Settings
from bench.commands import REFUSED
from bench.machine import look, memory_of
from bench.making import LedgerHasEvents, Plan, Writer, make
from bench.measuring import Figure
from bench.report import as_json, table
from bench.yardstick import Yardstick

WHAT = {
    "district": "events of a district decided by the domain, encoded and appended",
    "city": "events of a city decided or stamped, encoded and appended",
}


@dataclass(frozen=True)
class How:
    """Of how many institutions the names, how many processes (0: one a core), after a cut."""

    in_vault: int = 0
    jobs: int = 0
    resume: bool = False


def run(settings: Settings, name: str, plan: Plan, how: How, *, in_json: bool) -> None:
    """Into the ledger that the settings name; exits with 5 where it has other events."""
    with opened(settings) as runtime:
        try:
            figure = measured(runtime, name, plan, how)
        except LedgerHasEvents:
            typer.echo(f"{settings.ledger}: has events already; nothing was made.", err=True)
            raise typer.Exit(REFUSED) from None
        seen = look(runtime.connections.owner)
    said = as_json(seen, [figure]) if in_json else table(seen, [figure])
    typer.echo(json.dumps(said, ensure_ascii=False) if in_json else said)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measured(runtime: Runtime, name: str, plan: Plan, how: How) -> Figure:
    """Make it with a bar, and say how fast. Raises LedgerHasEvents."""
    began = time.perf_counter()
    owner, schema = runtime.connections.owner, runtime.settings.ledger
    with Yardstick(owner, schema) as yardstick, Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("0", total=plan.size.institutions)
        writer = make(
            runtime.book,
            plan,
            in_vault=how.in_vault,
            jobs=how.jobs or cores(),
            resume=how.resume,
            yardstick=yardstick,
            progress=lambda done, events: bar.update(
                task, completed=done, description=f"{events:,}"
            ),
        )
        # What the yardstick took is its own.
        seconds = time.perf_counter() - began - yardstick.seconds
        return figure_of(name, writer, yardstick, seconds)


def figure_of(name: str, writer: Writer, yardstick: Yardstick, seconds: float) -> Figure:
    """How fast it was made, beside what the database alone takes for the same rows."""
    memory = memory_of(os.getpid())
    return Figure(
        benchmark=f"make-{name}",
        what=WHAT[name],
        unit="events/s",
        n=writer.events,
        rounds=1,
        ours=writer.events / seconds,
        yardstick="COPY of every tenth batch of the same rows, encoded before",
        yardstick_n=yardstick.rows,
        beside=yardstick.rate,
        facts={
            "seconds": seconds,
            "waited_seconds": writer.waited,
            "memory_peak_mb": memory.peak if memory else 0.0,
        },
    )
