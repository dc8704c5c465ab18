"""A proof of inclusion from a city's log: its tiles lie in the database, nothing is kept."""

from __future__ import annotations

import random
import time
from statistics import median

from bench.ground import Ground
from bench.kept import Kept
from bench.large.pages import high
from bench.measuring import Figure, Goal, Scale

GOAL_MS = 5.0


def run(kept: Kept, on: str, scale: Scale) -> list[Figure]:
    proofs = scale.pick(20, 300, 2_000)
    with kept.ground(on, "city") as city, kept.ground(on, "small") as small:
        ours, size = proved(city, proofs)
        beside, _ = proved(small, proofs)
    facts = {"p95_ms": high(ours), "small_ms": median(beside)}
    goal = Goal("large", f"a proof of inclusion among {size:,} leaves, median", "ms", GOAL_MS)
    return [goal.answer(proofs, [median(ours)], facts)]


def proved(ground: Ground, proofs: int) -> tuple[list[float], int]:
    """Milliseconds of each proof of a leaf by chance, and how many leaves there are."""
    logs, chance = ground.runtime.logs, random.Random(1)
    log = logs.current()
    newest = logs.newest(log)
    took: list[float] = []
    for _ in range(proofs):
        began = time.perf_counter()
        logs.prove(log, chance.randrange(newest.size), newest)
        took.append((time.perf_counter() - began) * 1000)
    return took, newest.size
