"""Stars by proposal: the school's list, the publicity of one proposal, and its decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.parent_words import STARS
from api.pages.staff_words import staff_page
from api.pages.star_words import ANSWERS, OBJECTION_REASONS, PROPOSAL_STATES, REFUSAL_REASONS
from api.problems import status_of, text_of
from api.reaching import may_read_accounts, may_too
from api.star_proposals import masked_for, may_see_names, proposal_for
from api.v1.star_proposals import MOST_WORDS
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.star_proposal import ObjectionReason, RefusalReason
from projections.star_progress import StarProgress
from projections.star_proposals import Objection, Proposal

router = APIRouter(include_in_schema=False)

GRANTED = "granted"
# Upholding an objection refuses by itself: nobody gives that reason by hand.
REASONS = {key: REFUSAL_REASONS[key] for key in REFUSAL_REASONS if key != "objection_upheld"}


@dataclass(frozen=True)
class AnsweredObjection:
    """An objection, with its words for those who decide."""

    objection: Objection
    words: str


@router.get("/staff/stars/{school_code}")
def stars(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.STAR_READ, school_code)
    models = asking.runtime.models
    proposals = models.star_proposals.of_schools([school_code])
    candidates = models.star_proposals.candidates_of(school_code)
    ids = [p.learner_id for p in proposals] + [c.learner_id for c in candidates]
    return staff_page(
        request,
        "stars.html",
        school=models.schools.school(school_code),
        proposals=proposals,
        candidates=candidates,
        names=masked_for(asking, ids, by) if may_see_names(asking, school_code) else {},
        may_propose=may_too(asking, Action.STAR_PROPOSE, school_code),
        states=PROPOSAL_STATES,
        star_names=STARS,
    )


@router.post("/staff/stars/{school_code}")
def propose(
    asking: InAsking,
    school_code: str,
    learner_id: Annotated[UUID, Form()],
    stage: Annotated[str, Form(max_length=20)],
) -> Response:
    by = asking.may(Action.STAR_PROPOSE, school_code)
    commands = asking.runtime.book.star_proposals
    return shown(asking, commands.propose(learner_id, stage, school_code, by))


@router.get("/staff/stars/of/{proposal_id}")
def proposal_page(request: Request, asking: InAsking, proposal_id: UUID) -> Response:
    proposal, by = proposal_for(asking, proposal_id, Action.STAR_READ)
    return show(request, asking, proposal, by)


@router.post("/staff/stars/of/{proposal_id}/objections")
def object_to(
    request: Request,
    asking: InAsking,
    proposal_id: UUID,
    reason_code: Annotated[ObjectionReason, Form()],
    words: Annotated[str, Form(max_length=MOST_WORDS)] = "",
) -> Response:
    proposal, by = proposal_for(asking, proposal_id, Action.STAR_OBJECT)
    commands = asking.runtime.book.star_proposals
    try:
        commands.object_to(proposal_id, reason_code, words, by)
    except Refused as refusal:
        return show(request, asking, proposal, by, refusal)
    return shown(asking, proposal_id)


@router.post("/staff/stars/of/{proposal_id}/objections/{objection_id}")
def answer(
    request: Request,
    asking: InAsking,
    proposal_id: UUID,
    objection_id: UUID,
    upheld: Annotated[bool, Form()],
) -> Response:
    proposal, by = proposal_for(asking, proposal_id, Action.STAR_DECIDE)
    commands = asking.runtime.book.star_proposals
    try:
        commands.answer(proposal_id, objection_id, by, upheld=upheld)
    except Refused as refusal:
        return show(request, asking, proposal, by, refusal)
    return shown(asking, proposal_id)


@router.post("/staff/stars/of/{proposal_id}/decision")
def decide(
    request: Request, asking: InAsking, proposal_id: UUID, decision: Annotated[str, Form()]
) -> Response:
    """`decision` is granted, or the reason of a refusal."""
    proposal, by = proposal_for(asking, proposal_id, Action.STAR_DECIDE)
    commands = asking.runtime.book.star_proposals
    try:
        if decision == GRANTED:
            commands.grant(proposal_id, by)
        else:
            reason = RefusalReason(decision) if decision in REASONS else RefusalReason.OTHER
            commands.refuse(proposal_id, reason, by)
    except Refused as refusal:
        return show(request, asking, proposal, by, refusal)
    return shown(asking, proposal_id)


def shown(asking: Asking, proposal_id: UUID) -> Response:
    asking.runtime.settle(asking.runtime.book.ledger.position())
    return RedirectResponse(f"/staff/stars/of/{proposal_id}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    proposal: Proposal,
    by: Envelope,
    refusal: Refused | None = None,
) -> Response:
    models, school_code = asking.runtime.models, proposal.school_code
    return staff_page(
        request,
        "star.html",
        status_of(refusal.code) if refusal else 200,
        proposal=proposal,
        school=models.schools.school(school_code),
        name=name_of(asking, proposal, by) if may_see_names(asking, school_code) else None,
        progress=progress_of(asking, proposal),
        may_read_accounts=may_read_accounts(asking, school_code),
        objections=objections_of(asking, proposal, by),
        is_over=local_day(by.at, CITY_ZONE) > proposal.published_until,
        may_object=may_too(asking, Action.STAR_OBJECT, school_code),
        may_decide=may_too(asking, Action.STAR_DECIDE, school_code),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        states=PROPOSAL_STATES,
        star_names=STARS,
        objection_reasons=OBJECTION_REASONS,
        refusal_reasons=REFUSAL_REASONS,
        reasons=REASONS,
        answers=ANSWERS,
        most_words=MOST_WORDS,
    )


def name_of(asking: Asking, proposal: Proposal, by: Envelope) -> str | None:
    return masked_for(asking, [proposal.learner_id], by).get(proposal.learner_id)


def progress_of(asking: Asking, proposal: Proposal) -> StarProgress | None:
    found = asking.runtime.models.stars.progress_of(proposal.learner_id)
    return next((each for each in found if each.stage == proposal.stage), None)


def objections_of(asking: Asking, proposal: Proposal, by: Envelope) -> list[AnsweredObjection]:
    """Words are for those who decide, and their reading is logged."""
    found = asking.runtime.models.star_proposals.objections_to(proposal.proposal_id)
    reads = may_too(asking, Action.STAR_DECIDE, proposal.school_code)
    commands = asking.runtime.book.star_proposals
    words = commands.words_of(proposal.proposal_id, by) if reads else {}
    return [AnsweredObjection(each, words.get(each.objection_id, "")) for each in found]
