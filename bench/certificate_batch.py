"""A batch of certificates end to end: named, signed twice, drawn, filed, recorded, projected."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from api.certificates import authorise
from api.signing import create_key
from bench.append import append, check_ins
from bench.ground import Ground
from bench.measuring import Figure, Question, Sample, Scale, timed
from bench.world import LEARNERS_AT_ONCE, SCHOOL, World, envelope, record
from domain.completing import Condition
from domain.envelope import Role
from domain.evaluation import CompletionKind, Evaluation
from ledger.vault import Entry

SLICE = 500
MIB = 1 << 20
MEMORY = Path("/proc/self/statm")
QUESTION = Question(
    "certificates", "certificates issued: named, signed twice, drawn, filed, recorded, projected",
    "1/s", "as many events appended bare",
)  # fmt: skip


def issued(ground: Ground, scale: Scale) -> Figure:
    """Five hundred at a time, as somebody presses who has them all ticked."""
    count, at = scale.pick(3, 100, 1_000), datetime.now(UTC)
    runtime, world = ground.runtime, World(ground.runtime.book, at, count)
    create_key(runtime, at - timedelta(days=30))
    name_all(ground, world.learners)
    complete_all(world)
    runtime.projector.catch_up()
    before, memory, began = runtime.book.ledger.position(), list[float](), time.perf_counter()
    for part in parts(ground):
        outcomes = authorise(runtime, SCHOOL, part, envelope(at, Role.HEAD))
        assert all(each.number for each in outcomes)
        runtime.projector.catch_up()
        memory.append(resident())
        print(
            f"  {min(len(memory) * SLICE, count):,} issued: {memory[-1]:.0f} MiB", file=sys.stderr
        )
    seconds = time.perf_counter() - began
    events = runtime.book.ledger.position() - before
    facts = {
        "seconds": seconds, "events": events,
        "mib_after_the_first_part": memory[0], "mib_at_the_end": memory[-1],
    }  # fmt: skip
    sample = Sample(count, seconds, facts)
    return QUESTION.answer(
        [sample], [timed(events, lambda: append(ground, [check_ins(1, events)]))]
    )


def parts(ground: Ground) -> Iterator[set[UUID]]:
    due = iter([each.certificate_id for each in ground.runtime.models.certificates.due_of(SCHOOL)])
    while part := set(islice(due, SLICE)):
        yield part


def name_all(ground: Ground, learners: list[UUID]) -> None:
    entries = (
        Entry(learner, "learner", {"name": f"（示例）{number}", "salt": learner.hex})
        for number, learner in enumerate(learners)
    )
    while some := list(islice(entries, LEARNERS_AT_ONCE)):
        ground.runtime.book.vault.admit(some)


def complete_all(world: World) -> None:
    """What an evaluation would say of everybody, without the evenings before it."""
    period, by = str(world.school_year), envelope(world.at, Role.SYSTEM)
    hours = Condition(ref="completion.annual.hours", value=800, threshold=600)
    found = iter(world.learners)
    while some := list(islice(found, LEARNERS_AT_ONCE)):
        evaluations: list[Evaluation] = []
        for learner in some:
            evaluation = Evaluation(learner_id=learner, stage="primary", envelope=by)
            evaluation._reached(  # noqa: SLF001 - the fact alone is wanted
                learner_id=learner, stage="primary", kind=CompletionKind.ANNUAL, period=period,
                hours=800, face_to_face_hours=400, conditions=(hours,), envelope=by,
            )  # fmt: skip
            evaluations.append(evaluation)
        record(world.book, evaluations)


def resident() -> float:
    """Memory that the process holds now, in MiB; 0 where the system does not tell."""
    if not MEMORY.exists():
        return 0.0
    return int(MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB
