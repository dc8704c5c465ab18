"""The workshop's commands: what is made to be measured. `python -m bench make-district`."""

from __future__ import annotations

import json
import os
import re
import time
from typing import Annotated

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
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)

bench_app = typer.Typer(help="Make what is measured.", no_args_is_help=True)


@bench_app.callback()
def bench() -> None:
    """Only in a checkout: this is not installed with the program."""


@bench_app.command("make-district")
def make_district(
    ledger: Annotated[
        str, typer.Option(help="A ledger of its own: an empty one, never this installation's.")
    ] = "district",
    institutions: Annotated[int, typer.Option(min=1, max=999)] = 350,
    families: Annotated[int, typer.Option(min=1, help="Of each institution.")] = 150,
    seed: Annotated[int, typer.Option(help="The same seed makes the same events.")] = 1,
    vault: Annotated[int, typer.Option(min=0, help="Of so many institutions the names, too.")] = 0,
    jobs: Annotated[
        int, typer.Option(min=0, help="Processes that decide; 0: one for each core.")
    ] = 0,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """An invented pilot district: a school year with every kind of fact, reproducible by a seed."""
    settings = Settings.read()
    if ledger == settings.ledger or not NAME.fullmatch(ledger):
        raise typer.BadParameter("a ledger of its own: small letters, digits, _", param_hint=ledger)
    with opened(settings.model_copy(update={"ledger": ledger})) as runtime:
        try:
            figure = measured(runtime, Size(institutions, families, seed), vault, jobs or cores())
        except LedgerHasEvents:
            Console(stderr=True).print(f"{ledger}: has events already; nothing was made.")
            raise typer.Exit(REFUSED) from None
        seen = look(runtime.connections.owner)
    said = as_json(seen, [figure]) if as_json_ else table(seen, [figure])
    typer.echo(json.dumps(said, ensure_ascii=False) if as_json_ else said)


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
