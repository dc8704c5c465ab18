"""A parent's micro-classes and pushes: segment by segment, question by question, no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api import answering
from api.access.actions import Action
from api.asking import InParent
from api.language.catalogue import language_of
from api.pages.earning_words import LACKS
from api.pages.parent_words import Words, parent_page
from api.pages.study_words import told_of_caps, told_of_pushes
from api.problems import status_of, text_of
from api.studies_worth import micro_class_worth, pushes_worth
from api.studying import Watching, running_year, watching
from domain.calendar import CITY_ZONE, local_day
from domain.push import PushItem
from domain.refusals import Refused
from domain.studying import StudyIncomplete, least_seconds

router = APIRouter(include_in_schema=False)


@router.get("/me/studies")
def studies(request: Request, asking: InParent) -> Response:
    """What is offered to the parent's children's grades."""
    learner_id, by = asking.own(Action.OWN_STUDY)
    models = asking.runtime.models
    term = models.schools.term_on(local_day(by.at, CITY_ZONE))
    return parent_page(
        request, "parent/studies.html", "statement",
        micro_classes=models.studies.micro_classes_for(learner_id, running_year(asking.runtime)),
        pushes=models.studies.pushes_for(learner_id, term.code) if term else [],
        push_words=told_of_pushes(pushes_worth(asking.runtime, learner_id)),
        make_ups={line.by_id: line for line in models.leaves.make_ups_of_learner(learner_id)},
    )  # fmt: skip


@router.get("/me/micro-classes/{micro_class_id}")
def micro_class(request: Request, asking: InParent, micro_class_id: UUID) -> Response:
    learner_id, _ = asking.own(Action.OWN_STUDY)
    return show(request, asking, watching(asking.runtime, micro_class_id, learner_id))


@router.post("/me/micro-classes/{micro_class_id}/segments/{segment}/open")
def open_segment(
    request: Request, asking: InParent, micro_class_id: UUID, segment: int
) -> Response:
    learner_id, by = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    return done(request, asking, before, lambda: before.open(segment, by.at))


@router.post("/me/micro-classes/{micro_class_id}/segments/{segment}/finish")
def finish_segment(
    request: Request, asking: InParent, micro_class_id: UUID, segment: int
) -> Response:
    learner_id, by = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    return done(request, asking, before, lambda: before.finish(segment, by.at))


@router.post("/me/micro-classes/{micro_class_id}/checks/{segment}")
def answer_check(
    request: Request,
    asking: InParent,
    micro_class_id: UUID,
    segment: int,
    choice: Annotated[int, Form()] = -1,
) -> Response:
    learner_id, _ = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    return done(request, asking, before, lambda: before.answer(segment, choice))


@router.post("/me/micro-classes/{micro_class_id}/quiz")
async def hand_in(request: Request, asking: InParent, micro_class_id: UUID) -> Response:
    learner_id, by = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    form = await request.form()
    answers = [number(form.get(f"q{n}")) for n in range(len(before.micro_class.plan.quiz))]
    return done(
        request, asking, before, lambda: asking.runtime.settle(before.complete(answers, by))
    )


@router.get("/me/pushes/{item_id}")
def push(request: Request, asking: InParent, item_id: UUID) -> Response:
    learner_id, _ = asking.own(Action.OWN_STUDY)
    return show_push(request, asking, asking.runtime.book.pushes.sent_to(item_id, learner_id))


@router.post("/me/pushes/{item_id}/answers")
def answer_push(
    request: Request, asking: InParent, item_id: UUID, choice: Annotated[int, Form()] = -1
) -> Response:
    learner_id, by = asking.own(Action.OWN_STUDY)
    item = asking.runtime.book.pushes.sent_to(item_id, learner_id)
    try:
        answering.answer(asking.runtime, item_id, learner_id, choice, by)
    except Refused as refusal:
        return show_push(request, asking, item, refusal)
    return RedirectResponse(f"/me/pushes/{item_id}", status_code=303)


def number(typed: object) -> int | None:
    return int(typed) if isinstance(typed, str) and typed.isdecimal() else None


def done(
    request: Request, asking: InParent, before: Watching, change: Callable[[], object]
) -> Response:
    """Do it and go back to the page; a refusal is told on the page itself."""
    try:
        change()
    except Refused as refusal:
        return show(request, asking, before, refusal)
    return RedirectResponse(f"/me/micro-classes/{before.micro_class.id}", status_code=303)


def show(
    request: Request, asking: InParent, before: Watching, refusal: Refused | None = None
) -> Response:
    plan, watched, book = before.micro_class.plan, before.watched, asking.runtime.book
    rules = book.micro_classes.rules_of(before.micro_class).micro_class
    asked = (before.micro_class, before.learner_id, running_year(asking.runtime))
    worth = micro_class_worth(before)
    return parent_page(
        request, "parent/micro_class.html", "statement",
        status=status_of(refusal.code) if refusal else 200,
        micro_class=before.micro_class, plan=plan,
        segments=[
            (n, each, watched.get(n), -(-least_seconds(each.seconds, rules) // 60))
            for n, each in enumerate(plan.segments)
        ],
        checks=[check for check in before.checks(watched) if check.right is None],
        done=book.micro_classes.is_completed(*asked), lacks=lacking(refusal),
        cap_words=told_of_caps(worth), over=worth is None,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def lacking(refusal: Refused | None) -> list[Words]:
    """What a study lacks, in words."""
    named = refusal.facts.get("lacks") if isinstance(refusal, StudyIncomplete) else None
    return [Words(words) for code, words in LACKS.items() if code in cast("list[str]", named or [])]


def show_push(
    request: Request, asking: InParent, item: PushItem, refusal: Refused | None = None
) -> Response:
    return parent_page(
        request, "parent/push.html", "statement",
        status=status_of(refusal.code) if refusal else 200,
        item=item, plan=item.plan,
        done=asking.runtime.book.pushes.has_answered(item, asking.learner_id),
        push_words=told_of_pushes(pushes_worth(asking.runtime, asking.learner_id)),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip
