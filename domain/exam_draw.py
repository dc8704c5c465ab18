"""Which questions an attempt is asked, in which order: an auditor can draw them again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.exam_refusals import AnswerUnknown
from domain.question_bank import BankTooSmall, Question, QuestionKind

Answers = Mapping[UUID, frozenset[int]]  # question -> the choices picked, as the bank counts them


@dataclass(frozen=True)
class DrawnQuestion:
    """A question as it is asked: `order` says which choice of the bank stands at each place."""

    question_id: UUID
    question: Question
    order: tuple[int, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The choices in the order in which they are shown."""
        return tuple(self.question.choices[choice] for choice in self.order)

    def picked(self, places: Collection[int]) -> frozenset[int]:
        """The bank's choices that stand at these places. Raises AnswerUnknown."""
        if not set(places) <= set(range(len(self.order))):
            raise AnswerUnknown
        return frozenset(self.order[place] for place in places)

    def places(self, choices: Collection[int]) -> list[int]:
        """Where choices of the bank stand on the sheet."""
        return sorted(self.order.index(choice) for choice in choices)


def drawn(
    attempt_id: UUID, questions: Mapping[UUID, Question], count: int
) -> tuple[DrawnQuestion, ...]:
    """So many questions, by the attempt's id alone. Raises BankTooSmall."""
    if len(questions) < count:
        raise BankTooSmall(questions=len(questions), needed=count)
    chosen = sorted(questions, key=lambda key: lot(attempt_id, key))[:count]
    return tuple(
        DrawnQuestion(key, questions[key], order_of(attempt_id, key, questions[key]))
        for key in chosen
    )


def order_of(attempt_id: UUID, question_id: UUID, question: Question) -> tuple[int, ...]:
    """The choices shuffled; right and wrong stand as they do on paper."""
    places = range(len(question.choices))
    if question.kind is QuestionKind.TRUE_FALSE:
        return tuple(places)
    return tuple(sorted(places, key=lambda choice: lot(attempt_id, question_id, choice)))


def lot(*parts: UUID | int) -> bytes:
    """The lot of a question or choice: everybody who has the parts draws the same."""
    return hashlib.sha256("\x1f".join(("draw/1", *map(str, parts))).encode()).digest()


def picked(asked: Collection[DrawnQuestion], places: Mapping[UUID, Collection[int]]) -> Answers:
    """What was answered, from the places on the sheet. Raises AnswerUnknown."""
    known = {each.question_id: each for each in asked}
    if not places.keys() <= known.keys():
        raise AnswerUnknown
    return {key: known[key].picked(chosen) for key, chosen in places.items() if chosen}


def right_in(asked: Collection[DrawnQuestion], answers: Answers) -> int:
    """How many were answered rightly; what was left out is not."""
    return sum(each.question.is_right(answers.get(each.question_id, frozenset())) for each in asked)
