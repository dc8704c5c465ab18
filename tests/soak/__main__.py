"""`make soak`: kill everything at random under load, for MINUTES; exits with 1 on any fault."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.soak.killing import Report, at_random, soaking

FAMILIES, WEBS, WORKERS = 1_200, 3, 2
MEAN_SECONDS_BETWEEN_KILLS = 6.0


def main() -> int:
    asked = argparse.ArgumentParser(prog="soak")
    asked.add_argument("--minutes", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked.add_argument("--report", type=Path, default=Path("var/soak.json"))
    options = asked.parse_args()
    say(f"seed {options.seed}")
    folder = Path(tempfile.mkdtemp(prefix="soak"))  # stays where not all went well: what was told
    with soaking(folder, options.seed, FAMILIES, WEBS) as soak:
        kills = at_random(options.seed, options.minutes * 60, MEAN_SECONDS_BETWEEN_KILLS)
        report = soak.run(kills, WEBS, WORKERS)
    if not report.faults:
        shutil.rmtree(folder)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(vars(report), indent=1, ensure_ascii=False))
    tell(report)
    say(f"report: {options.report}")
    return 1 if report.faults else 0


def tell(report: Report) -> None:
    killed = ", ".join(f"{kind} {times}" for kind, times in sorted(report.killed.items()))
    say(f"{report.seconds:.0f} s; killed: {killed}")
    say(f"{report.evenings} evenings, {report.check_ins} check-ins, asked again {report.repeats}×")
    say(f"{report.restarts} ended by themselves and were started again")
    if report.takeovers:
        say(f"a worker took over within {max(report.takeovers):.1f} s")
    for name, samples in sorted(report.memory.items(), key=lambda each: -len(each[1]))[:6]:
        say(f"memory of {name}: {samples[0]:.0f} → {samples[-1]:.0f} MB in {len(samples)} samples")
    for fault in report.faults[:50]:
        say(f"FAULT {fault}")
    say("clean" if not report.faults else f"{len(report.faults)} faults")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
