"""`python -m bench [NAME …]`: measure, print each figure beside its yardstick, write JSON.

`python -m bench make-district|make-city|make-data` makes what is measured (bench/commands.py).
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable
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
    log,
    machine,
    roster_import,
    verify_page,
)  # fmt: skip
from bench.commands import bench_app
from bench.ground import Ground, fresh, server
from bench.machine import Machine
from bench.measuring import Figure, Scale
from bench.report import as_json, table

BENCHMARKS: dict[str, Callable[[Ground, Scale], list[Figure]]] = {
    "check-ins": check_ins.run,
    "check-ins-over-http": check_ins_over_http.run,
    "arrivals": arrivals.run,
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
}


def main() -> None:
    if sys.argv[1:] and sys.argv[1] in {each.name for each in bench_app.registered_commands}:
        bench_app(prog_name="python -m bench")
        return
    asked = arguments()
    logs.configure("warning")
    scale = Scale.QUICK if asked.quick else Scale.FULL
    figures: list[Figure] = []
    with server() as on:
        seen = machine.look(on)
        for name in asked.names or BENCHMARKS:
            began = time.monotonic()
            figures += measured(name, on, scale, profile=asked.profile)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
            keep(asked.json, seen, figures)
    print(table(seen, figures))


def keep(file: Path | None, seen: Machine, figures: list[Figure]) -> None:
    """Write what is known so far: a run that is cut short is not lost."""
    if file is not None:
        text = json.dumps(as_json(seen, figures), indent=1, ensure_ascii=False)
        file.write_text(f"{text}\n", encoding="utf-8")


def measured(name: str, on: str, scale: Scale, *, profile: bool = False) -> list[Figure]:
    """One benchmark on a database of its own; a profile shows where the time goes."""
    with fresh(on, profile=profile) as ground:
        if not profile:
            return BENCHMARKS[name](ground, scale)
        profiler = cProfile.Profile()
        figures = profiler.runcall(BENCHMARKS[name], ground, scale)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
        return figures


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="a few seconds each")
    parser.add_argument("--json", type=Path, help="write machine and figures to a file")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    main()
