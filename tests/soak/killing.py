"""The soak: processes and database are killed at random moments under a steady load."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.machine import memory_of
from tests.soak.checking import faults, grown, wait_until_done
from tests.soak.ground import Ground, answers, ground, insist
from tests.soak.load import Load

WARM_UP = 20  # samples before anybody asks whether memory is flat
SAMPLE_EVERY = 3.0
KINDS = ("web", "web", "worker", "worker", "rebuild", "database")
MODELS = ("attendance_register", "account_statement", "session_board")


@dataclass(frozen=True)
class Kill:
    """After so many seconds, one of a kind."""

    after: float
    kind: str


@dataclass
class Report:
    seed: int
    seconds: float = 0.0
    killed: Counter[str] = field(default_factory=Counter)
    takeovers: list[float] = field(default_factory=list)
    check_ins: int = 0
    repeats: int = 0
    evenings: int = 0
    restarts: int = 0
    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)


class Soak:
    """`web 0` and, of two workers, nobody in particular: the first web process is never killed."""

    def __init__(self, there: Ground, seed: int) -> None:
        self.ground = there
        self.chance = random.Random(seed)
        self.report = Report(seed)
        self.load = Load(there, seed)
        self._done = threading.Event()

    def run(self, kills: Iterable[Kill], webs: int, workers: int) -> Report:
        self.ground.start_all(webs, workers)
        began = time.monotonic()
        with ThreadPoolExecutor(2) as beside:
            loading, sampling = beside.submit(self.load.run), beside.submit(self._sample)
            try:
                for kill in kills:
                    time.sleep(kill.after)
                    self.kill(kill.kind)
                self.load.stop.set()
                loading.result()
                self.report.seconds = time.monotonic() - began
                insist(lambda: answers(self.ground.bases[0]))
                wait_until_done(self.ground, self.load.told)
            finally:  # until then whoever ends by itself is started again
                self.load.stop.set()
                self._done.set()
        sampling.result()
        self.judge()
        return self.report

    def kill(self, kind: str) -> None:
        self.report.killed[kind] += 1
        if kind == "database":
            self.ground.kill_database()
        elif kind == "rebuild":
            self.ground.start("rebuild", "rebuild", self.chance.choice(MODELS))
            time.sleep(self.chance.uniform(1.0, 4.0))
            self.ground.kill("rebuild")
        elif kind == "worker":
            self.kill_the_active_worker()
        else:
            self.kill_web()

    def kill_web(self) -> None:
        names = sorted(name for name in self.ground.running if name.startswith("web "))[1:]
        name = self.chance.choice(names)
        self.ground.kill(name)
        self.ground.start(name, "serve")

    def kill_the_active_worker(self) -> None:
        """Whoever holds the lock; the one who stands by has it in seconds."""
        holder = insist(lambda: active(self.ground))
        names = [n for n, each in self.ground.running.items() if each == holder]
        if not names:
            return
        killed = time.monotonic()
        self.ground.kill(names[0])
        if any(name.startswith("worker") for name in self.ground.running):
            insist(lambda: active(self.ground, other_than=holder))
            self.report.takeovers.append(round(time.monotonic() - killed, 2))
        self.ground.start(names[0], "work")

    def judge(self) -> None:
        told, report = self.load.told, self.report
        report.check_ins, report.repeats = len(told.acknowledged), told.repeats
        report.evenings = len(told.attested)
        report.faults += faults(self.ground, told)
        long = {n: s[WARM_UP:] for n, s in report.memory.items() if len(s) > 3 * WARM_UP}
        report.faults += grown(long)

    def _sample(self) -> None:
        """Memory of whoever runs; who ended by itself runs again."""
        while not self._done.wait(SAMPLE_EVERY):
            self.report.restarts += self.ground.start_ended()
            for name, pid in list(self.ground.running.items()):
                memory = memory_of(pid)
                if memory is not None and name != "rebuild":
                    self.report.memory[f"{name} ({pid})"].append(round(memory.resident, 1))


def active(there: Ground, other_than: int = 0) -> int:
    """The process id of the worker that holds the runner's lock. Raises OSError: nobody does."""
    with psycopg.connect(there.runtime.connections.owner) as connection:
        row = connection.execute(HOLDER).fetchone()
    if row is None or row[0] == other_than:
        raise OSError("nobody works")
    pid: int = row[0]
    return pid


HOLDER = """
SELECT substring(application_name FROM 'projections ([0-9]+)')::int FROM pg_stat_activity
 WHERE application_name LIKE 'parent-credits projections%'
   AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)
"""


def at_random(seed: int, seconds: float, mean: float) -> Iterator[Kill]:
    """Kills until the time is over; every kind has its turn, in another order each time."""
    chance, ends = random.Random(seed), time.monotonic() + seconds
    while time.monotonic() < ends:
        for kind in chance.sample(KINDS, len(KINDS)):
            yield Kill(min(chance.expovariate(1 / mean), 5 * mean), kind)


@contextmanager
def soaking(folder: Path, seed: int, families: int, webs: int) -> Iterator[Soak]:
    there = ground(folder, families, webs)
    try:
        yield Soak(there, seed)
    finally:
        there.end()
