"""A school year that begins while the pilot is there: terms, classes a grade higher, rosters."""

from __future__ import annotations

from datetime import datetime

from api.demo import families
from api.demo.calendar import terms_of
from api.demo.loading import CLASSES, FAMILIES_IN_A_CLASS, PEOPLE_OF, Pilot, bring, operator_at
from api.files.template import Kind
from domain.calendar import CITY_ZONE, local_day, school_year_of


def begin_year(pilot: Pilot, at: datetime) -> None:
    """Once a year has begun it is no news; whoever was in the last grade of a school has left."""
    day, registry = local_day(at, CITY_ZONE), pilot.runtime.book.registry
    if pilot.runtime.models.schools.term_on(day) is not None:
        return
    year = school_year_of(day)
    for term in terms_of(year):
        registry.open_term(term, operator_at(at, term.code))
    for code in PEOPLE_OF:
        by = operator_at(at, "promotion", code, year)
        registry.promote_classes(code, year - 1, by)
        bring_roster(pilot, code, year, at)


def bring_roster(pilot: Pilot, code: str, school_year: int, at: datetime) -> None:
    rows = families.families(code, CLASSES[code], FAMILIES_IN_A_CLASS)
    classes = pilot.runtime.book.registry.school(code).classes_of(school_year)
    for grade in sorted({grade for grade, _ in classes}):
        bring(pilot, Kind.ROSTER, code, families.roster_file(rows, grade), at)
