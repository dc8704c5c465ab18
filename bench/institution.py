"""A school year of one invented institution, decided by the domain itself and written nowhere yet.

Each step holds aggregates with new facts. What the program itself does as a consequence (awards,
evaluations) is a kind of step of its own: a test can have the program do it, and compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from bench.district import DISTRICT, SCHOOL_YEAR, TERMS, Institution, plans
from bench.people import at_work, families, staff_id_of
from domain.aggregate import LedgerAggregate
from domain.course import Course
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived, timed_id
from domain.learner import Learner
from domain.plan import SessionPlan
from domain.planning import must_be_sound
from domain.rulebook import Rulebook
from domain.school import School
from domain.session import Session
from domain.term_plan import TermPlan
from ledger.streams import Streams

SUMMER = datetime(SCHOOL_YEAR, 8, 20, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """Aggregates with new facts, in the order in which they are recorded."""

    aggregates: Sequence[LedgerAggregate]


class Year:
    """What the evenings of an institution share: who is who, chance, and how everybody stands."""

    def __init__(self, place: Institution, seed: int, count: int, rules: Rulebook) -> None:
        self.place = place
        self.seed = seed
        self.count = count
        self.rules = rules
        self.chance = Random(f"{seed} {place.school_code}")
        self.streams = Streams({})  # learners, accounts, evaluations and exams, as they stand
        self.learners: list[Learner] = []
        self.sessions: list[Session] = []

    def rules_on(self, day: date, school_code: str) -> Rulebook:
        """One rulebook holds for all of an invented year."""
        del day, school_code
        return self.rules

    def by(self, at: datetime, role: Role, *parts: str | int | UUID) -> Envelope:
        """The institution's own person in a role, with a command that the seed alone decides."""
        actor = Actor(
            id=staff_id_of(self.seed, self.place, role),
            role=role,
            organisation=self.place.school_code,
        )
        return Envelope(
            command_id=self.id_of(role.value, *parts),
            actor=actor,
            channel=Channel.ONLINE,
            occurred_at=at,
        )

    def id_of(self, *parts: str | int | UUID) -> UUID:
        return derived("district", self.seed, self.place.school_code, *parts)

    def set_up(self) -> Iterator[Step]:
        """School, staff and families, and both terms' plans."""
        yield Step(self._school())
        yield Step(self._families())
        for term in TERMS:
            announced = plans(self.place, term, self.rules)
            by = self.by(SUMMER, Role.COORDINATOR, "plan", term.code)
            sessions = [self._announced(plan, by) for plan in announced]
            self.sessions += sessions
            yield Step([*self._courses(announced, by), filed(sessions, by), *sessions])

    def _school(self) -> list[LedgerAggregate]:
        by, place = self.by(SUMMER, Role.COORDINATOR, "set up"), self.place
        school = School(
            school_code=place.school_code,
            name=place.name,
            stages=(place.stage.value,),
            district_code=DISTRICT,
            run_by="district",
            envelope=by,
        )
        school.establish_parent_school((SUMMER - timedelta(days=1800)).date(), by)
        for grade in place.grades:
            school.open_class(SCHOOL_YEAR, grade, "1班", by)
        return [school, *at_work(self.seed, place, by)]

    def _families(self) -> list[LedgerAggregate]:
        by = self.by(SUMMER, Role.COORDINATOR, "roster")
        self.learners = [each.enrolled(by) for each in families(self.seed, self.place, self.count)]
        for learner in self.learners:
            self.streams.put(learner)
        return list(self.learners)

    def _courses(self, announced: list[SessionPlan], by: Envelope) -> list[LedgerAggregate]:
        """A course of the second term that was held in the first one is registered already."""
        known = {session.plan.title for session in self.sessions[: -len(announced)]}
        return [
            Course(school_code=p.school_code, title=p.title, family=p.family, envelope=by)
            for p in announced
            if p.title not in known
        ]

    def _announced(self, plan: SessionPlan, by: Envelope) -> Session:
        must_be_sound(plan, TERMS[plan.term_no - 1], [self.place.stage.value])
        key = timed_id(plan.begins_at, self.seed, plan.school_code, plan.title)
        return Session.announce(key, plan, by.under(self.rules.version))


def filed(sessions: list[Session], by: Envelope) -> TermPlan:
    plan = sessions[0].plan
    made = TermPlan(
        school_code=plan.school_code,
        school_year=plan.school_year,
        term_no=plan.term_no,
        envelope=by,
    )
    for session in sessions:
        made.add(f"{session.plan.begins_at:%Y-%m-%d} {session.plan.title}", session.id, by)
    return made
