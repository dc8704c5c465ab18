"""Who owns a question bank, and who may read it or change it: a school, a district, the city."""

from __future__ import annotations

from uuid import UUID

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import Asking
from api.files.tidying import tidy
from api.reaching import may_in, unknown
from domain.envelope import Envelope
from domain.question_bank import Question, UnknownBank
from projections.question_board import BankOnBoard

SCHOOL_DIGITS = 10
CITY_ENDING = "00"


def organisation_called(asking: Asking, owner: str) -> Organisation:
    """The organisation with a code. Raises UnknownSchool; ValueError where it is none."""
    if len(owner) == SCHOOL_DIGITS:
        return asking.runtime.organisation_of(owner)
    if owner.endswith(CITY_ENDING):
        return Organisation(city=owner)
    return Organisation(district=owner)


def may_read(asking: Asking, owner: str) -> Envelope:
    """Raises Forbidden, LoginRequired, UnknownSchool."""
    return asking.may_in(Action.QUESTION_BANK_READ, organisation_called(asking, owner))


def may_edit(asking: Asking, owner: str) -> Envelope:
    """Raises Forbidden, LoginRequired, UnknownSchool."""
    return asking.may_in(Action.QUESTION_BANK_EDIT, organisation_called(asking, owner))


def edits(asking: Asking, owner: str) -> bool:
    """Whether a page may offer it; doing it is asked again by its own route."""
    return may_in(asking, Action.QUESTION_BANK_EDIT, organisation_called(asking, owner))


def as_seen(question: Question) -> Question:
    """Without what nobody sees: choices that look alike are one, in whatever order right ones."""
    seen = {
        "text": tidy(question.text),
        "choices": tuple(map(tidy, question.choices)),
        "right": tuple(sorted(set(question.right))),
        "explanation": tidy(question.explanation),
    }
    return question.model_copy(update=seen)


def bank_for(asking: Asking, bank_id: UUID, action: Action) -> tuple[BankOnBoard, Envelope]:
    """Raises UnknownBank, Forbidden, LoginRequired."""
    found = asking.runtime.models.questions.bank(bank_id)
    if found is None:
        raise unknown(asking, action, UnknownBank(id=bank_id))
    return found, asking.may_in(action, organisation_called(asking, found.owner))
