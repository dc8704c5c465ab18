"""Explanations as JSON: a tree from the answer down to the scans, in the asker's language."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel

from api.access.actions import Action
from api.asking import InAsking, InParent
from api.explaining import (
    Explained,
    Explanation,
    certificate_explained,
    certificate_numbered,
    completion_explained,
    line_explained,
    own_certificate_numbered,
    star_explained,
)
from api.facts import with_history
from api.language.catalogue import Language, language_of
from api.pages.parent_words import say

router = APIRouter(prefix="/api/v1", tags=["explanations"])


class RuleText(BaseModel):
    """A rule by its reference in one version, in words, with what it stands on."""

    ref: str
    says: str
    basis: str
    version: str


class EventRef(BaseModel):
    """The event that says so."""

    position: int
    stream: UUID
    topic: str
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    role: str
    channel: str


class Part(BaseModel):
    """One part of the tree. Hours among `values` are hundredths of 学时."""

    what: str
    says: str
    values: dict[str, Any]
    rule: RuleText | None
    event: EventRef | None
    children: list[Part]


class Told(BaseModel):
    """The answer in one sentence, and the tree that it stands on."""

    answer: str
    tree: Part


@router.get("/learners/{learner_id}/lines/{entry_id}/explanation")
def line(request: Request, learner_id: UUID, entry_id: UUID, asking: InAsking) -> Told:
    with_history(asking, learner_id)
    return told(request, line_explained(asking.runtime, learner_id, entry_id))


@router.get("/learners/{learner_id}/completions/{stage}/{period}/explanation")
def completion(
    request: Request, learner_id: UUID, stage: str, period: str, asking: InAsking
) -> Told:
    """`period` is a school year (2026), or the stage for its completion."""
    with_history(asking, learner_id)
    return told(request, completion_explained(asking.runtime, learner_id, stage, period))


@router.get("/learners/{learner_id}/stars/{stage}/{level}/explanation")
def star(request: Request, learner_id: UUID, stage: str, level: int, asking: InAsking) -> Told:
    with_history(asking, learner_id)
    return told(request, star_explained(asking.runtime, learner_id, stage, level))


@router.get("/certificates/{number}/explanation")
def certificate(request: Request, number: str, asking: InAsking) -> Told:
    found = certificate_numbered(asking.runtime, number)
    with_history(asking, found.learner_id)
    return told(request, certificate_explained(asking.runtime, found))


@router.get("/me/lines/{entry_id}/explanation")
def own_line(request: Request, entry_id: UUID, asking: InParent) -> Told:
    learner_id, _ = asking.own(Action.OWN_READ)
    return told(request, line_explained(asking.runtime, learner_id, entry_id))


@router.get("/me/completions/{stage}/{period}/explanation")
def own_completion(request: Request, stage: str, period: str, asking: InParent) -> Told:
    learner_id, _ = asking.own(Action.OWN_READ)
    return told(request, completion_explained(asking.runtime, learner_id, stage, period))


@router.get("/me/stars/{stage}/{level}/explanation")
def own_star(request: Request, stage: str, level: int, asking: InParent) -> Told:
    learner_id, _ = asking.own(Action.OWN_READ)
    return told(request, star_explained(asking.runtime, learner_id, stage, level))


@router.get("/me/certificates/{number}/explanation")
def own_certificate(request: Request, number: str, asking: InParent) -> Told:
    learner_id, _ = asking.own(Action.OWN_READ)
    found = own_certificate_numbered(asking.runtime, learner_id, number)
    return told(request, certificate_explained(asking.runtime, found))


def told(request: Request, explanation: Explanation) -> Told:
    return in_language(explanation, language_of(request))


def in_language(explanation: Explanation, language: Language) -> Told:
    answer = str(say(language, explanation.answer))
    return Told(answer=answer, tree=part(explanation.tree, language))


def part(explained: Explained, language: Language) -> Part:
    rule, source = explained.rule, explained.source
    return Part(
        what=explained.what,
        says=str(say(language, explained.says)),
        values=explained.values,
        rule=RuleText(
            ref=rule.ref,
            says=str(say(language, rule.says)),
            basis=str(say(language, rule.basis)),
            version=explained.version or "",
        )
        if rule
        else None,
        event=EventRef(
            position=source.position,
            stream=source.stream,
            topic=source.topic,
            occurred_at=source.at,
            recorded_at=source.recorded_at,
            role=source.role,
            channel=source.channel,
        )
        if source
        else None,
        children=[part(child, language) for child in explained.children],
    )
