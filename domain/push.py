"""Information pushes (信息推送): an item to read, one question, and a right answer that counts.

Opening, liking and forwarding count nothing: no fact says that somebody did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.hours import rounded_down, rounded_up
from domain.identity import derived
from domain.micro_class import PublishedOtherwise, Question
from domain.refusals import Refused


class WithdrawnBecause(StrEnum):
    """Why a push is sent to nobody any more."""

    WRONG_KEY = "wrong_key"
    WRONG_CONTENT = "wrong_content"
    SENT_IN_ERROR = "sent_in_error"


class UnknownPush(Refused):
    """No push with that id is published (any more)."""

    code = "push_unknown"


class AnswerNotRight(Refused):
    """Another choice is right. Nothing is recorded; after a pause it may be tried again."""

    code = "answer_not_right"


class PushOver(Refused):
    """A push counts in the term it was published for (`term`)."""

    code = "push_over"


class PushPlan(BaseModel):
    """What is sent to the parents of some grades: where it is read, and the question about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_code: str
    district_code: str
    school_year: int
    term_no: int
    title: str
    link: str
    family: str
    stage: str
    carrier: str
    grades: tuple[str, ...] = ()  # empty: the whole school
    question: Question

    @property
    def term(self) -> str:
        return f"{self.school_year}-{self.term_no}"


class PushItem(LedgerAggregate):
    """Its id is made of school, term and title."""

    TOPIC: ClassVar[str] = "push"

    class Published(LedgerCreated):
        TOPIC = "push.published"

        plan: PushPlan

    class Withdrawn(LedgerEvent):
        TOPIC = "push.withdrawn"

        school_code: str
        reason_code: WithdrawnBecause

    class OfferedAgain(LedgerEvent):
        TOPIC = "push.offered_again"

        school_code: str

    @staticmethod
    def create_id(school_code: str, term: str, title: str) -> UUID:
        return derived("push", school_code, term, title)

    @classmethod
    def publish(cls, plan: PushPlan, envelope: Envelope) -> PushItem:
        """Send an item. Raises QuestionUnanswerable."""
        plan.question.must_have_an_answer()
        key = cls.create_id(plan.school_code, plan.term, plan.title)
        return cls(id=key, plan=plan, envelope=envelope)

    @event(Published)
    def __init__(self, id: UUID, plan: PushPlan, envelope: Envelope) -> None:  # noqa: A002 - the library's name
        self.plan = plan
        self.is_withdrawn = False

    def publish_again(self, plan: PushPlan) -> None:
        """The same is no news. Raises PublishedOtherwise."""
        if plan != self.plan or self.is_withdrawn:
            raise PublishedOtherwise

    def withdraw(self, reason_code: WithdrawnBecause, envelope: Envelope) -> None:
        """Send it to nobody any more; right answers given count. Again is no news.

        Local default: who answered as the key said did what was asked. It is put right under
        another title, for everybody; one that was right is offered again.
        """
        if not self.is_withdrawn:
            self._withdrawn(
                school_code=self.plan.school_code, reason_code=reason_code, envelope=envelope
            )

    @event(Withdrawn)
    def _withdrawn(
        self, school_code: str, reason_code: WithdrawnBecause, envelope: Envelope
    ) -> None:
        self.is_withdrawn = True

    def offer_again(self, term: str, envelope: Envelope) -> None:
        """Send what was withdrawn by a slip, as it was; while it is sent that is no news.

        `term` is the one that is running. Raises PushOver.
        """
        self.must_count_in(term)
        if self.is_withdrawn:
            self._offered_again(school_code=self.plan.school_code, envelope=envelope)

    @event(OfferedAgain)
    def _offered_again(self, school_code: str, envelope: Envelope) -> None:
        self.is_withdrawn = False

    def must_count_in(self, term: str) -> None:
        """It counts in its own term alone. Raises PushOver."""
        if term != self.plan.term:
            raise PushOver(term=self.plan.term)


class PushRecord(LedgerAggregate):
    """What a learner answered right in a term, item by item, each once."""

    TOPIC: ClassVar[str] = "push_record"

    class Opened(LedgerCreated):
        TOPIC = "push_record.opened"

        learner_id: UUID
        term: str

    class AnsweredRight(LedgerEvent):
        TOPIC = "push.answered_right"

        learner_id: UUID
        item_id: UUID
        school_code: str
        term: str

    @staticmethod
    def create_id(learner_id: UUID, term: str) -> UUID:
        return derived("push_record", learner_id, term)

    @event(Opened)
    def __init__(self, learner_id: UUID, term: str, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.term = term
        self.rulebook_version = envelope.rulebook_version
        self.items: dict[UUID, datetime] = {}

    def answer(self, item: PushItem, choice: int, term: str, envelope: Envelope) -> None:
        """Count a right answer, once an item; `term` is the one that is running.

        Raises PushOver, AnswerNotRight.
        """
        if item.id in self.items:
            return
        item.must_count_in(term)
        if choice != item.plan.question.right:
            raise AnswerNotRight
        self._answered_right(
            learner_id=self.learner_id,
            item_id=item.id,
            school_code=item.plan.school_code,
            term=term,
            envelope=envelope,
        )

    @event(AnsweredRight)
    def _answered_right(
        self, learner_id: UUID, item_id: UUID, school_code: str, term: str, envelope: Envelope
    ) -> None:
        self.items[item_id] = envelope.at


class Answers(Protocol):
    """Right answers that make lines: those of one record, or some of several."""

    @property
    def id(self) -> UUID: ...
    @property
    def learner_id(self) -> UUID: ...
    @property
    def term(self) -> str: ...
    @property
    def items(self) -> Mapping[UUID, datetime]: ...


@dataclass(frozen=True)
class JointAnswers:
    """What is left over under several records of one person, and makes one line together.

    Its id is made of its items: no fact lies under it, and a parting ends it.
    """

    learner_id: UUID
    term: str
    items: Mapping[UUID, datetime]

    @property
    def id(self) -> UUID:
        return derived("joint_answers", *sorted(self.items))


class PushLine(BaseModel):
    """So many right answers as make one award step, and what they are worth together."""

    model_config = ConfigDict(frozen=True)

    number: int
    item_ids: tuple[UUID, ...]
    hours: int


def line_size(per_item: int, award_step: int) -> int:
    """How many right answers make an award step; 0 where they are worth nothing."""
    return rounded_up(award_step, per_item) // per_item if per_item else 0


def push_lines(items: Sequence[UUID], per_item: int, award_step: int) -> tuple[PushLine, ...]:
    """The lines that a term's right answers make, in their order.

    One item is less than the award step, and a line is rounded down to it: hence items are
    credited together, so many as make whole steps. What is left over at the end of the term
    makes no line.
    """
    if not per_item:
        return ()
    size = line_size(per_item, award_step)
    return tuple(
        PushLine(
            number=number,
            item_ids=tuple(items[number * size : (number + 1) * size]),
            hours=rounded_down(size * per_item, award_step),
        )
        for number in range(len(items) // size)
    )
