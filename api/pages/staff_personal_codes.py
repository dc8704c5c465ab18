"""Slips with personal codes, for those who come without a phone: the same code each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.pages.staff_class_list import called, children_called, ids_of, one_each
from api.pages.staff_classes import places_in
from api.pages.staff_words import staff_page
from api.qr_path import QrPath, qr_path
from domain.envelope import Envelope
from domain.learner import UnknownLearner
from projections.roster import Place

router = APIRouter(include_in_schema=False)

PURPOSE = "personal_code_slips"


@dataclass(frozen=True)
class PersonalSlip:
    """What is cut out and handed over."""

    learner_id: UUID
    name: str
    child_name: str
    relation_code: str
    qr: QrPath


@router.get("/staff/classes/{school_code}/personal-codes")
def personal_codes(
    request: Request,
    asking: InAsking,
    school_code: str,
    grade: str,
    group: str,
    learner: UUID | None = None,
) -> Response:
    """The slips of a class, or of one of its learners."""
    by = asking.may(Action.PERSONAL_CODE_PRINT, school_code)
    places = places_in(asking, school_code, grade, group)
    return staff_page(
        request,
        "personal_codes.html",
        school=asking.runtime.models.schools.school(school_code),
        grade=grade,
        group=group,
        learner=learner,
        slips=slips_of(asking, by, [p for p in places if learner in {None, p.learner_id}]),
    )


@router.post("/staff/classes/{school_code}/personal-codes/renewals")
def renew(
    asking: InAsking,
    school_code: str,
    grade: Annotated[str, Form()],
    group: Annotated[str, Form()],
    learner: Annotated[UUID, Form()],
) -> Response:
    """A slip was lost: the old code is void, a new one is printed."""
    by = asking.may(Action.PERSONAL_CODE_PRINT, school_code)
    if learner not in {p.learner_id for p in places_in(asking, school_code, grade, group)}:
        raise UnknownLearner(id=learner)
    asking.runtime.book.personal_codes.replace(learner, by)
    wanted = urlencode({"grade": grade, "group": group, "learner": learner})
    return RedirectResponse(f"/staff/classes/{school_code}/personal-codes?{wanted}", 303)


def slips_of(asking: Asking, by: Envelope, places: list[Place]) -> list[PersonalSlip]:
    names = asking.runtime.book.vault.show(ids_of(places), to=by.actor, purpose=PURPOSE, at=by.at)
    codes = asking.runtime.personal_codes.of({place.learner_id for place in places})
    made = [
        PersonalSlip(
            learner_id=own[0].learner_id,
            name=called(names, own[0].learner_id),
            child_name=children_called(names, own),
            relation_code=own[0].relation_code,
            qr=qr_path(codes[own[0].learner_id]),
        )
        for own in one_each(places)
    ]
    return sorted(made, key=lambda slip: (slip.child_name, slip.name))
