"""The question board: banks with their questions as they are now, and which are retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import LiteralString
from uuid import UUID

from domain.question_bank import QuestionBank
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS question_bank (
    bank_id uuid PRIMARY KEY,
    owner text NOT NULL,
    title text NOT NULL
);
CREATE INDEX IF NOT EXISTS question_bank_owner ON question_bank (owner);
CREATE TABLE IF NOT EXISTS question (
    question_id uuid PRIMARY KEY,
    bank_id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    choices text[] NOT NULL,
    "right" bigint[] NOT NULL,
    explanation text NOT NULL,
    revision bigint NOT NULL,
    retired boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS question_of_bank ON question (bank_id);
"""
_BANKS: LiteralString = """
SELECT b.bank_id, b.owner, b.title, count(q.*) FILTER (WHERE NOT q.retired) AS questions
  FROM question_bank b LEFT JOIN question q USING (bank_id)
 WHERE b.owner = ANY(%(owners)s::text[]) OR b.bank_id = %(bank)s
 GROUP BY b.bank_id ORDER BY b.owner DESC, b.title
"""
_QUESTIONS: LiteralString = """
SELECT * FROM question WHERE bank_id = %(bank)s ORDER BY retired, length(number), number
"""


@dataclass(frozen=True, slots=True)
class BankRow:
    bank_id: UUID
    owner: str
    title: str


@dataclass(frozen=True, slots=True)
class BankOnBoard(BankRow):
    """A bank with how many questions may be drawn from it."""

    questions: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    question_id: UUID
    bank_id: UUID
    number: str
    kind: str
    text: str
    choices: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str
    revision: int = 1
    retired: bool = False


BANK = Table("question_bank", BankRow, ("bank_id",), "bank_id")
QUESTION = Table("question", QuestionRow, ("question_id",), "bank_id")


class QuestionBoard:
    name = "question_board"
    version = 1
    tables = ("question_bank", "question")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            QuestionBank.Opened.TOPIC,
            QuestionBank.QuestionAdded.TOPIC,
            QuestionBank.QuestionRevised.TOPIC,
            QuestionBank.QuestionRetired.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        banks: list[BankRow] = []
        questions = Fold(tx, QUESTION, facts)
        for fact in facts:
            match fact.event:
                case QuestionBank.Opened(owner=owner, title=title):
                    banks.append(BankRow(fact.stream, owner, title))
                case QuestionBank.QuestionAdded() | QuestionBank.QuestionRevised() as event:
                    before = questions.get(event.question_id)
                    questions.put(row_of(event, before))
                case QuestionBank.QuestionRetired(question_id=key):
                    questions.put(replace(questions[key,], retired=True))
                case _:
                    pass
        BANK.add(tx, banks)
        questions.save()

    def banks_of(self, owners: Sequence[str]) -> list[BankOnBoard]:
        """The banks of these organisations, the school's own first."""
        return self._views.rows(BankOnBoard, _BANKS, owners=list(owners), bank=None)

    def bank(self, bank_id: UUID) -> BankOnBoard | None:
        return self._views.row(BankOnBoard, _BANKS, owners=[], bank=bank_id)

    def questions_of(self, bank_id: UUID) -> list[QuestionRow]:
        """In the order of their numbers, the retired ones last."""
        return self._views.rows(QuestionRow, _QUESTIONS, bank=bank_id)


def row_of(
    event: QuestionBank.QuestionAdded | QuestionBank.QuestionRevised, before: QuestionRow | None
) -> QuestionRow:
    said = event.question
    return QuestionRow(
        question_id=event.question_id,
        bank_id=event.originator_id,
        number=said.number,
        kind=said.kind.value,
        text=said.text,
        choices=said.choices,
        right=said.right,
        explanation=said.explanation,
        revision=before.revision + 1 if before else 1,
    )
