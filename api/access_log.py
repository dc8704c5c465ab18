"""Who looked at whom, as those may read it who answer for it: within the reach of their grants."""

from __future__ import annotations

from api.access.actions import Action
from api.access.policy import CITY, Forbidden, LoginRequired, Organisation
from api.asking import Asking
from api.compliance import region
from api.reaching import may_in


def organisations_seen(asking: Asking) -> list[str] | None:
    """The organisations whose looks the asker may read; None is all of them.

    Raises Forbidden, LoginRequired.
    """
    if asking.principal is None:
        raise LoginRequired
    found = organisations_of(asking)
    if not found:
        raise Forbidden(action=Action.ACCESS_LOG_READ.value)
    if CITY in found:
        return None
    schools = [each for code in found for each in asking.runtime.models.schools.schools(code)]
    return [*found, *(school.school_code for school in schools)]


def may_read_looks(asking: Asking) -> bool:
    return bool(organisations_of(asking))


def organisations_of(asking: Asking, action: Action = Action.ACCESS_LOG_READ) -> list[str]:
    """The organisations of the grants under which this may be done now."""
    now = asking.runtime.now()
    grants = asking.principal.grants if asking.principal else ()
    codes = sorted({each.organisation for each in grants if each.holds(now)})
    return [code for code in codes if may_in(asking, action, organisation(asking, code))]


def organisation(asking: Asking, code: str) -> Organisation:
    """A school, a district or the city by its code."""
    is_region = len(code) == len(CITY)
    return region(code) if is_region else asking.runtime.organisation_of(code)
