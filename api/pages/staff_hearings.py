"""A chance to be heard: the printable question, who was told, and what they said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.correcting import correction_for, proposing
from api.irregularity_reaching import irregularity_for
from api.pages import staff_correction_list as corrections
from api.pages import staff_irregularities as irregularities
from api.pages.irregularity_words import QUESTIONS, SAYS
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.v1.case_states import LONGEST
from domain.correction import AttendanceOrder
from domain.envelope import Envelope
from domain.hearing import ToldBy
from domain.irregularity_finding import HeardBy
from domain.learner import UnknownLearner

router = APIRouter(include_in_schema=False)

PURPOSE = "hearing"
CORRECTION = "/staff/corrections/of/{correction_id}"
IRREGULARITY = "/staff/irregularities/of/{irregularity_id}"
UNTRUE = "学校认为您的一项记录与实际不符，准备更正。请告诉我们当时的情况。"

How = Annotated[ToldBy, Form()]


@router.post(CORRECTION + "/telling")
def tell(request: Request, asking: InAsking, correction_id: UUID, how: How) -> Response:
    row = correction_for(asking, correction_id)
    by, hearings = proposing(asking, row), asking.runtime.book.hearings
    return corrections.done(request, asking, row, lambda: hearings.tell(correction_id, how, by))


@router.post(CORRECTION + "/hearings")
def hear(
    request: Request,
    asking: InAsking,
    correction_id: UUID,
    heard_by: Annotated[HeardBy, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    row = correction_for(asking, correction_id)
    by, hearings = proposing(asking, row), asking.runtime.book.hearings
    return corrections.done(
        request, asking, row, lambda: hearings.hear(correction_id, heard_by, words, by)
    )


@router.get(CORRECTION + "/question")
def question(request: Request, asking: InAsking, correction_id: UUID) -> Response:
    """Raises UnknownCorrection, Forbidden, what `HearingCommands.person_of` refuses."""
    row = correction_for(asking, correction_id)
    by = proposing(asking, row)
    person_id = asking.runtime.book.hearings.person_of(correction_id, by)
    order = row.asked
    ids = [order.session_id] if isinstance(order, AttendanceOrder) else []
    return sheet(request, asking, by, person_id, ids, UNTRUE)


@router.post(IRREGULARITY + "/tellings")
def tell_concerned(
    request: Request,
    asking: InAsking,
    irregularity_id: UUID,
    person: Annotated[UUID, Form()],
    how: How,
) -> Response:
    found, by = irregularity_for(asking, irregularity_id, Action.IRREGULARITY_REVIEW)
    book = asking.runtime.book
    return irregularities.done(
        request, asking, found, by,
        lambda: book.irregularities.tell(irregularity_id, person, how, by),
    )  # fmt: skip


@router.get(IRREGULARITY + "/questions/{learner_id}")
def question_of(
    request: Request, asking: InAsking, irregularity_id: UUID, learner_id: UUID
) -> Response:
    """Names are read by the school alone. Raises UnknownIrregularity, UnknownLearner, Forbidden."""
    found, by = irregularity_for(asking, irregularity_id, Action.CASE_ENTER)
    if learner_id not in found.learner_ids:
        raise UnknownLearner(id=learner_id)
    return sheet(request, asking, by, learner_id, found.session_ids, QUESTIONS[found.rule])


def sheet(
    request: Request,
    asking: Asking,
    by: Envelope,
    person_id: UUID,
    session_ids: Iterable[UUID],
    asked: str,
) -> Response:
    """The question on paper, to be handed over, answered and brought back."""
    runtime = asking.runtime
    names = runtime.book.vault.show([person_id], to=by.actor, purpose=PURPOSE, at=by.at)
    school_code = by.actor.organisation or ""
    return staff_page(
        request, "question_on_paper.html", name=called(names, person_id),
        sessions=irregularities.sessions_of(asking, session_ids), question=asked, says=SAYS,
        school=runtime.models.schools.school(school_code),
    )  # fmt: skip
