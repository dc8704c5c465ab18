"""What a coordinator waits for a preview: one attendance, and a session of three hundred."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.ground import Ground
from bench.measuring import Figure, Goal, Scale
from bench.world import World, envelope
from domain.attendance import Stay
from domain.correction import AttendanceOrder, Order, SessionVoidOrder
from domain.rules import ReversalReason

GOAL_SECONDS = 1.0


def run(ground: Ground, scale: Scale) -> list[Figure]:
    guests = scale.pick(10, 100, 300)
    book = ground.runtime.book
    world = World(book, datetime.now(UTC), guests)
    evenings = [world.held_session(days_ago, world.learners) for days_ago in (30, 20, 10)]
    for session_id in evenings:  # a history to settle against
        world.attest(session_id)
        book.awards.run(session_id, world.at, session_id)
    session_id = evenings[-1]
    plan = book.sessions.get(session_id).plan
    stay = Stay(begins=plan.begins_at, ends=plan.begins_at + timedelta(minutes=50))
    one = AttendanceOrder(
        session_id=session_id, learner_id=world.learners[0], stay=stay,
        reason_code=ReversalReason.ENTRY_ERROR,
    )  # fmt: skip
    all_of_it = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.SESSION_VOIDED)
    return [
        previewed(ground, world, scale, one, 1),
        previewed(ground, world, scale, all_of_it, guests),
    ]


def previewed(ground: Ground, world: World, scale: Scale, order: Order, learners: int) -> Figure:
    corrections = ground.runtime.book.corrections
    what = f"preview of every effect of a correction ({order.kind})"
    seconds = [
        taken(lambda: corrections.preview(order, envelope(world.at))) for _ in range(scale.rounds)
    ]
    assert len(corrections.preview(order, envelope(world.at)).effects.changes) == learners
    return Goal("corrections", what, "s", GOAL_SECONDS).answer(learners, seconds)


def taken(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
