"""Who comes and who leaves: the person in the vault, grants in the ledger, the login beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from api.bootstrap import Runtime
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope, Role
from domain.refusals import Refused

LEFT, ENDED = "left", "ended"


class NotHeld(Refused):
    """The person has no such role at that organisation."""

    code = "role_not_held"


@dataclass(frozen=True)
class Newcomer:
    """A person who starts to work with the ledger."""

    user: str
    full_name: str
    roles: tuple[Role, ...]
    organisation: str
    until: date
    learner_id: UUID | None = None  # where the same person is a parent


def open_staff(runtime: Runtime, new: Newcomer, password: str, by: Envelope) -> tuple[UUID, str]:
    """Return the person's id and the secret for their code app, which is shown once.

    Raises what passwords and user names refuse; the account comes first, since it can refuse.
    """
    staff_id = uuid4()
    secret = runtime.accounts.open_account(staff_id, new.user, password, by.at)
    runtime.book.vault.put(staff_id, "staff", {"name": new.full_name})
    registry = runtime.book.registry
    registry.register_staff(staff_id, again(by), new.learner_id)
    begins = local_day(by.at, CITY_ZONE)
    for role in new.roles:
        registry.authorise(staff_id, role, new.organisation, begins, new.until, again(by))
    return staff_id, secret


def end_staff(runtime: Runtime, user: str, by: Envelope) -> None:
    """End every grant today, close the account and revoke its logins. Raises UnknownAccount.

    The account goes after the grants: a command that broke off can be given again.
    """
    staff_id = runtime.accounts.owner_of(user)
    today = local_day(by.at, CITY_ZONE)
    runtime.book.registry.end_every_authority(staff_id, today, LEFT, by)
    runtime.logins.revoke_all(staff_id)
    runtime.accounts.close_account(staff_id)
    runtime.logins.revoke_all(staff_id)  # and what was begun between the two


def end_role(runtime: Runtime, user: str, role: Role, organisation: str, by: Envelope) -> None:
    """End one grant today, and every login: who has others signs in again. Raises UnknownAccount.

    Raises NotHeld where they have no such role there.
    """
    staff_id = runtime.accounts.owner_of(user)
    registry = runtime.book.registry
    if (role, organisation) not in registry.staff(staff_id).grants:
        raise NotHeld
    today = local_day(by.at, CITY_ZONE)
    registry.end_authority(staff_id, role, organisation, today, ENDED, by)
    runtime.logins.revoke_all(staff_id)


def again(by: Envelope) -> Envelope:
    """The same person doing the next thing: a command of its own."""
    return by.model_copy(update={"command_id": uuid4(), "causation_id": by.command_id})
