"""How far a right goes: the levels of organisations, and the reach of a role from its grant."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from domain.envelope import Role


class Level(StrEnum):
    SCHOOL = "school"
    DISTRICT = "district"
    CITY = "city"


class Reach(StrEnum):
    """How far a role's right goes from the organisation of its grant."""

    OWN = "own"  # the grant's organisation, exactly
    WITHIN = "within"  # it, and everything that lies in it
    SELF = "self"  # a parent's own affairs, from any device of theirs
    SELF_CONFIRMED = "self_confirmed"  # the same, from a device the school vouches for


# Most senior first: who holds several fitting roles acts under the first of them.
SENIORITY: Final = (
    Role.CITY_ADMINISTRATOR,
    Role.DISTRICT_OFFICER,
    Role.HEAD,
    Role.COORDINATOR,
    Role.CLASS_TEACHER,
    Role.HOST,
    Role.AUDITOR,
    Role.DATA_PROTECTION_OFFICER,
    Role.OPERATOR,
    Role.MACHINE,
    Role.PARENT,
)
