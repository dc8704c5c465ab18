"""Commands of a micro-class: publish one, withdraw it, and record who completed it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.make_up import MakeUps
from domain.micro_class import (
    MicroClass,
    MicroClassOver,
    MicroClassPlan,
    Question,
    Segment,
    UnknownMicroClass,
)
from domain.planning import must_be_of_one_stage
from domain.rulebook import Rulebook
from domain.session_refusals import NotInvited
from domain.studying import MicroClassCompletion, Study, achieved, places_of_checks
from ledger.courses import Courses
from ledger.ledger import Ledger
from ledger.records import records_of
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from ledger.streams import Streams
from ledger.unmoved import of_day


@dataclass(frozen=True)
class NewMicroClass:
    """A micro-class as a school hands it in."""

    school_code: str
    school_year: int
    title: str
    family: str
    stage: str
    carrier: str
    grades: tuple[str, ...]
    class_hours: int
    segments: tuple[Segment, ...]
    quiz: tuple[Question, ...]


class MicroClasses:
    def __init__(
        self, ledger: Ledger, registry: Registry, courses: Courses, rulebooks: Rulebooks
    ) -> None:
        self._ledger = ledger
        self._registry = registry
        self._courses = courses
        self._rulebooks = rulebooks

    def publish(self, new: NewMicroClass, by: Envelope) -> UUID:
        """Offer a micro-class to grades; the same again is no news and has the same id.

        Raises UnknownSchool, what `must_be_of_one_stage` does, CourseRetired, PublishedOtherwise,
        NoRulebookInForce, and what `MicroClass.publish` refuses.
        """
        rulebook = self._rulebooks.on(local_day(by.at, CITY_ZONE))
        made: list[UUID] = []

        def decide() -> list[LedgerAggregate]:
            course = self._courses.taught(new.school_code, new.title, new.family, by)
            plan = self._plan(new, course.id, course.number, rulebook)
            key = MicroClass.create_id(course.id, course.number, new.school_year)
            made[:] = [key]
            there = self._ledger.find(MicroClass, key)
            if there is not None:
                there.publish_again(plan)
                return []
            ruled = by.under(rulebook.version)
            return [course, MicroClass.publish(plan, rulebook.micro_class, ruled)]

        self._ledger.commit(by.command_id, decide)
        return made[0]

    def withdraw(self, micro_class_id: UUID, by: Envelope) -> int:
        """Offer it no more. Raises UnknownMicroClass."""

        def decide() -> list[LedgerAggregate]:
            found = self._ledger.get(MicroClass, micro_class_id, UnknownMicroClass)
            found.withdraw(by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def offer_again(self, micro_class_id: UUID, by: Envelope) -> int:
        """Offer what was withdrawn, as it was. Raises UnknownMicroClass, CourseRetired."""

        def decide() -> list[LedgerAggregate]:
            found = self._ledger.get(MicroClass, micro_class_id, UnknownMicroClass)
            self._courses.get(found.plan.course_id).must_be_taught()
            found.offer_again(by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def get(self, micro_class_id: UUID) -> MicroClass:
        """One that is offered. Raises UnknownMicroClass."""
        found = self._ledger.get(MicroClass, micro_class_id, UnknownMicroClass)
        if found.is_withdrawn:
            raise UnknownMicroClass(id=micro_class_id)
        return found

    def offered_to(self, micro_class_id: UUID, learner_id: UUID) -> MicroClass:
        """The same, for a learner it is meant for, or who makes up by it.

        Raises UnknownMicroClass, UnknownLearner, NotInvited.
        """
        found = self.get(micro_class_id)
        learner = self._ledger.get(Learner, learner_id, UnknownLearner)
        plan = found.plan
        places = learner.enrolments_at(plan.school_code, plan.school_year)
        if any(not plan.grades or place.grade in plan.grades for place in places):
            return found
        if not self._makes_up(micro_class_id, learner_id):
            raise NotInvited
        return found

    def is_over(self, micro_class: MicroClass, learner_id: UUID, running: int) -> bool:
        """Whether it is not of the running school year: then only who makes up earns by it.

        Local default: it is a course of its year's plan, offered again by publishing it again.
        """
        is_of_now = micro_class.plan.school_year == running
        return not is_of_now and not self._makes_up(micro_class.id, learner_id)

    def is_completed(self, micro_class: MicroClass, learner_id: UUID, running: int) -> bool:
        """Whether a person has, by any of their records, in the school year that it counts in."""
        is_over = self.is_over(micro_class, learner_id, running)
        year = micro_class.plan.school_year if is_over else running
        keys = self._keys(micro_class.id, learner_id, year)
        return bool(Streams(self._ledger.load(keys)).all(MicroClassCompletion))

    def _makes_up(self, micro_class_id: UUID, learner_id: UUID) -> bool:
        records = records_of(self._ledger, learner_id)
        make_ups = Streams(self._ledger.load(map(MakeUps.create_id, records))).all(MakeUps)
        return any(micro_class_id in each.assigned for each in make_ups)

    def _keys(self, micro_class_id: UUID, learner_id: UUID, school_year: int) -> list[UUID]:
        """Where a completion of a person would be, whichever of their records it was for."""
        records = records_of(self._ledger, learner_id)
        return [MicroClassCompletion.create_id(micro_class_id, e, school_year) for e in records]

    def complete(self, micro_class_id: UUID, learner_id: UUID, study: Study, by: Envelope) -> int:
        """Record a study that was enough; once a school year and person.

        Raises UnknownMicroClass, NotInvited, DayOutsideTerms, MicroClassOver, StudyIncomplete.
        """
        found = self.offered_to(micro_class_id, learner_id)
        rulebook, day = self.rules_of(found), local_day(by.at, CITY_ZONE)

        def decide() -> list[LedgerAggregate]:
            term = self._registry.term_on(day)
            if self.is_over(found, learner_id, term.school_year):
                raise MicroClassOver(school_year=found.plan.school_year)
            keys = self._keys(micro_class_id, learner_id, term.school_year)
            if Streams(self._ledger.load(keys)).all(MicroClassCompletion):
                return []
            rules = rulebook.micro_class
            places = places_of_checks(found.id, found.plan, learner_id, rules)
            figures = achieved(found.plan, places, study, rules)
            when = (term.school_year, term.code)
            ruled = by.under(rulebook.version)
            return [MicroClassCompletion.record(found, learner_id, when, figures, ruled)]

        return self._ledger.commit(by.command_id, decide, of_day(day))

    def rules_of(self, micro_class: MicroClass) -> Rulebook:
        """The rules under which it was published: they stay with it."""
        assert micro_class.rulebook_version is not None
        return self._rulebooks.version(micro_class.rulebook_version)

    def _plan(
        self, new: NewMicroClass, course_id: UUID, version: int, rulebook: Rulebook
    ) -> MicroClassPlan:
        school = self._registry.school(new.school_code)
        must_be_of_one_stage(new.stage, new.grades, school.stages)
        return MicroClassPlan(
            **vars(new),
            district_code=school.district_code,
            course_id=course_id,
            course_version=version,
            class_hour_minutes=rulebook.units.class_hour_minutes[new.stage],
        )
