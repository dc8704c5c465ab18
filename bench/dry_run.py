"""A dry run of rules over every learner of a district, beside reading its events once."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

from api.rulebooks.executing import carry_out
from api.rulebooks.run import Kind, NewRun
from api.rulebooks.runs import RuleRuns
from bench.district import Size
from bench.ground import Ground
from bench.machine import memory_of
from bench.making import district, make
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from domain.envelope import Actor, Channel, Envelope, Role
from domain.rulebook import Rulebook
from ledger.ledger import EVENTS_TABLE
from ledger.rulebooks import default_rulebook

FAMILIES, AT_ONCE = 150, 5_000
AT = datetime(2027, 8, 1, tzinfo=UTC)
QUESTION = Question(
    "dry-run", "learners judged anew by other rules, every one of them changed", "learners/s",
    "every event of the same learners read once and decoded, nothing judged",
)  # fmt: skip


def run(ground: Ground, scale: Scale) -> list[Figure]:
    runtime, size = ground.runtime, Size(scale.pick(1, 1, 4), scale.pick(4, FAMILIES, FAMILIES))
    make(runtime.book, district(size))
    runtime.projector.catch_up()
    runtime.book.rulebooks.draft(stricter(), by())
    learners = size.institutions * size.families
    statement = SQL("SELECT state FROM {}.{} ORDER BY notification_id").format(
        Identifier(runtime.connections.names.ledger), Identifier(EVENTS_TABLE)
    )

    def ours(_: int) -> Sample:
        sample = timed(learners, lambda: tried(ground))
        memory = memory_of(os.getpid())
        return Sample(learners, sample.seconds, {"memory_peak_mb": memory.peak if memory else 0.0})

    with psycopg.connect(ground.owner) as owner:

        def read(_: int) -> Sample:
            def every_event() -> None:
                with owner.cursor(name="every_event") as cursor:
                    cursor.itersize = AT_ONCE
                    for (state,) in cursor.execute(statement):
                        json.loads(state)

            return timed(learners, every_event)

        samples = interleaved(min(scale.rounds, 3), ours, read)
    return [QUESTION.answer(*samples)]


def tried(ground: Ground) -> None:
    """A whole dry run, as an officer asks for it and the worker carries it out."""
    runs = RuleRuns(ground.runtime.tables)
    new = NewRun(
        run_id=uuid4(), kind=Kind.DRY_RUN, place="", version=stricter().version,
        asked_by=uuid4(), asked_at=AT,
    )  # fmt: skip
    taken = runs.take(runs.ask(new))
    assert taken is not None
    carry_out(ground.runtime, taken)


def stricter() -> Rulebook:
    """Full credit from 85 % on, and micro-classes at half: every learner has other hours."""
    data = default_rulebook().model_dump(mode="json")
    data |= {"version": "2027.9", "effective_from": "2027-09-01"}
    data["attendance"]["full_credit_min_percent"] = 85
    data["modes"]["micro_class"]["rate_per_class_hour"] = 50
    return Rulebook.model_validate(data)


def by() -> Envelope:
    officer = Actor(id=uuid4(), role=Role.CITY_ADMINISTRATOR)
    return Envelope(command_id=uuid4(), actor=officer, channel=Channel.ONLINE, occurred_at=AT)
