"""A parent's phone asks for a link to a child: what it says is read, kept, and never looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from api.access.tickets import device_hash
from api.bootstrap import Runtime
from api.files import cells
from domain.enrolment import ClassPlace
from domain.grades import grade_named
from domain.identity import derived
from domain.refusals import Refused
from domain.relation import RELATIONS
from ledger.link_requests import LinkRequest
from projections.schools import SchoolClass
from projections.sight import everything_in_sight

LEARNERS = frozenset(relation.code for relation in RELATIONS if relation.may_be_learner)


class PhoneMalformed(Refused):
    """A mobile phone has eleven digits and begins with 1."""

    code = "phone_malformed"


class ClassNotChosen(Refused):
    """The class of the child is one of the school's."""

    code = "class_not_chosen"


class ChildNameMalformed(Refused):
    """A child is named as on the roster: two characters at least, letters or hanzi."""

    code = "child_name_malformed"


class NameMalformed(Refused):
    """An own name may be left out; what is written is a name."""

    code = "name_malformed"


@dataclass(frozen=True)
class Typed:
    """The form as it came, to be shown again as it was typed."""

    school: str = ""
    class_name: str = ""
    phone: str = field(repr=False, default="")
    child_name: str = field(repr=False, default="")
    name: str = field(repr=False, default="")
    relation: str = ""
    whose: str = ""
    form_id: str = ""


def link_id_of(phone_number: str, form_id: str, place: ClassPlace, *said: str) -> UUID:
    """The one link of a form on a phone, however often it is sent; other words are another link.

    Of the number that the phone alone holds: nobody can guess the words from the id.
    """
    where = (place.school_code, place.school_year, place.grade, place.class_group)
    return derived("link requested", phone_number, form_id, *where, *said)


def class_text(each: SchoolClass) -> str:
    return f"{each.grade}{each.class_group}"


def read(
    typed: Typed, classes: list[SchoolClass], phone_number: str
) -> LinkRequest | dict[str, Refused]:
    """What was asked for, or what is wrong, by field."""
    place = next(places_called(typed.class_name, classes), None)
    faults: dict[str, Refused] = {} if place else {"class_name": ClassNotChosen()}
    phone = taken(typed.phone, cells.phone)
    child_name = taken(typed.child_name, cells.person_name)
    name = taken(typed.name, cells.person_name) if typed.name.strip() else ""
    if child_name is None:
        faults["child_name"] = ChildNameMalformed()
    if phone is None:
        faults["phone"] = PhoneMalformed()
    if name is None:
        faults["name"] = NameMalformed()
    if place is None or child_name is None or phone is None or name is None:
        return faults
    relation = typed.relation if typed.relation in LEARNERS else ""
    said = (phone, child_name, name, relation)
    return LinkRequest(
        link_id=link_id_of(phone_number, typed.form_id, place, *said, typed.whose),
        place=place,
        device_hash=device_hash(phone_number).hex(),
        phone=phone,
        child_name=child_name,
        name=name,
        relation_code=relation,
    )


def taken(text: str, reading: Callable[[str], str | None]) -> str | None:
    """A value as it is kept, or None for one that cannot be taken."""
    try:
        return reading(text.strip())
    except cells.WrongCell:
        return None


def places_called(text: str, classes: list[SchoolClass]) -> Iterator[ClassPlace]:
    for each in classes:
        if class_text(each) == text:
            yield ClassPlace(
                school_code=each.school_code,
                stage=grade_named(each.grade).stage,
                grade=each.grade,
                class_group=each.class_group,
                school_year=each.school_year,
            )


@everything_in_sight()
def classes_of(runtime: Runtime, school_code: str, school_year: int) -> list[SchoolClass]:
    """The classes that a parent may name: those the school opened, or has on its roster."""
    known = runtime.models.roster.classes(school_code, school_year)
    return [SchoolClass(school_code, school_year, c.grade, c.class_group) for c in known]
