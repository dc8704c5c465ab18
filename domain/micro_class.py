"""A micro-class (微课堂): segments that lie elsewhere, and a quiz; a parent watches at any time."""

from __future__ import annotations

import hashlib
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.planning import ClassHoursExceedTime
from domain.refusals import Refused
from domain.rules import MicroClassRules

_CHOICES = 2


class UnknownMicroClass(Refused):
    """No micro-class with that id is published (any more)."""

    code = "micro_class_unknown"


class MicroClassOver(Refused):
    """A micro-class counts in the school year it was published for (`school_year`)."""

    code = "micro_class_over"


class PublishedOtherwise(Refused):
    """Under that title something else is published: what was shown stays as it was shown."""

    code = "published_otherwise"


class TooFewSegments(Refused):
    """The checks are asked between the segments: there must be as many (`needed`)."""

    code = "micro_class_too_few_segments"


class QuestionUnanswerable(Refused):
    """A question has two choices or more, each of them once, and one of them is right."""

    code = "question_unanswerable"


class QuestionTwice(Refused):
    """A quiz asks every question once: its percentage would count one answer several times."""

    code = "question_twice"


class Segment(BaseModel):
    """One piece to watch: where it lies, what its bytes hash to, how long it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    seconds: int
    url: str
    sha256: str


class Question(BaseModel):
    """A single choice; `right` is the number of the right one, from 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    choices: tuple[str, ...]
    right: int

    def must_have_an_answer(self) -> None:
        """Asked of new questions only. Raises QuestionUnanswerable."""
        is_one_twice = len(set(self.choices)) < len(self.choices)
        if (
            len(self.choices) < _CHOICES
            or is_one_twice
            or self.right not in range(len(self.choices))
        ):
            raise QuestionUnanswerable


class MicroClassPlan(BaseModel):
    """What a micro-class is: of which course version, for which grades, how long, which pieces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_code: str
    district_code: str
    school_year: int
    course_id: UUID
    course_version: int
    title: str
    family: str
    stage: str
    carrier: str
    grades: tuple[str, ...] = ()  # empty: the whole school
    class_hours: int  # hundredths of 课时
    class_hour_minutes: int
    segments: tuple[Segment, ...]
    quiz: tuple[Question, ...]

    @property
    def seconds(self) -> int:
        return sum(segment.seconds for segment in self.segments)

    @property
    def segments_sha256(self) -> str:
        """What was watched, in one figure: the pieces in their order with their lengths."""
        text = "\n".join(f"{each.sha256} {each.seconds}" for each in self.segments)
        return hashlib.sha256(text.encode()).hexdigest()

    def checks(self, rules: MicroClassRules) -> int:
        """How many checks of attention are asked on the way."""
        return rules.checks_per_class_hour * self.class_hours // 100


class MicroClass(LedgerAggregate):
    """Its id is made of course, version and school year."""

    TOPIC: ClassVar[str] = "micro_class"

    class Published(LedgerCreated):
        TOPIC = "micro_class.published"

        plan: MicroClassPlan

    class Withdrawn(LedgerEvent):
        TOPIC = "micro_class.withdrawn"

        school_code: str

    class OfferedAgain(LedgerEvent):
        TOPIC = "micro_class.offered_again"

        school_code: str

    @staticmethod
    def create_id(course_id: UUID, course_version: int, school_year: int) -> UUID:
        return derived("micro_class", course_id, course_version, school_year)

    @classmethod
    def publish(
        cls, plan: MicroClassPlan, rules: MicroClassRules, envelope: Envelope
    ) -> MicroClass:
        """Raises ClassHoursExceedTime, TooFewSegments, QuestionUnanswerable, QuestionTwice."""
        if plan.class_hours * plan.class_hour_minutes * 60 > plan.seconds * 100:
            raise ClassHoursExceedTime(minutes=plan.seconds // 60)
        if len(plan.segments) < plan.checks(rules):
            raise TooFewSegments(needed=plan.checks(rules))
        for question in plan.quiz:
            question.must_have_an_answer()
        if len({question.text for question in plan.quiz}) < len(plan.quiz):
            raise QuestionTwice
        return cls(
            id=cls.create_id(plan.course_id, plan.course_version, plan.school_year),
            plan=plan,
            envelope=envelope,
        )

    @event(Published)
    def __init__(self, id: UUID, plan: MicroClassPlan, envelope: Envelope) -> None:  # noqa: A002 - the library's name
        self.plan = plan
        self.rulebook_version = envelope.rulebook_version
        self.is_withdrawn = False

    def publish_again(self, plan: MicroClassPlan) -> None:
        """The same is no news. Raises PublishedOtherwise."""
        if plan != self.plan or self.is_withdrawn:
            raise PublishedOtherwise

    def withdraw(self, envelope: Envelope) -> None:
        """Offer it no more; who completed it keeps the hours. Again is no news."""
        if not self.is_withdrawn:
            self._withdrawn(school_code=self.plan.school_code, envelope=envelope)

    @event(Withdrawn)
    def _withdrawn(self, school_code: str, envelope: Envelope) -> None:
        self.is_withdrawn = True

    def offer_again(self, envelope: Envelope) -> None:
        """Offer what was withdrawn by a slip, as it was; while it is offered that is no news."""
        if self.is_withdrawn:
            self._offered_again(school_code=self.plan.school_code, envelope=envelope)

    @event(OfferedAgain)
    def _offered_again(self, school_code: str, envelope: Envelope) -> None:
        self.is_withdrawn = False
