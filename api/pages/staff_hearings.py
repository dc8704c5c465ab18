"""A chance to be heard: what is proposed, the question on paper, who was told, what they said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.hearing_reaching import Matter, described, matter_for, matter_shown
from api.irregularity_reaching import irregularity_for
from api.language.catalogue import language_of
from api.pages import staff_irregularities as irregularities
from api.pages.hearing_words import lines_of
from api.pages.irregularity_words import HEARD_BY, QUESTIONS, SAYS, TOLD_BY
from api.pages.staff_class_list import called
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.proposed import Proposed
from api.reaching import may_too
from api.v1.case_states import LONGEST
from domain.envelope import Envelope
from domain.hearing import ToldBy
from domain.irregularity_finding import HeardBy
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.staff import OwnCase
from ledger.hearing_commands import PURPOSE

router = APIRouter(include_in_schema=False)

MATTER = "/staff/hearings/{matter_id}"
IRREGULARITY = "/staff/irregularities/of/{irregularity_id}"
ON_PAPER = [code for code in HEARD_BY if code != HeardBy.SCREEN]

How = Annotated[ToldBy, Form()]


@router.get(MATTER)
def hearing(request: Request, asking: InAsking, matter_id: UUID) -> Response:
    """Raises UnknownCorrection, NoHearingNeeded, OwnCase, Forbidden."""
    matter, by = matter_shown(asking, matter_id)
    return show(request, asking, matter, by)


@router.post(MATTER + "/telling")
def tell(request: Request, asking: InAsking, matter_id: UUID, how: How) -> Response:
    matter, by = matter_for(asking, matter_id)
    hearings = asking.runtime.book.hearings
    return done(request, asking, matter, by, lambda: hearings.tell(matter_id, how, by))


@router.post(MATTER + "/statements")
def hear(
    request: Request,
    asking: InAsking,
    matter_id: UUID,
    heard_by: Annotated[HeardBy, Form()],
    words: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    matter, by = matter_for(asking, matter_id)
    hearings = asking.runtime.book.hearings
    return done(request, asking, matter, by, lambda: hearings.hear(matter_id, heard_by, words, by))


@router.get(MATTER + "/question")
def question(request: Request, asking: InAsking, matter_id: UUID) -> Response:
    """Raises UnknownCorrection, Forbidden, what `HearingCommands.accused` refuses."""
    matter, by = matter_for(asking, matter_id)
    person_id = asking.runtime.book.hearings.accused(matter_id, by).person_id
    proposed = described(asking, matter, by)
    return sheet(request, asking, by, person_id, said_in(request, asking, proposed), proposed)


def done(
    request: Request, asking: Asking, matter: Matter, by: Envelope, decide: Callable[[], int]
) -> Response:
    try:
        asking.runtime.settle(decide())
    except OwnCase:
        raise
    except Refused as refusal:
        return show(request, asking, matter, by, refusal)
    return RedirectResponse(f"/staff/hearings/{matter.id}", status_code=303)


def show(
    request: Request, asking: Asking, matter: Matter, by: Envelope, refusal: Refused | None = None
) -> Response:
    said = asking.runtime.book.hearings.show(matter.id, by)  # nobody concerned reads it here
    proposed = described(asking, matter, by)
    return staff_page(
        request, "hearing.html", status_of(refusal.code) if refusal else 200,
        matter=matter, proposed=proposed, lines=said_in(request, asking, proposed),
        said=said, told_by=TOLD_BY, heard_by=ON_PAPER, longest=LONGEST,
        may_hear=may_too(asking, matter.tells, matter.school_code),
        school=asking.runtime.models.schools.school(matter.school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def said_in(request: Request, asking: Asking, proposed: Proposed) -> list[str]:
    school = asking.runtime.models.schools.school(proposed.school_code)
    return lines_of(proposed, school.name if school else "", language_of(request))


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
    asked, sessions = QUESTIONS[found.rule], found.session_ids
    return sheet(request, asking, by, learner_id, [asked], session_ids=sessions)


def sheet(
    request: Request,
    asking: Asking,
    by: Envelope,
    person_id: UUID,
    asked: list[str],
    proposed: Proposed | None = None,
    session_ids: Iterable[UUID] = (),
) -> Response:
    """The question on paper, to be handed over, answered and brought back."""
    runtime = asking.runtime
    names = runtime.book.vault.show([person_id], to=by.actor, purpose=PURPOSE, at=by.at)
    return staff_page(
        request, "question_on_paper.html", name=called(names, person_id), proposed=proposed,
        sessions=irregularities.sessions_of(asking, session_ids), asked=asked, says=SAYS,
        school=runtime.models.schools.school(by.actor.organisation or ""),
    )  # fmt: skip
