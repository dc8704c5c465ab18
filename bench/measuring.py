"""How a figure is taken: rounds of ours and of the yardstick in turn, medians, and their ratio."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from statistics import median


class Scale(IntEnum):
    """How much is measured: the smallest only proves that a benchmark still runs."""

    SMALLEST = 0
    QUICK = 1
    FULL = 2

    def pick(self, smallest: int, quick: int, full: int) -> int:
        return (smallest, quick, full)[self]

    @property
    def rounds(self) -> int:
        return self.pick(1, 3, 5)


@dataclass(frozen=True)
class Sample:
    """One round of one side: how many things in how many seconds, and what else was seen."""

    amount: int
    seconds: float
    facts: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def rate(self) -> float:
        return self.amount / self.seconds


@dataclass(frozen=True)
class Figure:
    """What was measured beside its yardstick. `reach` is the ratio the design asks for, if any."""

    benchmark: str
    what: str
    unit: str
    n: int
    rounds: int
    ours: float
    yardstick: str
    yardstick_n: int
    beside: float
    reach: float | None = None
    more_is_better: bool = True
    facts: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def ratio(self) -> float:
        return self.ours / self.beside

    @property
    def met(self) -> bool | None:
        if self.reach is None:
            return None
        return self.ratio >= self.reach if self.more_is_better else self.ratio <= self.reach


@dataclass(frozen=True)
class Question:
    """What is asked: the name of the benchmark, what is counted, beside what, and the goal."""

    benchmark: str
    what: str
    unit: str
    yardstick: str
    reach: float | None = None

    def answer(self, ours: list[Sample], beside: list[Sample]) -> Figure:
        return Figure(
            benchmark=self.benchmark,
            what=self.what,
            unit=self.unit,
            n=ours[0].amount,
            rounds=len(ours),
            ours=median(sample.rate for sample in ours),
            yardstick=self.yardstick,
            yardstick_n=beside[0].amount,
            beside=median(sample.rate for sample in beside),
            reach=self.reach,
            facts=medians(ours) | {f"yardstick_{k}": v for k, v in medians(beside).items()},
        )


Round = Callable[[int], Sample]


def interleaved(rounds: int, *sides: Round) -> list[list[Sample]]:
    """Run every side once a round, each round beginning with another one: load hits all alike."""
    samples: list[list[Sample]] = [[] for _ in sides]
    for number in range(rounds):
        for place in range(len(sides)):
            side = (place + number) % len(sides)
            gc.collect()
            samples[side].append(sides[side](number))
    return samples


def timed(amount: int, work: Callable[[], object]) -> Sample:
    began = time.perf_counter()
    work()
    return Sample(amount, time.perf_counter() - began)


def medians(samples: list[Sample]) -> dict[str, float]:
    names = samples[0].facts
    return {name: median(sample.facts[name] for sample in samples) for name in names}
