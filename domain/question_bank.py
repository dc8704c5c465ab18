"""The questions of one course: a question is revised or retired, never edited."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused

FEWEST_CHOICES: Final = 2
MOST_CHOICES: Final = 8


class UnknownBank(Refused):
    """No question bank with that id, or not one that this school may use."""

    code = "bank_unknown"


class BankTooSmall(Refused):
    """Too few questions to draw from (rulebook: exam.drawn_from_at_least, LOCAL)."""

    code = "bank_too_small"


class UnknownQuestion(Refused):
    """The bank has no such question."""

    code = "question_unknown"


class QuestionNumberTaken(Refused):
    """Another question of the bank has that number: it is revised as such, not by a slip."""

    code = "question_number_taken"


class QuestionUnsound(Refused):
    """Words are missing, or choices and right answers do not fit the kind of question."""

    code = "question_unsound"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    TRUE_FALSE = "true_false"


class Question(BaseModel):
    """A question by its number in the bank; `right` counts the choices from 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    kind: QuestionKind
    text: str
    choices: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it can be answered, and rightly in one way only."""
        known = set(range(len(self.choices)))
        several = self.kind is QuestionKind.SEVERAL
        return (
            all(words.strip() for words in (self.text, *self.choices))
            and len(set(self.choices)) == len(self.choices)
            and FEWEST_CHOICES <= len(self.choices) <= MOST_CHOICES
            and set(self.right) <= known
            and (len(self.right) >= 1 if several else len(self.right) == 1)
            and (self.kind is not QuestionKind.TRUE_FALSE or len(known) == FEWEST_CHOICES)
        )

    def is_right(self, picked: frozenset[int]) -> bool:
        """All right choices and no wrong one: there are no part marks."""
        return picked == frozenset(self.right)


def question_id(bank_id: UUID, number: str) -> UUID:
    """A question is its number in its bank, whatever it says."""
    return derived("question", bank_id, number)


class QuestionBank(LedgerAggregate):
    """`owner` is a school, or the district or city whose library every school of it may use."""

    TOPIC: ClassVar[str] = "question_bank"

    class Opened(LedgerCreated):
        TOPIC = "question_bank.opened"

        owner: str
        course_id: UUID
        title: str

    class QuestionAdded(LedgerEvent):
        TOPIC = "question_bank.question_added"

        question_id: UUID
        question: Question

    class QuestionRevised(LedgerEvent):
        TOPIC = "question_bank.question_revised"

        question_id: UUID
        question: Question

    class QuestionRetired(LedgerEvent):
        TOPIC = "question_bank.question_retired"

        question_id: UUID

    @staticmethod
    def create_id(owner: str, course_id: UUID) -> UUID:
        return derived("question_bank", owner, course_id)

    @event(Opened)
    def __init__(self, owner: str, course_id: UUID, title: str, envelope: Envelope) -> None:
        self.owner = owner
        self.course_id = course_id
        self.title = title
        self.questions: dict[UUID, Question] = {}  # that may be drawn
        self.retired: set[UUID] = set()

    def put(self, question: Question, envelope: Envelope) -> None:
        """Add a question, or revise the one of that number; the same again is no news.

        Raises QuestionUnsound.
        """
        if not question.is_sound:
            raise QuestionUnsound(number=question.number)
        key = question_id(self.id, question.number)
        known = self.questions.get(key)
        if known is None:
            self._added(question_id=key, question=question, envelope=envelope)
        elif known != question:
            self._revised(question_id=key, question=question, envelope=envelope)

    def add(self, question: Question, envelope: Envelope) -> None:
        """Add a question that is new; the same again is no news.

        Raises QuestionUnsound, QuestionNumberTaken.
        """
        if self.questions.get(question_id(self.id, question.number), question) != question:
            raise QuestionNumberTaken(number=question.number)
        self.put(question, envelope)

    def retire(self, question_id: UUID, envelope: Envelope) -> None:
        """Draw it no more; exams that drew it keep it. Again is no news. Raises UnknownQuestion."""
        if question_id in self.questions:
            self._retired(question_id=question_id, envelope=envelope)
        elif question_id not in self.retired:
            raise UnknownQuestion

    @event(QuestionAdded)
    def _added(self, question_id: UUID, question: Question, envelope: Envelope) -> None:
        self.questions[question_id] = question

    @event(QuestionRevised)
    def _revised(self, question_id: UUID, question: Question, envelope: Envelope) -> None:
        self.questions[question_id] = question

    @event(QuestionRetired)
    def _retired(self, question_id: UUID, envelope: Envelope) -> None:
        del self.questions[question_id]
        self.retired.add(question_id)
