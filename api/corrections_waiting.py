"""Which corrections wait for somebody: those of their schools, and those that they may sign."""

from __future__ import annotations

from collections.abc import Iterable

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import Asking
from api.correcting import RIGHTS
from api.reaching import may_in, may_too
from api.schools_above import organisation_of, schools_above
from domain.correction import Second
from projections.correction_board import Awaited, Sign

OWN = (Action.ATTENDANCE_CORRECT, Action.ATTENDANCE_CORRECT_SECOND)
# Every right is asked for once a school: a city has many.
SIGNED_BY: dict[Action, list[tuple[str, Second]]] = {}
for _kind, _rights in RIGHTS.items():
    for _second in (Second.COLLEAGUE, Second.DISTRICT):
        SIGNED_BY.setdefault(_rights.second(_second), []).append((_kind, _second))


def awaited(asking: Asking) -> Awaited:
    """All of the schools whose corrections are the asker's work; from above, what they may sign.

    Raises LoginRequired.
    """
    by = asking.staff_id
    own = [code for code in asking.schools if any(may_too(asking, each, code) for each in OWN)]
    return Awaited(by, own, signs(asking, map(organisation_of, schools_above(asking))))


def to_sign(asking: Asking, organisations: Iterable[Organisation]) -> Awaited:
    """What waits there for the asker's signature."""
    return Awaited(asking.staff_id, (), signs(asking, organisations))


def signs(asking: Asking, organisations: Iterable[Organisation]) -> list[Sign]:
    return [
        Sign(organisation.code, kind, second)
        for organisation in organisations
        for action, signed in SIGNED_BY.items()
        if may_in(asking, action, organisation)
        for kind, second in signed
    ]
