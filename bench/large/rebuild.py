"""The pilot district's read models rebuilt beside the running ones, its pages read meanwhile."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.children import ROOT, python
from bench.kept import Kept
from bench.large.pages import PARENT, STAFF, Side, Times, high, side
from bench.measuring import Figure, Scale

QUICK = ("attendance_register",)
READ = (*PARENT, *STAFF)


def run(kept: Kept, on: str, scale: Scale) -> list[Figure]:
    names = () if scale is Scale.FULL else QUICK
    made = kept.read()["district"]
    with side(kept, on, "district") as reader:
        alone = read(reader, looks=scale.pick(1, 10, 30))
        command = python("-m", "bench.large.rebuilding", *names)
        environment = reader.readers.ground.environment()
        with subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as child:
            meanwhile = read(reader, until=lambda: child.poll() is not None)
            assert child.stdout is not None
            told = json.loads(child.stdout.read())
        assert child.returncode == 0
    seconds = told["seconds"]
    return [
        rebuilt(made, names, seconds, told | {"pages_read": len(meanwhile.first)}),
        served(alone, meanwhile),
    ]


def read(reader: Side, looks: int = 0, until: Callable[[], bool] = lambda: True) -> Times:
    """Every page in turn, at least so many times each; every answer must be whole."""
    times, rounds = Times(), 0
    while rounds < looks or not until():
        for page in READ:
            reader.ask(page, times)
        rounds += 1
    return times


def rebuilt(
    made: dict[str, Any], names: tuple[str, ...], seconds: float, facts: dict[str, float]
) -> Figure:
    events = made["events"]
    return Figure(
        benchmark="large",
        what=f"events of the pilot district rebuilt into {named(names)}, its pages read meanwhile",
        unit="events/s",
        n=events,
        rounds=1,
        ours=events / seconds,
        yardstick="all read models built from nothing by make bench-data, in a run before",
        yardstick_n=events,
        beside=events / made["steps"]["read models"]["seconds"],
        facts=facts,
    )


def named(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "all read models"


def served(alone: Times, meanwhile: Times) -> Figure:
    """No goal: the two share the cores. None of the pages may fail."""
    return Figure(
        benchmark="large",
        what="95th percentile of the district's pages while its read models are rebuilt",
        unit="ms",
        n=len(meanwhile.first),
        rounds=1,
        ours=high(meanwhile.first),
        yardstick="the same pages without a rebuild",
        yardstick_n=len(alone.first),
        beside=high(alone.first),
        more_is_better=False,
        facts={
            "median_ms": median(meanwhile.first),
            "yardstick_median_ms": median(alone.first),
            "worst_ms": max(meanwhile.first),
        },
    )
