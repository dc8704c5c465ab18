"""`python -m bench [NAME …]`: measure, print each figure beside its yardstick, write JSON.

Its other words, as make-district, are those of bench/commands.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from api import logs
from bench import (
    append,
    arrivals,
    award_run,
    catch_up,
    certificates,
    check_ins,
    check_ins_over_http,
    corrections,
    credentials,
    demo,
    dry_run,
    evaluating,
    large,
    log,
    machine,
    pgbench,
    roster_import,
    verify_page,
)  # fmt: skip
from bench.commands import bench_app
from bench.ground import Ground, fresh, server
from bench.measuring import Figure, Row, Scale
from bench.processors import Watch
from bench.report import as_json, table

RESULTS = Path(__file__).parent / "results"
BENCHMARKS: dict[str, Callable[[Ground, Scale], Sequence[Row]]] = {
    "check-ins": check_ins.run,
    "check-ins-over-http": check_ins_over_http.run,
    "arrivals": arrivals.run,
    pgbench.NAME: pgbench.run,
    "append": append.run,
    "award-run": award_run.run,
    "evaluating": evaluating.run,
    "corrections": corrections.run,
    "dry-run": dry_run.run,
    "roster-import": roster_import.run,
    "catch-up": catch_up.run,
    "log": log.run,
    "credentials": credentials.run,
    "certificates": certificates.run,
    "verify-page": verify_page.run,
    "demo": demo.run,
    large.NAME: large.run,
}


def main() -> None:
    if sys.argv[1:] and sys.argv[1] in {each.name for each in bench_app.registered_commands}:
        bench_app(prog_name="python -m bench")
        return
    asked = arguments(sys.argv[1:])
    logs.configure("warning")
    scale = Scale.QUICK if asked.quick else Scale.FULL
    rows: list[Row] = []
    took: dict[str, float] = {}
    with server() as on:
        seen = machine.look(on)
        for name in asked.names or BENCHMARKS:
            began = time.monotonic()
            rows += measured(name, on, scale, profile=asked.profile)
            took[name] = time.monotonic() - began
            print(f"{name}: {took[name]:.0f} s", file=sys.stderr)
            keep(asked.json, as_json(seen, rows, took))
    print(table(seen, rows))
    print(f"\n{sum(took.values()):.0f} s; kept in {asked.json}")


def keep(file: Path, known: Mapping[str, object]) -> None:
    """Write what is known so far: a run that is cut short is not lost."""
    text = json.dumps(known, indent=1, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")


def measured(name: str, on: str, scale: Scale, *, profile: bool = False) -> list[Row]:
    """One benchmark on a database of its own; a profile shows where the time goes.

    What others used meanwhile is noted at figures whose rounds were not watched one by one.
    """
    with fresh(on, profile=profile) as ground:
        watch = Watch()
        rows = profiled(name, ground, scale) if profile else BENCHMARKS[name](ground, scale)
        others = watch.others()
    return [
        replace(row, others=[others]) if isinstance(row, Figure) and not row.others else row
        for row in rows
    ]


def profiled(name: str, ground: Ground, scale: Scale) -> Sequence[Row]:
    profiler = cProfile.Profile()
    rows = profiler.runcall(BENCHMARKS[name], ground, scale)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
    return rows


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="the whole in two minutes")
    kept = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    parser.add_argument("--json", type=Path, default=kept, help="where the figures are written")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    main()
