"""How far a right goes: the levels of organisations, and the reach of a role from its grant."""

from __future__ import annotations

from enum import StrEnum


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
