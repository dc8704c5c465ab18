"""Classes and their families, and the slips with which a family enrols its own phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.enrolment_codes import LIFE
from api.asking import Asking, InAsking
from api.pages.staff_class_list import called, children_called, ids_of, one_each
from api.pages.staff_people import AT_THE_COUNTER
from api.pages.staff_words import staff_page
from api.qr_path import QrPath, qr_path
from api.reaching import may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope, Role
from domain.erasure import PersonErased
from domain.masking import mask_name
from ledger.erased import erased_among
from ledger.records import records_of
from projections.roster import Place

router = APIRouter(include_in_schema=False)

PURPOSE, SLIP_PURPOSE = "class_families", "enrolment_slips"


@dataclass(frozen=True)
class Adult:
    """One learner of a family, as the class's page shows them."""

    learner_id: UUID
    name: str
    relation_code: str
    is_guardian: bool


@dataclass(frozen=True)
class Family:
    """A child of the class and the adults who learn for them."""

    child_id: UUID
    child_name: str
    adults: list[Adult]


@dataclass(frozen=True)
class Slip:
    """What is printed and handed over; the code is nowhere else in the clear."""

    name: str
    child_name: str
    code: str
    link: str
    qr: QrPath


@router.get("/staff/classes/{school_code}")
def classes(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.LEARNER_READ, school_code)
    models = asking.runtime.models
    year = year_of(asking)
    return staff_page(
        request,
        "classes.html",
        school=models.schools.school(school_code),
        school_year=year,
        classes=models.roster.classes_with_counts(school_code, year),
        may_find=any(may_too(asking, each, school_code) for each in AT_THE_COUNTER),
        may_merge=may_too(asking, Action.MERGE_PROPOSE, school_code),
        may_part=may_too(asking, Action.CUSTODY_PROPOSE, school_code),
        may_move=may_too(asking, Action.TRANSFER_RELEASE, school_code),
    )


@router.get("/staff/classes/{school_code}/families")
def families(
    request: Request, asking: InAsking, school_code: str, grade: str, group: str
) -> Response:
    by = asking.may(Action.LEARNER_READ, school_code)
    return staff_page(
        request,
        "families.html",
        school=asking.runtime.models.schools.school(school_code),
        grade=grade,
        group=group,
        families=families_of(asking, by, places_in(asking, school_code, grade, group)),
        may_issue=may_too(asking, Action.ENROLMENT_CODE_ISSUE, school_code),
        may_print=may_too(asking, Action.PERSONAL_CODE_PRINT, school_code),
        may_tell=may_too(asking, Action.CHANGES_PRINT, school_code),
        may_part=may_too(asking, Action.CUSTODY_PROPOSE, school_code),
        may_release=may_too(asking, Action.TRANSFER_RELEASE, school_code),
    )


@router.post("/staff/classes/{school_code}/slips")
def slips(
    request: Request,
    asking: InAsking,
    school_code: str,
    grade: Annotated[str, Form()],
    group: Annotated[str, Form()],
    learner: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """Make new codes for a class, or for some of it; a person's older codes end.

    The answer is the sheet itself: the codes are kept nowhere, there is no page to go back to.
    Refuses PersonErased for somebody who was erased; a whole class is printed without them.
    """
    by = asking.may(Action.ENROLMENT_CODE_ISSUE, school_code)
    places = places_in(asking, school_code, grade, group)
    erased = erased_among(asking.runtime.book.ledger, {p.learner_id for p in places})
    if erased.intersection(learner or ()):
        raise PersonErased
    asked = (p for p in places if learner is None or p.learner_id in learner)
    wanted = [place for place in asked if place.learner_id not in erased]
    return staff_page(
        request,
        "slips.html",
        school=asking.runtime.models.schools.school(school_code),
        grade=grade,
        group=group,
        slips=slips_for(asking, by, wanted),
        ends_at=by.at + LIFE,
    )


def year_of(asking: Asking) -> int:
    return school_year_of(local_day(asking.runtime.now(), CITY_ZONE))


def places_in(asking: Asking, school_code: str, grade: str, group: str) -> list[Place]:
    return asking.runtime.models.roster.class_list(school_code, year_of(asking), grade, group)


def families_of(asking: Asking, by: Envelope, places: Iterable[Place]) -> list[Family]:
    """The families of a class by the child's name; an auditor sees masks."""
    found = list(places)
    ids = ids_of(found)
    subjects = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    hide = by.actor.role is Role.AUDITOR
    names = {key: called(subjects, key) for key in ids}
    names = {key: mask_name(name) if hide else name for key, name in names.items()}
    adults: dict[UUID, list[Adult]] = {}
    for place in found:
        adults.setdefault(place.child_id, []).append(
            Adult(place.learner_id, names[place.learner_id], place.relation_code, place.is_guardian)
        )
    families = [Family(child, names[child], group) for child, group in adults.items()]
    return sorted(families, key=lambda family: family.child_name)


def slips_for(asking: Asking, by: Envelope, places: list[Place]) -> list[Slip]:
    runtime = asking.runtime
    subjects = runtime.book.vault.show(ids_of(places), to=by.actor, purpose=SLIP_PURPOSE, at=by.at)
    made: list[Slip] = []
    for own in one_each(places):
        learner_id = own[0].learner_id
        for record in records_of(runtime.book.ledger, learner_id):
            runtime.enrolment_codes.withdraw(record)
        code = runtime.enrolment_codes.issue(learner_id, by.at)
        link = f"{runtime.settings.public_url}/enrol/{code}"
        name, child = called(subjects, learner_id), children_called(subjects, own)
        made.append(Slip(name, child, code, link, qr_path(link)))
    return sorted(made, key=lambda slip: (slip.child_name, slip.name))
