"""Check-ins through the intake of one process, beside stock saves from threads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from api.receipts import receipt_now
from bench.ground import Ground
from bench.log import keeping
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from bench.stock import THREADS, StockLedger
from bench.world import World, attendance_of, wish
from ledger.check_in import CheckIn
from ledger.intake import Intake, ReceiptOf
from ledger.log.keeping import LogKeeper

WAITING = 64
QUESTION = Question(
    "check-ins",
    f"check-ins through the intake, decided and durable, {WAITING} waiting",
    "check-ins/s",
    f"stock save() of the event alone, {THREADS} threads",
)

WITH_LOG = Question(
    "check-ins",
    "the same with the log: a signed receipt for each, the sequencer in the same process",
    "check-ins/s",
    "the same intake without receipts, nobody keeps the log",
)


def run(ground: Ground, scale: Scale) -> list[Figure]:
    ours, stock = scale.pick(64, 2_000, 4_000), scale.pick(16, 300, 600)
    world = World(ground.runtime.book, datetime.now(UTC), scale.pick(64, 500, 1_000))
    ledger = StockLedger(ground)
    wishes = evening_after_evening(world)

    def through_the_intake(_: int) -> Sample:
        return asyncio.run(check_in(ground, [next(wishes) for _ in range(ours)]))

    def by_stock_saves(_: int) -> Sample:
        return save(ledger, [next(wishes) for _ in range(stock)])

    try:
        samples = interleaved(scale.rounds, through_the_intake, by_stock_saves)
    finally:
        ledger.close()
    return [QUESTION.answer(*samples), cost_of_the_log(ground, scale, wishes)]


def cost_of_the_log(ground: Ground, scale: Scale, wishes: Iterator[CheckIn]) -> Figure:
    """The worker keeps the log in this process, too: what it takes from the cores is counted."""
    count = scale.pick(64, 2_000, 4_000)

    def with_the_log(_: int) -> Sample:
        with keeping(ground):
            pass  # it takes in what was recorded without it, before anything is timed
        made, first = [next(wishes) for _ in range(count)], ground.runtime.book.ledger.position()
        keeper = LogKeeper(ground.runtime.log_keeping)
        keeper.start()
        try:
            done = asyncio.run(check_in(ground, made))
            facts = {**done.facts, "most_behind_ms": most_behind(ground, first)}
            return Sample(done.amount, done.seconds, facts)
        finally:
            keeper.stop()

    def without(_: int) -> Sample:
        made = [next(wishes) for _ in range(count)]
        return asyncio.run(check_in(ground, made, lambda *_: ""))

    return WITH_LOG.answer(*interleaved(scale.rounds, with_the_log, without))


def most_behind(ground: Ground, first: int) -> float:
    """The longest time in milliseconds from the recording of an event to its checkpoint."""
    logs, last = ground.runtime.logs, ground.runtime.book.ledger.position()
    for _ in range(500):
        published = logs.rows(
            "SELECT coalesce(max(position), 0) FROM {0}.log_checkpoint JOIN {0}.log_head"
            " USING (log, size)"
        )
        if published[0][0] >= last:
            break
        time.sleep(0.01)
    [(behind,)] = logs.rows(
        "SELECT max((SELECT min(published_at) FROM {0}.log_checkpoint JOIN {0}.log_head"
        " USING (log, size) WHERE position >= notification_id) - recorded_at)"
        " FROM {events} WHERE notification_id > %s AND notification_id <= %s",
        first,
        last,
    )
    return float(behind.total_seconds() * 1000)


def evening_after_evening(world: World) -> Iterator[CheckIn]:
    """Every learner at one session after the other: nobody checks in twice."""
    number = 0
    while True:
        session_id = world.open_session(world.at, number)
        for learner_id in world.learners:
            yield wish(session_id, learner_id, world.at)
        number += 1


async def check_in(
    ground: Ground,
    wishes: Sequence[CheckIn],
    receipt_of: ReceiptOf | None = None,
    waiting: int = WAITING,
) -> Sample:
    runtime = ground.runtime
    intake = Intake(
        runtime.book.ledger,
        runtime.connections.app,
        runtime.book.sessions.door_of,
        receipt_of or partial(receipt_now, runtime),
    )
    await intake.start()
    next_ones, seconds = iter(wishes), list[float]()

    async def phone() -> None:
        for each in next_ones:
            began = time.perf_counter()
            answer = await intake.check_in(each)
            seconds.append(time.perf_counter() - began)
            assert answer.position is not None

    began = time.perf_counter()
    await asyncio.gather(*(phone() for _ in range(waiting)))
    took = time.perf_counter() - began
    await intake.close()
    return Sample(len(wishes), took, percentiles(seconds))


def save(ledger: StockLedger, wishes: Sequence[CheckIn]) -> Sample:
    with ThreadPoolExecutor(THREADS) as threads:
        return timed(
            len(wishes),
            lambda: list(threads.map(lambda each: ledger.save(attendance_of(each)), wishes)),
        )


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """The median and the 99th percentile, in milliseconds."""
    ranked = sorted(seconds)
    return {
        f"p{percent}_ms": ranked[min(len(ranked) * percent // 100, len(ranked) - 1)] * 1000
        for percent in (50, 99)
    }
