"""The schools that somebody looks after from above: those of their districts, or of the city."""

from __future__ import annotations

from api.access.actions import Action
from api.access.policy import CITY, Organisation
from api.asking import Asking
from api.reaching import may_in
from projections.schools import School


def schools_above(asking: Asking) -> list[School]:
    districts, schools = asking.regions, asking.runtime.models.schools
    found = schools.schools() if CITY in districts else []
    found = found or [school for code in districts for school in schools.schools(code)]
    return [each for each in found if may_in(asking, Action.SESSION_READ, organisation_of(each))]


def organisation_of(school: School) -> Organisation:
    return Organisation(school=school.school_code, district=school.district_code)
