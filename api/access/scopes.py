"""What a machine's key may be for: scopes by name, and the actions that each of them names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.access.actions import Action
from domain.refusals import Refused


class UnknownScope(Refused):
    """A scope is one of the names in the table, and a key has at least one."""

    code = "machine_scope_unknown"


class Scope(StrEnum):
    """No scope attests, approves, corrects or certifies: that is what persons are for."""

    SESSIONS_READ = "sessions:read"
    SESSIONS_SCHEDULE = "sessions:schedule"
    ATTENDANCES_READ = "attendances:read"
    ROSTERS_IMPORT = "rosters:import"
    PLANS_IMPORT = "plans:import"
    COMPLIANCE_READ = "compliance:read"
    RULES_READ = "rules:read"
    SCANS_SEND = "scans:send"


ACTIONS: Final[Mapping[Scope, frozenset[Action]]] = MappingProxyType(
    {
        Scope.SESSIONS_READ: frozenset({Action.SESSION_READ}),
        Scope.SESSIONS_SCHEDULE: frozenset({Action.SESSION_SCHEDULE}),
        Scope.ATTENDANCES_READ: frozenset({Action.ATTENDANCE_READ}),
        Scope.ROSTERS_IMPORT: frozenset({Action.ROSTER_IMPORT}),
        Scope.PLANS_IMPORT: frozenset({Action.PLAN_IMPORT}),
        Scope.COMPLIANCE_READ: frozenset(
            {Action.COMPLIANCE_READ, Action.COMPLIANCE_OVERVIEW, Action.TEACHER_COVERAGE_READ}
        ),
        Scope.RULES_READ: frozenset({Action.RULEBOOK_READ}),
        Scope.SCANS_SEND: frozenset({Action.SCAN_SEND}),
    }
)


def scopes_named(names: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes of these names, each once, in the order of the table. Raises UnknownScope."""
    wanted = set(names)
    if not wanted or not wanted <= set(Scope):
        raise UnknownScope(known=list(Scope))
    return tuple(scope for scope in Scope if scope in wanted)


def actions_of(names: Iterable[str]) -> frozenset[Action]:
    """What the scopes of a key name; a scope that no version knows any more names nothing."""
    known = [Scope(name) for name in names if name in set(Scope)]
    return frozenset[Action]().union(*(ACTIONS[scope] for scope in known))
