"""Makes an invented district and measures it: with a bar, beside a yardstick of the same run."""

from __future__ import annotations

import json
import os
import time

import typer
from rich.console import Console
from rich.progress import Progress

from api.bootstrap import Runtime
from api.cli_runtime import opened
from api.settings import Settings
from bench.machine import look, memory_of
from bench.making import LedgerHasEvents, Size, Writer, make
from bench.measuring import Figure
from bench.report import as_json, table
from bench.yardstick import Yardstick

REFUSED = 5


def run(settings: Settings, size: Size, in_vault: int, jobs: int, *, in_json: bool) -> None:
    """Into the ledger that the settings name; exits with 5 where it has events."""
    with opened(settings) as runtime:
        try:
            figure = measured(runtime, size, in_vault, jobs or cores())
        except LedgerHasEvents:
            typer.echo(f"{settings.ledger}: has events already; nothing was made.", err=True)
            raise typer.Exit(REFUSED) from None
        seen = look(runtime.connections.owner)
    said = as_json(seen, [figure]) if in_json else table(seen, [figure])
    typer.echo(json.dumps(said, ensure_ascii=False) if in_json else said)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measured(runtime: Runtime, size: Size, in_vault: int, jobs: int = 1) -> Figure:
    """Make a district with a bar, and say how fast. Raises LedgerHasEvents."""
    began = time.perf_counter()
    owner, schema = runtime.connections.owner, runtime.settings.ledger
    with Yardstick(owner, schema) as yardstick, Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("0", total=size.institutions)
        writer = make(
            runtime.book,
            size,
            in_vault=in_vault,
            jobs=jobs,
            yardstick=yardstick,
            progress=lambda done, events: bar.update(
                task, completed=done, description=f"{events:,}"
            ),
        )
        # What the yardstick took is its own.
        seconds = time.perf_counter() - began - yardstick.seconds
        return figure_of(writer, yardstick, seconds, jobs)


def figure_of(writer: Writer, yardstick: Yardstick, seconds: float, jobs: int) -> Figure:
    """How fast the district was made, beside what the database alone takes for the same rows."""
    memory = memory_of(os.getpid())
    return Figure(
        benchmark="make-district",
        what="events of a district decided by the domain, encoded and appended",
        unit="events/s",
        n=writer.events,
        rounds=1,
        ours=writer.events / seconds,
        yardstick="COPY of every tenth batch of the same rows, encoded before",
        yardstick_n=yardstick.rows,
        beside=yardstick.rate,
        facts={
            "seconds": seconds,
            "processes": jobs,
            "append_per_second": writer.events / writer.seconds,
            "memory_peak_mb": memory.peak if memory else 0.0,
        },
    )
