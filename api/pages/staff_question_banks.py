"""Question banks on a page: a school's own and the libraries it may use, question by question."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.files.tidying import tidy
from api.language.catalogue import language_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.question_banks import SCHOOL_DIGITS, as_seen, bank_for, edits, may_edit, may_read
from domain.question_bank import Question, QuestionKind
from domain.refusals import Refused
from ledger.question_banks import city_of
from projections.question_board import BankOnBoard, QuestionRow

router = APIRouter(include_in_schema=False)

Owner = Annotated[str, Path(pattern=r"^([0-9]{10}|[0-9]{6})$")]


@router.get("/staff/question-banks/{owner}")
def banks(request: Request, asking: InAsking, owner: Owner) -> Response:
    may_read(asking, owner)
    return staff_page(
        request,
        "question_banks.html",
        owner=owner,
        name=name_of(asking, owner),
        banks=usable(asking, owner),
        may_edit=edits(asking, owner),
    )


@router.post("/staff/question-banks/{owner}")
def open_bank(
    asking: InAsking,
    owner: Owner,
    course: Annotated[str, Form(min_length=1, max_length=80, pattern=r"\S")],
) -> Response:
    by = may_edit(asking, owner)
    book = asking.runtime.book
    bank_id = book.question_banks.open(owner, tidy(course), by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(address_of(bank_id), status_code=303)


class Typed(BaseModel):
    """The form of a question: one choice a line, the right ones by their numbers from 1."""

    number: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$")]
    kind: QuestionKind
    text: Annotated[str, Field(min_length=1, max_length=500)]
    choices: Annotated[str, Field(max_length=1700)]
    right: Annotated[str, Field(max_length=20)]
    explanation: Annotated[str, Field(max_length=1000)] = ""
    revises: bool = False  # the question of that number; else it is a new one

    @classmethod
    def of(cls, row: QuestionRow) -> Typed:
        return cls(
            number=row.number,
            kind=QuestionKind(row.kind),
            text=row.text,
            choices="\n".join(row.choices),
            right=",".join(str(place + 1) for place in row.right),
            explanation=row.explanation,
            revises=True,
        )

    @property
    def question(self) -> Question:
        return as_seen(
            Question(
                number=self.number,
                kind=self.kind,
                text=self.text,
                choices=tuple(line for line in self.choices.splitlines() if tidy(line)),
                right=places(self.right),
                explanation=self.explanation,
            )
        )


@router.get("/staff/question-banks/of/{bank_id}")
def bank(request: Request, asking: InAsking, bank_id: UUID, edit: UUID | None = None) -> Response:
    found, _ = bank_for(asking, bank_id, Action.QUESTION_BANK_READ)
    rows = asking.runtime.models.questions.questions_of(bank_id)
    edited = next((Typed.of(row) for row in rows if row.question_id == edit), None)
    return show(request, asking, found, edited)


@router.post("/staff/question-banks/of/{bank_id}/questions")
def put(
    request: Request, asking: InAsking, bank_id: UUID, typed: Annotated[Typed, Form()]
) -> Response:
    """Add a question, or revise one; what was typed stays where it is refused."""
    found, by = bank_for(asking, bank_id, Action.QUESTION_BANK_EDIT)
    book = asking.runtime.book
    try:
        if typed.revises:
            book.question_banks.put(bank_id, [typed.question], by)
        else:
            book.question_banks.add(bank_id, typed.question, by)
    except Refused as refusal:
        return show(request, asking, found, typed, refusal)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(address_of(bank_id), status_code=303)


def show(
    request: Request,
    asking: Asking,
    found: BankOnBoard,
    typed: Typed | None,
    refusal: Refused | None = None,
) -> Response:
    return staff_page(
        request,
        "question_bank.html",
        status_of(refusal.code) if refusal else 200,
        bank=found,
        name=name_of(asking, found.owner),
        questions=asking.runtime.models.questions.questions_of(found.bank_id),
        kinds=list(QuestionKind),
        may_edit=edits(asking, found.owner),
        typed=typed,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


@router.post("/staff/question-banks/of/{bank_id}/questions/{question_id}/retirement")
def retire(asking: InAsking, bank_id: UUID, question_id: UUID) -> Response:
    _, by = bank_for(asking, bank_id, Action.QUESTION_BANK_EDIT)
    asking.runtime.settle(asking.runtime.book.question_banks.retire(bank_id, question_id, by))
    return RedirectResponse(address_of(bank_id), status_code=303)


def usable(asking: Asking, owner: str) -> list[BankOnBoard]:
    """The owner's banks; a school's page lists the libraries of its district and city as well."""
    owners = [owner]
    if len(owner) == SCHOOL_DIGITS:
        district = asking.runtime.book.registry.school(owner).district_code
        owners += [district, city_of(district)]
    return asking.runtime.models.questions.banks_of(owners)


def name_of(asking: Asking, owner: str) -> str:
    if len(owner) == SCHOOL_DIGITS:
        return asking.runtime.book.registry.school(owner).name
    return owner


def places(text: str) -> tuple[int, ...]:
    """1,3 is the first and the third; what is no number is out of every question's reach."""
    words = text.replace("，", ",").replace("、", ",").split(",")
    return tuple(int(w) - 1 if w.strip().isascii() and w.strip().isdigit() else -1 for w in words)


def address_of(bank_id: UUID) -> str:
    return f"/staff/question-banks/of/{bank_id}"
