"""Check-ins over HTTP into PostgreSQL, beside the same application on stock saves."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from statistics import median
from uuid import UUID, uuid4

import uvloop

from api.access.cookies import CookieKind
from api.access.tickets import ArrivalTicket, device_hash, new_device_id
from bench.check_ins import percentiles
from bench.children import child, python, wait_until_it_answers
from bench.ground import Ground
from bench.load import send
from bench.machine import cpu_seconds
from bench.measuring import Figure, Question, Sample, Scale, interleaved
from bench.stock import StockLedger, copy_history
from bench.world import World
from domain.envelope import Channel

CONNECTIONS = 64
GOAL_MS = 80.0
OURS, DECIDED, BARE = "/api/v1", "/stock/decided", "/stock/bare"
WHAT = f"check-ins over HTTP into PostgreSQL, one web process, {CONNECTIONS} connections"
QUESTION = Question(
    "check-ins-over-http",
    WHAT,
    "check-ins/s",
    "the same route and decision on stock reads and save()",
    reach=15,
)
HARDER = Question(
    "check-ins-over-http", WHAT, "check-ins/s", "a route that only does a stock save()"
)


class Phones:
    """Parents with a ticket in hand: each request is one check-in that can be recorded once."""

    def __init__(self, ground: Ground, world: World, sessions: int) -> None:
        self._runtime = ground.runtime
        begins_at = world.at + timedelta(minutes=5)
        opened = [world.open_session(begins_at, number) for number in range(sessions)]
        self._pairs = product(opened, world.learners)

    def ready(self, root: str, count: int) -> list[bytes]:
        """So many check-in requests, each from a phone of its own."""
        return [self._request(root, *next(self._pairs)) for _ in range(count)]

    def _request(self, root: str, session_id: UUID, learner_id: UUID) -> bytes:
        runtime, phone = self._runtime, new_device_id()
        scanned = ArrivalTicket(
            session_id, device_hash(phone), datetime.now(UTC), 1, Channel.ROTATING_QR, learner_id
        )
        tap = {"ticket": runtime.tickets.seal(scanned), "scan_id": str(uuid4())}
        body = json.dumps(tap).encode()
        public = runtime.settings.public_url
        head = (
            f"POST {root}/sessions/{session_id}/check-ins HTTP/1.1\r\n"
            f"Host: {public.removeprefix('http://')}\r\nOrigin: {public}\r\n"
            f"Cookie: {runtime.cookies.name(CookieKind.PHONE)}={phone}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def run(ground: Ground, scale: Scale) -> list[Figure]:
    ours, stock = scale.pick(64, 2_000, 4_000), scale.pick(32, 200, 400)
    world = World(ground.runtime.book, datetime.now(UTC), scale.pick(64, 500, 1_000))
    requests = CONNECTIONS + scale.rounds * (ours + 2 * stock)
    phones = Phones(ground, world, requests // len(world.learners) + 1)
    StockLedger(ground).close()
    copy_history(ground)
    profile = ["--profile"] if ground.profile else []
    with child(python("-m", "bench.web_process", *profile), ground.environment()) as process:
        wait_until_it_answers(process, ground.settings.port)

        def through(root: str, count: int) -> Sample:
            return measured(ground, process.pid, phones.ready(root, count))

        through(OURS, CONNECTIONS)
        taken, decided, bare = interleaved(
            scale.rounds,
            lambda _: through(OURS, ours),
            lambda _: through(DECIDED, stock),
            lambda _: through(BARE, stock),
        )
    return [QUESTION.answer(taken, decided), HARDER.answer(taken, bare), waiting(taken)]


def waiting(taken: Sequence[Sample]) -> Figure:
    """How long the slowest in a hundred waits, with every connection always asking."""
    return Figure(
        benchmark="check-ins-over-http",
        what="99th percentile of the wait for an answer in the same rounds",
        unit="ms",
        n=taken[0].amount,
        rounds=len(taken),
        ours=median(sample.facts["p99_ms"] for sample in taken),
        yardstick="goal",
        yardstick_n=1,
        beside=GOAL_MS,
        reach=1,
        more_is_better=False,
    )


def measured(ground: Ground, pid: int, requests: Sequence[bytes]) -> Sample:
    """One round, with what of the processors the web process and the generator used."""
    host, port = ground.settings.host, ground.settings.port
    web, own, began = cpu_seconds(pid), time.process_time(), time.perf_counter()
    tally = uvloop.run(send(host, port, requests, CONNECTIONS))
    took = time.perf_counter() - began
    web, own = cpu_seconds(pid) - web, time.process_time() - own
    used = {
        "web_cores": web / took,
        "web_cpu_ms_each": web / len(requests) * 1000,
        "generator_cores": own / took,
    }
    return Sample(len(requests), took, percentiles(tally.seconds) | used)
