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
from bench.measuring import Figure, Goal, Question, Round, Sample, Scale, interleaved
from bench.phones import Phones
from bench.processors import seconds_of
from bench.stock import StockLedger, copy_history
from bench.world import World
from domain.attendance import Attendance
from ledger.ledger import EVENTS_TABLE

NAME = "check-ins-over-http"
CONNECTIONS, FEW, MANY = 64, 8, 256
PROCESSES = 2
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

    def sides(self, scale: Scale, one: Door, several: Door) -> dict[str, Round]:
        ours, stock = scale.pick(64, 2_000, 8_000), scale.pick(32, 200, 600)
        return {
            "ours": self.through(one, OURS, ours),
            "decided": self.through(one, DECIDED, stock),
            "bare": self.through(one, BARE, stock),
            "constant": self.again(one, 2 * ours),
            "few": self.through(one, OURS, ours // 2, FEW),
            "many": self.through(one, OURS, ours, min(MANY, ours)),
            "several": self.through(several, OURS, ours),
        }

    def through(self, door: Door, root: str, count: int, connections: int = CONNECTIONS) -> Round:
        """Check-ins that nobody sent before."""
        used = min(connections, count)
        return lambda _: measured(self.ground, door, self.phones.ready(root, count), used)

    def again(self, door: Door, count: int) -> Round:
        """The same request as often as is wanted, to the route that records nothing."""
        return lambda _: measured(
            self.ground, door, self.phones.ready(CONSTANT, 1) * count, CONNECTIONS
        )


def run(ground: Ground, scale: Scale) -> list[Figure]:
    world = World(ground.runtime.book, datetime.now(UTC), scale.pick(64, 500, 1_000))
    evening = Evening(ground, Phones(ground, world, scale.pick(500, 25_000, 150_000)))
    StockLedger(ground).close()
    copy_history(ground)
    with ExitStack() as running:
        one = several = running.enter_context(web_processes(ground, 1))
        if scale > Scale.SMALLEST:  # which saves their start
            several = running.enter_context(web_processes(ground, PROCESSES))
        for door, root in ((one, OURS), (one, DECIDED), (several, OURS)):
            evening.through(door, root, CONNECTIONS, connections=1)(0)
        before, sides = recorded(ground), evening.sides(scale, one, several)
        taken = dict(zip(sides, interleaved(scale.rounds, *sides.values()), strict=True))
        sent = sum(s.amount for name in ("ours", "few", "many", "several") for s in taken[name])
        assert recorded(ground) - before == sent  # every 201 is a check-in that is there
    return figures(taken)


def figures(taken: dict[str, list[Sample]]) -> list[Figure]:
    """Each beside what it is to be compared with, in the same rounds."""
    by, ours = f"by {generator()}", taken["ours"]
    over = f"check-ins over HTTP into PostgreSQL, one web process, {CONNECTIONS} connections, {by}"

    decided = "the same route and decision on stock reads and save()"

    def beside(
        what: str, side: str, than: str, yardstick: str, reach: float | None = None
    ) -> Figure:
        question = Question(NAME, what, "check-ins/s", yardstick, reach)
        return question.answer(taken[side], taken[than])

    same = f"the same, {CONNECTIONS} connections, one web process"
    several = f"the same, {PROCESSES} web processes at one port, {CONNECTIONS} connections, {by}"
    return [
        beside(over, "ours", "decided", decided, 15),
        beside(over, "ours", "bare", "a route that only does a stock save()"),
        beside(over, "ours", "constant", "a bare route that answers a constant"),
        Goal(NAME, "99th percentile of the wait for an answer in the same rounds", "ms", GOAL_MS)
        .answer(ours[0].amount, [s.facts["p99_ms"] for s in ours], None, [s.others for s in ours]),
        beside(f"the same, {FEW} connections, {by}", "few", "ours", same),
        beside(f"the same, {MANY} connections, {by}", "many", "ours", same),
        beside(several, "several", "ours", same),
    ]  # fmt: skip


def measured(ground: Ground, door: Door, requests: Sequence[bytes], connections: int) -> Sample:
    """One round, with what of the processors everybody used."""
    server = [ground.server_pid] if ground.server_pid else []
    web, database = seconds_of(*door.pids), seconds_of(*server)
    answers = send(ground.settings.host, door.port, requests, connections)
    web, database = seconds_of(*door.pids) - web, seconds_of(*server) - database
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
