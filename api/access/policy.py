"""Who may do what, where: one table of data, everything else denied. It grants nothing itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from api.access.actions import Action
from api.access.reach import SENIORITY, Level, Reach
from api.access.rules import LEVELS, RULES
from domain.envelope import Role
from domain.refusals import Refused

CITY = "440100"
_REGION = re.compile(r"[0-9]{6}", re.ASCII)
_SCHOOL = re.compile(r"[0-9]{10}", re.ASCII)


class Forbidden(Refused):
    code = "forbidden"


class LoginRequired(Refused):
    code = "login_required"


class PrincipalKind(StrEnum):
    STAFF = "staff"
    DEVICE = "device"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school in its district, a district, or the city. Raises ValueError on a malformed code."""

    school: str | None = None
    district: str | None = None
    city: str = CITY

    def __post_init__(self) -> None:
        if self.school is not None and (
            self.district is None or not _SCHOOL.fullmatch(self.school)
        ):
            raise ValueError("a school has a code of ten digits and lies in a district")
        if self.district is not None and not _REGION.fullmatch(self.district):
            raise ValueError("a district has a code of six digits")
        if not _REGION.fullmatch(self.city):
            raise ValueError("a city has a code of six digits")

    @property
    def path(self) -> dict[Level, str]:
        """Give the codes it lies under, its own included."""
        codes = {Level.SCHOOL: self.school, Level.DISTRICT: self.district, Level.CITY: self.city}
        return {level: code for level, code in codes.items() if code is not None}

    @property
    def level(self) -> Level:
        return next(iter(self.path))

    @property
    def code(self) -> str:
        return self.path[self.level]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one organisation from `begins` up to, not including, `ends`."""

    role: Role
    organisation: str
    begins: datetime
    ends: datetime

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: a person of the staff with grants, a parent's device, or a machine by its key.

    `actions` is what a key's scopes name; None: whatever the grants allow.
    """

    kind: PrincipalKind
    person_id: UUID
    grants: tuple[Grant, ...] = ()
    learner_id: UUID | None = None
    confirmed: bool = False
    actions: frozenset[Action] | None = None


def allowed(
    principal: Principal, action: Action, organisation: Organisation | None, at: datetime
) -> Role | None:
    """Give the most senior role under which this may be done there and then, or None.

    `organisation` is None for a parent's own affairs, and for nothing else.
    """
    if principal.actions is not None and action not in principal.actions:
        return None
    rules = RULES.get(action, {})
    for role in SENIORITY:
        if role in rules and _fits(principal, role, rules[role], organisation, at):
            return role
    return None


def require(
    principal: Principal | None, action: Action, organisation: Organisation | None, at: datetime
) -> Role:
    """Give the role it acts under. Refuses LoginRequired (nobody asks), Forbidden."""
    if principal is None:
        raise LoginRequired
    role = allowed(principal, action, organisation, at)
    if role is None:
        raise Forbidden(action=action.value)
    return role


# A person is never a machine, whatever they were granted, nor the other way round.
_KIND_OF = {Role.MACHINE: PrincipalKind.MACHINE}


def _fits(
    principal: Principal, role: Role, reach: Reach, organisation: Organisation | None, at: datetime
) -> bool:
    if reach in {Reach.SELF, Reach.SELF_CONFIRMED}:
        return _is_own(principal, reach)
    if principal.kind is not _KIND_OF.get(role, PrincipalKind.STAFF) or organisation is None:
        return False
    return any(
        grant.role is role and grant.holds(at) and _covers(grant, reach, organisation)
        for grant in principal.grants
    )


def _is_own(principal: Principal, reach: Reach) -> bool:
    if principal.kind is not PrincipalKind.DEVICE or principal.learner_id is None:
        return False
    return principal.confirmed or reach is Reach.SELF


def _covers(grant: Grant, reach: Reach, organisation: Organisation) -> bool:
    # A role is worth something only at the levels it exists at: a coordinator "of the city" is not.
    path = organisation.path
    levels = {level for level in LEVELS[grant.role] if path.get(level) == grant.organisation}
    return organisation.level in levels if reach is Reach.OWN else bool(levels)
