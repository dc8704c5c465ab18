"""Who a link may be by the roster of its class, and the one doubt that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ledger.roster import ONE_PER_CHILD


class Doubt(StrEnum):
    """What does not fit, the gravest first: a line shows one."""

    CHILD_NOT_IN_CLASS = "child_not_in_class"
    CHILD_TWICE_IN_CLASS = "child_twice_in_class"
    PHONE_OF_ANOTHER_FAMILY = "phone_of_another_family"
    RELATION_TAKEN = "relation_taken"
    ALREADY_ON_A_PHONE = "already_on_a_phone"
    PHONE_DIFFERS = "phone_differs"
    NAME_DIFFERS = "name_differs"
    NAME_MISSING = "name_missing"
    ASKED_TWICE = "asked_twice"
    SAME_DEVICE = "same_device"
    NOT_ON_ROSTER = "not_on_roster"


# Class, child and a phone number are known to many: these are answered one by one, by hand.
BY_HAND = frozenset({Doubt.ALREADY_ON_A_PHONE, Doubt.NAME_DIFFERS, Doubt.NAME_MISSING})


@dataclass(frozen=True)
class Adult:
    """An adult of a child, as the roster has them."""

    learner_id: UUID
    relation_code: str
    name: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True)
class Family:
    """A child of the class that was named, and its adults."""

    child_id: UUID
    child_name: str = field(repr=False)
    adults: tuple[Adult, ...]


@dataclass(frozen=True)
class Said:
    """What the phone said of itself."""

    phone: str = field(repr=False)
    child_name: str = field(repr=False)
    name: str = field(repr=False)
    relation_code: str


@dataclass(frozen=True)
class Fit:
    """Who it seems to be: a child and perhaps an adult, and what is left to doubt."""

    child_id: UUID | None = None
    adult: Adult | None = None
    doubt: Doubt | None = None


def fit_of(
    said: Said, families: Sequence[Family], is_elsewhere: bool, repeated: Doubt | None
) -> Fit:
    """Lay what was said over the class. `is_elsewhere`: the phone is that of another family."""
    named = [family for family in families if family.child_name == said.child_name]
    if len(named) != 1:
        return Fit(doubt=Doubt.CHILD_TWICE_IN_CLASS if named else Doubt.CHILD_NOT_IN_CLASS)
    [family] = named
    adult = adult_of(said, family)
    if adult is None:
        return Fit(family.child_id, None, doubt_of_new(said, family, repeated, is_elsewhere))
    return Fit(family.child_id, adult, doubt_of_known(said, adult) or repeated)


def adult_of(said: Said, family: Family) -> Adult | None:
    """By phone and name, by phone alone where one has it, else by name."""
    by_phone = [a for a in family.adults if a.phone and a.phone == said.phone]
    both = [a for a in by_phone if a.name == said.name]
    by_name = [a for a in family.adults if said.name and a.name == said.name]
    for found in (both, by_phone, by_name):
        if len(found) == 1:
            return found[0]
    return None


def doubt_of_known(said: Said, adult: Adult) -> Doubt | None:
    if adult.phone != said.phone:
        return Doubt.PHONE_DIFFERS
    if not said.name:
        return Doubt.NAME_MISSING
    return Doubt.NAME_DIFFERS if said.name != adult.name else None


def doubt_of_new(said: Said, family: Family, repeated: Doubt | None, is_elsewhere: bool) -> Doubt:
    if is_elsewhere:
        return Doubt.PHONE_OF_ANOTHER_FAMILY
    taken = {adult.relation_code for adult in family.adults} & ONE_PER_CHILD.keys()
    if said.relation_code in taken:
        return Doubt.RELATION_TAKEN
    if not said.name or not said.relation_code:
        return Doubt.NAME_MISSING
    return repeated or Doubt.NOT_ON_ROSTER
