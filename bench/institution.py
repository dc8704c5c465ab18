"""A school year of one invented institution, done by the program's own commands in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from bench.district import SCHOOL_YEAR, TERMS, Institution, Size, planned, set_up
from bench.in_memory import InMemory, Unit
from bench.people import AT_WORK, families, staff_id_of
from domain.calendar import Term
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived
from domain.learner import Learner
from ledger.awards import Awards
from ledger.exams import Exams
from ledger.plans import Filing, Plans
from ledger.question_banks import QuestionBanks
from ledger.registry import NewSchool, Registry
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions

SUMMER = datetime(SCHOOL_YEAR, 8, 20, 1, 0, tzinfo=UTC)
FIVE_YEARS = timedelta(days=1800)


@dataclass(frozen=True)
class Step:
    """Saves in their order. `follow` asks the award process for the same, where it makes them."""

    units: list[Unit]
    follow: Callable[[Awards], object] | None = None


class Year:
    """The commands over one memory, the people of an institution, and chance."""

    def __init__(self, place: Institution, size: Size) -> None:
        self.place = place
        self.size = size
        self.seed = size.seed
        self.chance = Random(f"{size.seed} {place.school_code}")
        self.memory = InMemory()
        ledger = self.memory.ledger
        self.registry = Registry(ledger)
        rulebooks = Rulebooks(ledger)
        self.sessions = Sessions(ledger, rulebooks)
        self.plans = Plans(ledger, self.registry, self.sessions)
        self.awards = Awards(ledger, self.sessions, rulebooks)
        self.exams = Exams(ledger, rulebooks, QuestionBanks(ledger))
        set_up(rulebooks, self.registry, self.seed)
        self.memory.taken()  # rules and terms are the district's, recorded once
        self.learners: list[Learner] = []
        self.session_ids: list[UUID] = []

    def by(self, at: datetime, role: Role, *parts: str | int | UUID) -> Envelope:
        """The institution's own person in a role, with a command that the seed alone decides."""
        school = self.place.school_code
        actor = Actor(id=staff_id_of(self.seed, self.place, role), role=role, organisation=school)
        return Envelope(
            command_id=self.id_of(role.value, *parts),
            actor=actor,
            channel=Channel.ONLINE,
            occurred_at=at,
        )

    def id_of(self, *parts: str | int | UUID) -> UUID:
        return derived("district", self.seed, self.place.school_code, *parts)

    def said(self, follow: Callable[[Awards], object] | None = None) -> Step:
        return Step(self.memory.taken(), follow)

    def begun(self) -> Iterator[Step]:
        """School, staff and families, and both terms' plans."""
        self._register()
        self._enrol()
        yield self.said()
        for term in TERMS:
            self._plan(term)
            yield self.said()

    def _register(self) -> None:
        place, code = self.place, self.place.school_code
        established = (SUMMER - FIVE_YEARS).date()
        new = NewSchool(
            code, place.name, (place.stage.value,), place.district, established_on=established
        )
        self.registry.register_school(new, self._summer("school"))
        classes = [(grade, "1班") for grade in place.grades]
        self.registry.open_classes(code, SCHOOL_YEAR, classes, self._summer("classes"))
        until = (SUMMER + FIVE_YEARS).date()
        for role in AT_WORK:
            person = staff_id_of(self.seed, place, role)
            self.registry.register_staff(person, self._summer("register", role.value))
            by = self._summer("authorise", role.value)
            self.registry.authorise(person, role, code, SUMMER.date(), until, by)

    def _enrol(self) -> None:
        for family in families(self.seed, self.place, self.size.families):
            by = self._summer("roster", family.number)
            self.learners.append(family.enrolled(by))
            self.memory.commit(by.command_id, lambda: self.learners[-1:])

    def _plan(self, term: Term) -> None:
        filing = Filing(self.place.school_code, term.school_year, term.term_no)
        rows = planned(self.place, term.term_no, self.size.evenings)
        results = self.plans.file(filing, rows, self._summer("plan", term.code), dry_run=False)
        self.session_ids += [result.id for result in results if result.id]

    def _summer(self, *parts: str | int) -> Envelope:
        return self.by(SUMMER, Role.COORDINATOR, *parts)
