"""How a figure is taken: rounds of ours and of the yardstick in turn, medians, and their ratio.

The spread of a figure is its lowest and its highest round.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from statistics import median

from bench.processors import Watch

DISTURBED = 0.15  # of all processors, used by others while a round ran


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
    others: float | None = None  # the share of all processors that other programs used meanwhile

    @property
    def rate(self) -> float:
        return self.amount / self.seconds


@dataclass(frozen=True)
class Figure:
    """What was measured beside its yardstick. `reach` is the ratio the design asks for, if any.

    `others` are the shares that other programs used: in the rounds of ours, then of the yardstick.
    """

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
    ours_rounds: Sequence[float] = ()
    beside_rounds: Sequence[float] = ()
    others: Sequence[float | None] = ()

    @property
    def ratio(self) -> float:
        return self.ours / self.beside

    @property
    def ratios(self) -> list[float]:
        """That of each round: both sides ran within seconds of each other."""
        beside = self.beside_rounds or [self.beside] * len(self.ours_rounds)
        return [ours / other for ours, other in zip(self.ours_rounds, beside, strict=True)]

    @property
    def disturbed(self) -> int:
        """In how many rounds others used more than is fair to neglect."""
        return sum(share is not None and share > DISTURBED for share in self.others)

    @property
    def met(self) -> bool | None:
        if self.reach is None:
            return None
        return self.ratio >= self.reach if self.more_is_better else self.ratio <= self.reach


@dataclass(frozen=True)
class NotRun:
    """A row of the table that has no figure this time, and why."""

    benchmark: str
    what: str
    reason: str


Row = Figure | NotRun


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
            ours_rounds=[sample.rate for sample in ours],
            beside_rounds=[sample.rate for sample in beside],
            others=[sample.others for sample in (*ours, *beside)],
        )


@dataclass(frozen=True)
class Goal:
    """What is asked where nothing can stand beside a figure but a fixed value that it must keep."""

    benchmark: str
    what: str
    unit: str
    value: float
    called: str = "goal"
    more_is_better: bool = False

    def answer(
        self,
        n: int,
        rounds: Sequence[float],
        facts: Mapping[str, float] | None = None,
        others: Sequence[float | None] = (),
    ) -> Figure:
        return Figure(
            benchmark=self.benchmark,
            what=self.what,
            unit=self.unit,
            n=n,
            rounds=len(rounds),
            ours=median(rounds),
            yardstick=self.called,
            yardstick_n=1,
            beside=self.value,
            reach=1,
            more_is_better=self.more_is_better,
            facts=facts or {},
            ours_rounds=rounds,
            others=others,
        )


Round = Callable[[int], Sample]


def interleaved(rounds: int, *sides: Round) -> list[list[Sample]]:
    """Run every side once a round, each round beginning with another one: load hits all alike."""
    samples: list[list[Sample]] = [[] for _ in sides]
    for number in range(rounds):
        for place in range(len(sides)):
            side = (place + number) % len(sides)
            if rounds > 1:
                gc.collect()
            watch = Watch()
            sample = sides[side](number)
            samples[side].append(replace(sample, others=watch.others()))
    return samples


def timed(amount: int, work: Callable[[], object]) -> Sample:
    began = time.perf_counter()
    work()
    return Sample(amount, time.perf_counter() - began)


def medians(samples: list[Sample]) -> dict[str, float]:
    names = samples[0].facts
    return {name: median(sample.facts[name] for sample in samples) for name in names}
