"""Check-ins over HTTP into PostgreSQL, beside the same application on stock saves.

Generator, web processes and server share the cores of one machine: what each used is told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection

import psycopg
from psycopg.sql import SQL, Identifier

from bench.children import READY_WITHIN, child, python, wait_until_it_answers
from bench.ground import Ground, free_port
from bench.load import generator, send
from bench.measuring import Goal, NotRun, Question, Round, Row, Sample, Scale, interleaved
from bench.phones import Phones
from bench.processors import seconds_of
from bench.stock import StockLedger, copy_history
from bench.world import World
from domain.attendance import Attendance
from ledger.ledger import EVENTS_TABLE

NAME = "check-ins-over-http"
CONNECTIONS, FEW, MANY = 64, 8, 256
PROCESSES = 2
RECORDED = {"ours", "few", "many", "several"}
GOAL_MS = 80.0
OURS, DECIDED, BARE, CONSTANT = "/api/v1", "/stock/decided", "/stock/bare", "/constant"


@dataclass(frozen=True)
class Door:
    """A port, and the web processes behind it."""

    port: int
    pids: tuple[int, ...]


@dataclass(frozen=True)
class Evening:
    """What every round needs."""

    ground: Ground
    phones: Phones

    def sides(self, scale: Scale, one: Door, several: Door | None = None) -> dict[str, Round]:
        ours, stock = scale.pick(64, 1_500, 8_000), scale.pick(32, 150, 600)
        sides = {
            "ours": self.through(one, OURS, ours),
            "decided": self.through(one, DECIDED, stock),
            "bare": self.through(one, BARE, stock),
            "constant": self.again(one, ours),
            "few": self.through(one, OURS, ours // 2, FEW),
            "many": self.through(one, OURS, ours // 2, min(MANY, ours // 2)),
        }
        return sides | ({"several": self.through(several, OURS, ours // 2)} if several else {})

    def through(self, door: Door, root: str, count: int, connections: int = CONNECTIONS) -> Round:
        """Check-ins that nobody sent before."""
        used = min(connections, count)
        return lambda _: measured(self.ground, door, self.phones.ready(root, count), used)

    def again(self, door: Door, count: int) -> Round:
        """The same request as often as is wanted, to the route that records nothing."""
        return lambda _: measured(
            self.ground, door, self.phones.ready(CONSTANT, 1) * count, CONNECTIONS
        )


def run(ground: Ground, scale: Scale) -> Sequence[Row]:
    world = World(ground.runtime.book, datetime.now(UTC), scale.pick(64, 500, 1_000))
    evening = Evening(ground, Phones(ground, world, scale.pick(500, 15_000, 150_000)))
    StockLedger(ground).close()
    copy_history(ground)
    with ExitStack() as running:
        doors = [
            running.enter_context(web_processes(ground, count))
            for count in ((1, PROCESSES) if scale is Scale.FULL else (1,))
        ]
        for door in doors:
            evening.through(door, OURS, CONNECTIONS)(0)
        evening.through(doors[0], DECIDED, 1)(0)
        before, sides = recorded(ground), evening.sides(scale, *doors)
        taken = dict(zip(sides, interleaved(scale.rounds, *sides.values()), strict=True))
        sent = sum(s.amount for name in taken.keys() & RECORDED for s in taken[name])
        assert recorded(ground) - before == sent  # every 201 is a check-in that is there
    return figures(taken)


def figures(taken: dict[str, list[Sample]]) -> list[Row]:
    """Each beside what it is to be compared with, in the same rounds."""
    by, ours = f"by {generator()}", taken["ours"]

    def beside(than: str, how: str, yardstick: str, side: str = "ours", reach: int = 0) -> Row:
        what = f"check-ins over HTTP into PostgreSQL, {how}, {by}"
        question = Question(NAME, what, "check-ins/s", yardstick, reach or None)
        if side not in taken:
            return NotRun(NAME, what, "only in the full form")
        return question.answer(taken[side], taken[than])

    waits = Goal(
        NAME, "99th percentile of the wait for an answer in the same rounds", "ms", GOAL_MS
    )
    slowest, others = [s.facts["p99_ms"] for s in ours], [s.others for s in ours]
    one = f"one web process, {CONNECTIONS} connections"
    several = f"{PROCESSES} web processes at one port, {CONNECTIONS} connections"
    return [
        beside("decided", one, "the same route and decision on stock reads and save()", reach=15),
        beside("bare", one, "a route that only does a stock save()"),
        beside("constant", one, "a bare route that answers a constant"),
        waits.answer(ours[0].amount, slowest, others=others),
        beside("ours", f"one web process, {FEW} connections", f"the same, {one}", "few"),
        beside("ours", f"one web process, {MANY} connections", f"the same, {one}", "many"),
        beside("ours", several, f"the same, {one}", "several"),
    ]


def measured(ground: Ground, door: Door, requests: Sequence[bytes], connections: int) -> Sample:
    """One round, with what of the processors everybody used."""
    families = door.pids, (ground.server_pid or 0,)
    before = seconds_of(*families)
    answers = send(ground.settings.host, door.port, requests, connections)
    after = seconds_of(*families)
    web, database = (later - earlier for earlier, later in zip(before, after, strict=True))
    facts = {
        "p50_ms": answers.p50_ms,
        "p99_ms": answers.p99_ms,
        "web_cores": web / answers.seconds,
        "server_cores": database / answers.seconds,
        "generator_cores": answers.generator_seconds / answers.seconds,
        "web_cpu_ms_each": web / len(requests) * 1000,
    }
    return Sample(len(requests), answers.seconds, facts)


def recorded(ground: Ground) -> int:
    events = Identifier(ground.settings.ledger), Identifier(EVENTS_TABLE)
    count = SQL("SELECT count(*) FROM {}.{} WHERE topic = %s").format(*events)
    with psycopg.connect(ground.owner) as connection:
        row = connection.execute(count, (Attendance.CheckedIn.TOPIC,)).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def web_processes(ground: Ground, count: int) -> Generator[Door]:
    """So many behind a port of their own, ready."""
    port = free_port()
    command = python("-m", "bench.web_process", "--port", str(port))
    command += ["--profile"] if ground.profile and count == 1 else []
    with ExitStack() as running:
        started = [
            running.enter_context(child(command, ground.environment())) for _ in range(count)
        ]
        for process in started:
            wait_until_it_answers(process, port)
        wait_until_all_answer(port, count)
        yield Door(port, tuple(process.pid for process in started))


def wait_until_all_answer(port: int, count: int) -> None:
    """Each says who it is at the constant route."""
    seen, deadline = set[int](), time.monotonic() + READY_WITHIN
    while len(seen) < count:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("POST", f"{CONSTANT}/who")
        seen.add(json.load(connection.getresponse())["position"])
        connection.close()
        if time.monotonic() > deadline:
            raise TimeoutError
