"""The score of `make mutation`: how many changed rules a test noticed, and which it did not."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

REACH = 90
NOTICED = {"killed", "timeout", "segfault", "suspicious"}


def main() -> int:
    told = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    pairs = [line.strip().rsplit(": ", 1) for line in told.splitlines() if ": " in line]
    counts = Counter(outcome for _, outcome in pairs)
    noticed, total = sum(counts[each] for each in NOTICED), sum(counts.values())
    for name, outcome in pairs:
        if outcome not in NOTICED:
            print(f"{outcome}: {name}")
    score = noticed * 100 / max(total, 1)
    print(f"{noticed} of {total} mutants noticed: {score:.1f} % (to reach: {REACH} %)")
    return 0 if score >= REACH else 1


if __name__ == "__main__":
    sys.exit(main())
