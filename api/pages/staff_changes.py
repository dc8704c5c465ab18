"""What changed lately, on paper: a sheet for each parent of a class who is to be told something."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.changes import changes_of
from api.language.catalogue import language_of
from api.pages.change_words import Told, told
from api.pages.parent_words import say
from api.pages.staff_class_list import called
from api.pages.staff_classes import places_in
from api.pages.staff_words import staff_page
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from projections.roster import Place

router = APIRouter(include_in_schema=False)

PURPOSE = "changes_on_paper"


@dataclass(frozen=True)
class Paper:
    """What one parent is handed; nobody else's changes stand on it."""

    name: str
    children: tuple[str, ...]
    changes: list[Told]


@router.get("/staff/classes/{school_code}/changes")
def changes(
    request: Request, asking: InAsking, school_code: str, grade: str, group: str
) -> Response:
    by = asking.may(Action.CHANGES_PRINT, school_code)
    today = local_day(by.at, CITY_ZONE)
    return staff_page(
        request, "changes.html", say=partial(say, language_of(request)), grade=grade, group=group,
        school=asking.runtime.models.schools.school(school_code),
        papers=papers(asking, by, places_in(asking, school_code, grade, group)),
        rules=asking.runtime.book.rulebooks.on(today).calendar, day=by.at,
    )  # fmt: skip


def papers(asking: Asking, by: Envelope, places: list[Place]) -> list[Paper]:
    """By the child's name; who has nothing to be told has no paper, and their name is not read."""
    children: dict[UUID, list[UUID]] = {}
    for place in places:
        children.setdefault(place.learner_id, []).append(place.child_id)
    changed = {learner: told_by(asking, by, learner) for learner in children}
    changed = {learner: found for learner, found in changed.items() if found}
    ids = {each for learner in changed for each in (learner, *children[learner])}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    made = [
        Paper(called(names, learner), tuple(called(names, c) for c in children[learner]), found)
        for learner, found in changed.items()
    ]
    return sorted(made, key=lambda paper: (paper.children, paper.name))


def told_by(asking: Asking, by: Envelope, learner_id: UUID) -> list[Told]:
    """What is this school's to tell: what another school answered or decided is not."""
    own = {None, by.actor.organisation}
    found = changes_of(asking.runtime, learner_id, by.at)
    return [told(each) for each in found if each.school_code in own]
