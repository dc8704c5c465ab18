"""Question banks as JSON: open one for a course, put questions in, retire them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.files.tidying import tidy
from api.question_banks import as_seen, bank_for, may_edit, may_read
from api.v1.recorded import Recorded
from domain.question_bank import FEWEST_CHOICES, MOST_CHOICES, Question, QuestionKind

router = APIRouter(prefix="/api/v1", tags=["question banks"])

Owner = Annotated[
    str, Path(pattern=r"^([0-9]{10}|[0-9]{6})$", description="School, district or city code.")
]
Choice = Annotated[str, Field(min_length=1, max_length=200)]


class NewBank(BaseModel):
    model_config = ConfigDict(extra="forbid")

    course: str = Field(min_length=1, max_length=80, pattern=r"\S")


class Opened(BaseModel):
    bank_id: UUID


class Asked(BaseModel):
    """A question by its number in the bank; `right` counts the choices from 0."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z._-]+$")
    kind: QuestionKind
    text: str = Field(min_length=1, max_length=500)
    choices: list[Choice] = Field(min_length=FEWEST_CHOICES, max_length=MOST_CHOICES)
    right: list[int] = Field(min_length=1, max_length=MOST_CHOICES)
    explanation: str = Field(default="", max_length=1000)


class Questions(BaseModel):
    model_config = ConfigDict(extra="forbid")

    questions: list[Asked] = Field(min_length=1, max_length=500)


class Put(BaseModel):
    """The numbers of the questions that were new or changed."""

    news: list[str]


class BankState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    bank_id: UUID
    owner: str
    title: str
    questions: int


class BankList(BaseModel):
    banks: list[BankState]


class QuestionState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    question_id: UUID
    number: str
    kind: str
    text: str
    choices: list[str]
    right: list[int]
    explanation: str
    revision: int
    retired: bool


class BankPage(BankState):
    asked: list[QuestionState]


@router.get("/organisations/{owner}/question-banks")
def banks_of(owner: Owner, asking: InAsking) -> BankList:
    may_read(asking, owner)
    found = asking.runtime.models.questions.banks_of([owner])
    return BankList(banks=[BankState.model_validate(each) for each in found])


@router.post("/organisations/{owner}/question-banks", status_code=status.HTTP_201_CREATED)
def open_bank(owner: Owner, body: NewBank, asking: InAsking) -> Opened:
    """Begin a bank for a course; the same one again is no news and has the same id."""
    by = may_edit(asking, owner)
    book = asking.runtime.book
    bank_id = book.question_banks.open(owner, tidy(body.course), by)
    asking.runtime.settle(book.ledger.position())
    return Opened(bank_id=bank_id)


@router.get("/question-banks/{bank_id}")
def bank(bank_id: UUID, asking: InAsking) -> BankPage:
    """A bank with its questions and their right answers: for staff alone."""
    found, _ = bank_for(asking, bank_id, Action.QUESTION_BANK_READ)
    rows = asking.runtime.models.questions.questions_of(bank_id)
    asked = [QuestionState.model_validate(row) for row in rows]
    return BankPage(**BankState.model_validate(found).model_dump(), asked=asked)


@router.post("/question-banks/{bank_id}/questions", status_code=status.HTTP_201_CREATED)
def put(bank_id: UUID, body: Questions, asking: InAsking) -> Put:
    """Add questions, or revise those of the same numbers: all of them or none."""
    _, by = bank_for(asking, bank_id, Action.QUESTION_BANK_EDIT)
    book = asking.runtime.book
    questions = [as_seen(Question.model_validate(each.model_dump())) for each in body.questions]
    news = book.question_banks.put(bank_id, questions, by)
    asking.runtime.settle(book.ledger.position())
    return Put(news=sorted(news))


@router.post("/question-banks/{bank_id}/questions/{question_id}/retirement")
def retire(bank_id: UUID, question_id: UUID, asking: InAsking) -> Recorded:
    """Draw a question no more; attempts that drew it keep it."""
    _, by = bank_for(asking, bank_id, Action.QUESTION_BANK_EDIT)
    position = asking.runtime.book.question_banks.retire(bank_id, question_id, by)
    return Recorded(position=asking.runtime.settle(position))
