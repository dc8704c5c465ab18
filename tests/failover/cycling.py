"""The whole program over two nodes: one is killed, the other promoted, the first one rejoins."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.attendance import Attendance
from domain.session import Session
from ledger.log.logs import NoLogYet
from tests.failover.desk import Clerk, recorded
from tests.failover.nodes import Pair, pair, until
from tests.soak.checking import faults, wait_until_done
from tests.soak.ground import Ground, answers, ground, insist
from tests.soak.load import Load

STEADY = 1.5  # seconds under load before the next node is killed
IN_FLIGHT = 0.02  # seconds: what is heard by then may have been on its way
ONCE = (
    Attendance.CheckedIn.TOPIC, Session.Scheduled.TOPIC, Session.Opened.TOPIC,
    Session.Closed.TOPIC, Session.HeadCounted.TOPIC, Session.Attested.TOPIC,
)  # fmt: skip


@dataclass(frozen=True)
class Cycle:
    """One failover: what was acknowledged since the one before, and how long people waited."""

    commands: int
    check_ins: int
    asked_again: int
    in_doubt: int
    first_answer: float
    rejoined: float


@dataclass
class Outcome:
    cycles: list[Cycle] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    signed: int = 0
    unlike: int = 0
    faults: list[str] = field(default_factory=list)


class Failovers:
    """Phones, staff and a clerk at work, while one node after the other is killed."""

    def __init__(self, nodes: Pair, there: Ground, seed: int) -> None:
        self._nodes, self._ground = nodes, there
        self._load = Load(there, seed)
        self._clerk = Clerk(there.runtime.book, there.made.learners)
        self._before = (0, 0, 0, 0)
        self.outcome = Outcome()

    def run(self, cycles: int, webs: int = 1, workers: int = 2) -> Outcome:
        self._ground.start_all(webs, workers)
        load, clerk = self._load, self._clerk
        with ThreadPoolExecutor(2) as beside:
            working = [beside.submit(load.run), beside.submit(clerk.run)]
            try:
                until(lambda: bool(clerk.acknowledged and load.told.acknowledged))
                for _ in range(cycles):
                    time.sleep(STEADY)
                    self.outcome.cycles.append(self.fail_over())
                time.sleep(STEADY)
            finally:
                load.stop.set()
                clerk.stop.set()
        for each in working:
            each.result()
        self._judge()
        return self.outcome

    def fail_over(self) -> Cycle:
        killed = self._nodes.kill_and_promote()
        until(lambda: self._answered_after(killed + IN_FLIGHT) is not None)
        first = self._answered_after(killed + IN_FLIGHT)
        assert first is not None
        began = time.monotonic()
        self._nodes.rejoin()
        self._nodes.wait_for_standby()
        rejoined = time.monotonic() - began
        self._ground.start_ended()
        return Cycle(*self._news(), round(first - killed, 2), round(rejoined, 2))

    def _answered_after(self, moment: float) -> float | None:
        newest = list(self._clerk.acknowledged.values())[-200:]
        return next((each for each in newest if each > moment), None)

    def _news(self) -> tuple[int, int, int, int]:
        """Commands, check-ins, both asked again, taps found recorded: since the last failover."""
        told, clerk = self._load.told, self._clerk
        again = told.repeats + len(clerk.asked_again)
        now = (len(clerk.acknowledged), len(told.acknowledged), again, told.in_doubt)
        before, self._before = self._before, now
        return tuple(n - b for n, b in zip(now, before, strict=True))  # type: ignore[return-value]  # four of four

    def _judge(self) -> None:
        runtime, told, outcome = self._ground.runtime, self._load.told, self.outcome
        insist(lambda: answers(self._ground.bases[0]))
        wait_until_done(self._ground, told)
        consents, others = recorded(runtime.book), recorded(runtime.book, ONCE)
        scans = [scan.scan_id for scan in told.acknowledged]
        outcome.lost = sum(not consents[each] for each in self._clerk.acknowledged)
        outcome.lost += sum(not others[each] for each in scans)
        outcome.doubled = sum(n > 1 for n in (*consents.values(), *others.values()))
        outcome.faults = list(faults(self._ground, told))
        outcome.signed = insist(self._signed)
        self._nodes.wait_for_replay()
        outcome.unlike = unlike(self._nodes)

    def _signed(self) -> int:
        """The size of the log when all is under a checkpoint. Raises OSError: not yet."""
        logs, position = self._ground.runtime.logs, self._ground.runtime.book.ledger.position()
        try:
            published = logs.newest(logs.current())
        except NoLogYet as late:
            raise OSError from late
        if logs.overdue(logs.current()) or not logs.places(logs.current(), [position]):
            raise OSError("the log goes on")
        self.outcome.faults += [f"alarm: {code}" for _, code, _ in logs.alarms()]
        return published.size


def unlike(nodes: Pair) -> int:
    """How many events one node has and the other has not."""
    question = "SELECT notification_id, md5(state) FROM ledger.ledger_events"
    one, other = (Counter(node.ask(question)) for node in (nodes.primary, nodes.standby))
    return (one - other).total() + (other - one).total()


@contextmanager
def failing_over(folder: Path, families: int, webs: int, seed: int = 7) -> Iterator[Failovers]:
    with pair() as nodes:
        there = ground(folder, families, webs, nodes.conninfo())
        try:
            yield Failovers(nodes, there, seed)
        finally:
            there.end()
