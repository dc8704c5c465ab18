"""`make failover`: kill and promote CYCLES times under load; a table, and 1 where any is lost."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.failover.cycling import Outcome, failing_over

FAMILIES, WEBS, WORKERS = 240, 2, 2
COLUMNS = (
    "failover",
    "commands",
    "check-ins",
    "asked again",
    "in doubt",
    "first answer s",
    "rejoin s",
)


def main() -> int:
    asked = argparse.ArgumentParser(prog="failover")
    asked.add_argument("--cycles", type=int, default=20)
    asked.add_argument("--seed", type=int, default=7)
    options = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="failover-") as folder,
        failing_over(Path(folder), FAMILIES, WEBS, options.seed) as failovers,
    ):
        outcome = failovers.run(options.cycles, WEBS, WORKERS)
    tell(outcome)
    return 1 if outcome.lost or outcome.doubled or outcome.unlike or outcome.faults else 0


def tell(outcome: Outcome) -> None:
    say(" | ".join(COLUMNS))
    for number, cycle in enumerate(outcome.cycles, 1):
        values = (number, *vars(cycle).values())
        say(" | ".join(f"{v:>{len(name)}}" for v, name in zip(values, COLUMNS, strict=True)))
    acknowledged = sum(cycle.commands + cycle.check_ins for cycle in outcome.cycles)
    waits = [cycle.first_answer for cycle in outcome.cycles]
    say(f"acknowledged {acknowledged}, lost {outcome.lost}, doubled {outcome.doubled}")
    say(f"first answer after {median(waits):.2f} s (median), {max(waits):.2f} s (longest)")
    say(f"events that one node lacks: {outcome.unlike}; log signed to {outcome.signed}")
    for fault in outcome.faults[:50]:
        say(f"FAULT {fault}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
