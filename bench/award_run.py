"""The award run of an attested session, beside the same run with one stock save per learner."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from uuid import UUID, uuid4

from api.serving import make_runner
from bench.ground import Ground
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from bench.stock import StockLedger, copy_history
from bench.world import World
from domain.account import Account
from domain.identity import attendance_id
from ledger.awards import Awards
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions

GOAL_SECONDS = 2.0
LONGEST, BETWEEN_LOOKS = 60.0, 0.01
QUESTION = Question(
    "award-run",
    "learners assessed, credited and evaluated by one run",
    "learners/s",
    "the same decisions on stock: each learner read and saved alone",
    reach=10,
)


def run(ground: Ground, scale: Scale) -> list[Figure]:
    guests = scale.pick(10, 100, 300)
    book = ground.runtime.book
    world = World(book, datetime.now(UTC), guests)
    seen = seen_by_parents(ground, world, min(scale.rounds, 3))
    evenings = [world.held_session(9 + number, world.learners) for number in range(scale.rounds)]
    for session_id in evenings:
        world.attest(session_id)
    ledger = StockLedger(ground)
    copy_history(ground)
    stock = awards_of(ledger)

    def in_one_run(number: int) -> Sample:
        return award(book.awards, evenings[number], guests, world.at)

    def one_by_one(number: int) -> Sample:
        return award_each(stock, evenings[number], world)

    try:
        samples = interleaved(scale.rounds, in_one_run, one_by_one)
        assert balances(book.ledger, world) == balances(ledger, world)
    finally:
        ledger.close()
    return [QUESTION.answer(*samples), seen]


def seen_by_parents(ground: Ground, world: World, rounds: int) -> Figure:
    """From the second attestation until the last parent's statement shows the hours."""
    with make_runner(ground.runtime):
        seconds = [seconds_until_seen(ground, world, days_ago) for days_ago in range(2, 2 + rounds)]
    return Figure(
        benchmark="award-run",
        what="from the second attestation until the last parent's page shows the hours",
        unit="s",
        n=len(world.learners),
        rounds=rounds,
        ours=median(seconds),
        yardstick="goal",
        yardstick_n=1,
        beside=GOAL_SECONDS,
        reach=1,
        more_is_better=False,
    )


def seconds_until_seen(ground: Ground, world: World, days_ago: int) -> float:
    models, session_id = ground.runtime.models, world.held_session(days_ago, world.learners)
    wait_until(lambda: not any(each.lag_events for each in ground.runtime.projector.status()))
    before = {each: models.accounts.balance(each) for each in world.learners}
    began = time.perf_counter()
    world.attest(session_id)
    for learner_id in world.learners:
        wait_until(lambda each=learner_id: models.accounts.balance(each) > before[each])  # type: ignore[misc]
    return time.perf_counter() - began


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(BETWEEN_LOOKS)


def awards_of(ledger: StockLedger) -> Awards:
    rulebooks = Rulebooks(ledger)
    return Awards(ledger, Sessions(ledger, rulebooks), rulebooks)


def award(awards: Awards, session_id: UUID, guests: int, at: datetime) -> Sample:
    cause = uuid4()
    sample = timed(guests, lambda: awards.run(session_id, at, cause))
    return Sample(guests, sample.seconds, {"seconds": sample.seconds})


def award_each(awards: Awards, session_id: UUID, world: World) -> Sample:
    cause = uuid4()
    ids = [attendance_id(session_id, learner_id) for learner_id in world.learners]

    def each() -> None:
        for key in ids:
            awards.award_one(session_id, key, world.at, cause)

    return timed(len(ids), each)


def balances(ledger: Ledger, world: World) -> list[int]:
    found = ledger.load(Account.create_id(each) for each in world.learners)
    return [account.balance for account in found.values() if isinstance(account, Account)]
