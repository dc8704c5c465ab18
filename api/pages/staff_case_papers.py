"""A parent's paper: staff write down a dispute or an appeal for the learner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.case_reaching import cases_of
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.reaching import learner_for, may_too
from api.v1.case_states import LONGEST
from api.v1.cases import on_paper
from domain.dispute import DisputeReason, Subject, SubjectKind
from domain.envelope import Envelope


class Placed(Protocol):
    """Something that happened at a school."""

    @property
    def school_code(self) -> str: ...


T = TypeVar("T", bound=Placed)

router = APIRouter(include_in_schema=False)

PURPOSE = "case_on_paper"
SUBJECT = rf"^({'|'.join(SubjectKind)}):[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"
SINCE = timedelta(days=200)  # a term with its holidays


@router.get("/staff/learners/{learner_id}/cases")
def paper(request: Request, asking: InAsking, learner_id: UUID) -> Response:
    by = writer(asking, learner_id)
    names = asking.runtime.book.vault.show([learner_id], to=by.actor, purpose=PURPOSE, at=by.at)
    models, school_code = asking.runtime.models, by.actor.organisation
    return staff_page(
        request, "case_on_paper.html", learner_id=learner_id, longest=LONGEST,
        name=called(names, learner_id), reasons=list(DisputeReason),
        evenings=at(school_code, models.cases.evenings_of(learner_id, by.at - SINCE)),
        results=at(school_code, models.exams.results_of(learner_id)),
        certificates=at(school_code, models.certificates.certificates_of_learner(learner_id)),
        cases=at(school_code, cases_of(asking.runtime, learner_id)),
    )  # fmt: skip


@router.post("/staff/learners/{learner_id}/cases")
def write_down(
    asking: InAsking,
    learner_id: UUID,
    subject: Annotated[str, Form(pattern=SUBJECT)],
    reason: Annotated[DisputeReason, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
    appeal: Annotated[bool, Form()] = False,
) -> Response:
    """`subject` is a kind and an id, as the list offers them."""
    by, book = on_paper(writer(asking, learner_id)), asking.runtime.book
    kind, _, key = subject.partition(":")
    about = Subject(kind=SubjectKind(kind), id=UUID(key))
    if appeal:
        case_id = book.appeals.lodge(learner_id, about, words, by)
    else:
        case_id = book.cases.dispute(learner_id, about, reason, words, by)
    asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/cases/of/{case_id}", status_code=303)


def at(school_code: str, things: Iterable[T]) -> list[T]:
    """What is of the school: what happened elsewhere is written down there."""
    return [each for each in things if each.school_code == school_code]


def writer(asking: Asking, learner_id: UUID) -> Envelope:
    """Whoever may write down for parents in a school of the learner. Raises Forbidden."""
    codes = sorted({place.school_code for place in learner_for(asking, learner_id).places})
    own = [code for code in codes if may_too(asking, Action.CASE_ENTER, code)]
    return asking.may(Action.CASE_ENTER, [*own, *codes][0])
