"""Makes what is invented and measures it: with a bar, beside a yardstick of the same run."""

from __future__ import annotations

import json
import os
import time
from typing import Protocol

import typer
from rich.console import Console
from rich.progress import Progress

from api.bootstrap import Runtime
from api.cli_runtime import opened
from api.settings import Settings
from bench.machine import look, memory_of
from bench.making import LedgerHasEvents, Writer
from bench.making import Progress as Told
from bench.measuring import Figure
from bench.report import as_json, table
from bench.yardstick import Yardstick
from ledger.book import Book

REFUSED = 5
WHAT = {
    "make-district": "events of a district decided by the domain, encoded and appended",
    "make-city": "events of a city decided or stamped, encoded and appended",
}


class Making(Protocol):
    """A district or a city of a size, made by so many processes."""

    def __call__(self, book: Book, *, yardstick: Yardstick, progress: Told) -> Writer: ...


def run(settings: Settings, name: str, making: Making, total: int, *, in_json: bool) -> None:
    """Into the ledger that the settings name; exits with 5 where it has other events."""
    with opened(settings) as runtime:
        try:
            figure = measured(runtime, name, making, total)
        except LedgerHasEvents:
            typer.echo(f"{settings.ledger}: has events already; nothing was made.", err=True)
            raise typer.Exit(REFUSED) from None
        seen = look(runtime.connections.owner)
    said = as_json(seen, [figure]) if in_json else table(seen, [figure])
    typer.echo(json.dumps(said, ensure_ascii=False) if in_json else said)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measured(runtime: Runtime, name: str, making: Making, total: int) -> Figure:
    """Make it with a bar, and say how fast. Raises LedgerHasEvents."""
    began = time.perf_counter()
    owner, schema = runtime.connections.owner, runtime.settings.ledger
    with Yardstick(owner, schema) as yardstick, Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("0", total=total)
        writer = making(
            runtime.book,
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
        benchmark=name,
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
            "append_per_second": writer.events / writer.seconds,
            "memory_peak_mb": memory.peak if memory else 0.0,
        },
    )
