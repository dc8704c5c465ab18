"""What two persons look at before they attest: the room beside the records, and who may do it."""

from __future__ import annotations

from dataclasses import dataclass

from api.asking import Asking
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Role
from ledger.own_case import own_records
from projections.session_board import SessionOnBoard

ON_DUTY = (Role.HOST, Role.COORDINATOR)


@dataclass(frozen=True)
class Counted:
    """The head count beside what was recorded at that moment, and what is recorded now."""

    present: int
    recorded: int
    now: int
    explanation: str | None

    @property
    def difference(self) -> int:
        return self.present - self.recorded


@dataclass(frozen=True)
class Colleague:
    """Somebody on duty at the school, by the name they sign in with."""

    role: Role
    user_name: str


def counted(session: SessionOnBoard) -> Counted | None:
    if session.head_count is None or session.head_count_recorded is None:
        return None
    return Counted(
        present=session.head_count,
        recorded=session.head_count_recorded,
        now=session.checked_in,
        explanation=session.head_count_explanation,
    )


def took_part(asking: Asking, session: SessionOnBoard) -> bool:
    """Whether the asker was there as a parent, spoke or helped: then others attest."""
    assert asking.principal is not None
    book, session_id = asking.runtime.book, session.session_id
    own = own_records(book.ledger, asking.principal.person_id)
    came = {line.learner_id for line in asking.runtime.models.attendances.register_of(session_id)}
    served = {each.learner_id for each in book.services.of_session(session_id) if each.stands}
    return not (came | served).isdisjoint(own)


def colleagues(asking: Asking, session: SessionOnBoard) -> list[Colleague]:
    """Who else is on duty at the session's school today."""
    assert asking.principal is not None
    today = local_day(asking.runtime.now(), CITY_ZONE)
    grants = [
        grant
        for grant in asking.runtime.models.staff.staff_of(session.school_code)
        if grant.role in ON_DUTY
        and grant.begins <= today <= grant.ends
        and grant.staff_id != asking.principal.person_id
    ]
    names = asking.runtime.accounts.user_names({grant.staff_id for grant in grants})
    return [
        Colleague(grant.role, names[grant.staff_id]) for grant in grants if grant.staff_id in names
    ]
