"""Evaluating one learner of six school years, beside the same facts summed up in SQL alone."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg.sql import SQL, Identifier

from bench.ground import Ground
from bench.measuring import Figure, Goal, Sample, Scale, interleaved, medians, timed
from domain.account import Account, entry_id_of
from domain.crediting import CreditClaim
from domain.envelope import Actor, Channel, Envelope, Role
from domain.learner import Enrolment, Learner
from ledger.book import Book
from ledger.ledger import EVENTS_TABLE
from ledger.rulebooks import default_rulebook

GOAL_MS = 10.0
WHAT = "one learner of six school years evaluated in every year, streams read"
FIRST_YEAR, YEARS, EVENINGS = 2026, 6, 10
SCHOOL = "4401040001"
# The least that any program would have to read: the learner's own events, summed where they lie.
_SUM: LiteralString = """
SELECT sum((convert_from(state, 'UTF8')::jsonb -> 'credit' ->> 'hours')::bigint)
  FROM {}.{}
 WHERE originator_id = %s AND topic = 'account.credit_awarded'
"""


def run(ground: Ground, scale: Scale) -> list[Figure]:
    book, times = ground.runtime.book, scale.pick(3, 30, 200)
    at = datetime(FIRST_YEAR, 9, 1, tzinfo=UTC)
    book.rulebooks.publish_at_set_up(default_rulebook(), by(at - timedelta(days=30)))
    learners = [six_years(book, number) for number in range(scale.rounds)]
    end = datetime(FIRST_YEAR + YEARS, 7, 1, tzinfo=UTC)

    def ours(number: int) -> Sample:
        learner, evaluate = learners[number], book.awards.evaluate
        began = time.process_time()
        sample = timed(times, lambda: [evaluate(learner, end, uuid4()) for _ in range(times)])
        own_ms = (time.process_time() - began) / times * 1000
        return Sample(times, sample.seconds, {"processor_ms": own_ms})

    names = ground.runtime.connections.names
    statement = SQL(_SUM).format(Identifier(names.ledger), Identifier(EVENTS_TABLE))
    with psycopg.connect(ground.owner) as owner:

        def summed(number: int) -> Sample:
            key = (Account.create_id(learners[number]),)
            return timed(times, lambda: [owner.execute(statement, key) for _ in range(times)])

        samples = interleaved(scale.rounds, ours, summed)
    return figures(samples, times)


def figures(samples: list[list[Sample]], times: int) -> list[Figure]:
    took, beside = ([milliseconds(each) for each in side] for side in samples)
    goal, others = Goal("evaluating", WHAT, "ms", GOAL_MS), [each.others for each in samples[0]]
    judged = goal.answer(times, took, medians(samples[0]), others)
    summed_up = replace(
        judged, yardstick="the hours of the same account summed up by PostgreSQL",
        yardstick_n=times, beside=median(beside), beside_rounds=beside, reach=None,
        others=[each.others for side in samples for each in side],
    )  # fmt: skip
    return [judged, summed_up]


def milliseconds(sample: Sample) -> float:
    return sample.seconds / sample.amount * 1000


def six_years(book: Book, number: int) -> UUID:
    """Ten evenings a year from grade one to six."""
    learner_id, child = uuid4(), uuid4()
    begins = by(datetime(FIRST_YEAR, 8, 31, tzinfo=UTC))
    learner = Learner(id=learner_id, name_commitment=str(number), envelope=begins)
    learner.link_child(child, "51", is_guardian=True, basis="roster", envelope=begins)
    account = Account(learner_id=learner_id, envelope=begins)
    for year, grade in enumerate("一二三四五六"):
        place = Enrolment(
            child_id=child, school_code=SCHOOL, stage="primary", grade=f"{grade}年级",
            class_group="1班", school_year=FIRST_YEAR + year,
        )  # fmt: skip
        learner.enrol(place, begins)
        for evening in range(EVENINGS):
            credit = claim(account.id, FIRST_YEAR + year, evening)
            account.award(credit, default_rulebook(), by(credit.ends_at))
    book.ledger.save(learner, account)
    return learner_id


def claim(account_id: UUID, year: int, evening: int) -> CreditClaim:
    at = datetime(year, 9, 10, 11, tzinfo=UTC) + timedelta(days=7 * evening)
    source = uuid4()
    families = tuple(default_rulebook().course_families.core)
    return CreditClaim(
        entry_id=entry_id_of(account_id, source), source_kind="session", source_id=source,
        session_id=source, course_id=uuid4(), school_code=SCHOOL, school_year=year,
        term=f"{year}-1", stage="primary", family=families[evening % 7], mode="on_site",
        carrier="in_school", class_hours=200, minutes=80, day=at.date(), begins_at=at,
        ends_at=at + timedelta(minutes=80), hours=200,
        rule_ref="attendance.full_credit_min_percent",
    )  # fmt: skip


def by(at: datetime) -> Envelope:
    actor = Actor(id=uuid4(), role=Role.SYSTEM, organisation=SCHOOL)
    return Envelope(command_id=uuid4(), actor=actor, channel=Channel.SYSTEM, occurred_at=at)
