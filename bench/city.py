"""An invented city: one institution in sixteen is decided by the domain, the others are stamped.

What is stamped is no copy of rows: see bench/stamping. But sixteen institutions share one course
of events, which no city does: measure sizes and times on it, never a distribution.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.district import KINDS, Institution, Size
from bench.in_memory import Unit
from bench.making import Block, Plan, steps
from bench.stamping import Stamp, names_kept

DISTRICTS = (
    "440103", "440104", "440105", "440106", "440111", "440112",
    "440113", "440114", "440115", "440117", "440118",
)  # fmt: skip
IN_A_BLOCK = 16
CITY = Size(institutions=3_334, families=300, evenings=4, comes=0.3)  # a million learners


def city_institutions(count: int) -> Iterator[Institution]:
    """Neighbours in the order lie in different districts; those of a block are of one kind."""
    for number in range(count):
        kind = KINDS[number // IN_A_BLOCK % len(KINDS)]
        yield Institution(number // len(DISTRICTS), kind, DISTRICTS[number % len(DISTRICTS)])


def decided_and_stamped(block: Block, size: Size) -> list[Unit]:
    """A block's year, step by step, in each step one institution after another."""
    with names_kept() as names:
        original = [step.units for step in steps(block[0], size)]
    stamp = Stamp(block[0], size, original, names)
    years = [original, *(stamp.copied(place) for place in block[1:])]
    return [unit for step in zip(*years, strict=True) for units in step for unit in units]


def city(size: Size = CITY) -> Plan:
    return Plan(size, city_institutions, IN_A_BLOCK, decided_and_stamped)
