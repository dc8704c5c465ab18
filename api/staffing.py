"""Who comes and who leaves: the person in the vault, grants in the ledger, the login beside."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from api.access.passwords import are_same, checked
from api.access.rate_limit import login_tries
from api.access.rules import LEVELS
from api.access.staff_accounts import normal_user_name
from api.bootstrap import Runtime
from api.machines import placed
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope, Role
from domain.refusals import Refused
from domain.staff import Staff
from ledger.ledger import OutcomeUnknown
from ledger.registry import UnknownStaff

LEFT, ENDED = "left", "ended"
KIND = "staff"  # in the vault
NAMES: Final = "staff names"  # one at a time: who is registered, and whose name is dropped
NAME_IS_KEPT: Final = timedelta(days=1)  # local default: time to give the command again


class NotHeld(Refused):
    """The person has no such role at that organisation."""

    code = "role_not_held"


class RoleNotThere(Refused):
    """The role means nothing at an organisation of that level (`level`)."""

    code = "role_not_at_level"


class UserNameOfAnother(Refused):
    """Somebody of another full name had it (`staff_id`): who is the same person is named by it."""

    code = "user_name_of_another"


class NoPassword(Refused):
    """The person signs in without a password: by the single sign-on alone."""

    code = "no_password"


class PasswordsDiffer(Refused):
    """The new password was typed twice, and not the same both times."""

    code = "passwords_differ"


class PasswordSame(Refused):
    """The new password is the old one."""

    code = "password_same"


@dataclass(frozen=True)
class NewPassword:
    """What somebody types to change their own password."""

    old: str = field(repr=False)
    new: str = field(repr=False)
    repeated: str = field(repr=False)


@dataclass(frozen=True)
class Newcomer:
    """A person who starts to work with the ledger, or who comes back."""

    user: str
    full_name: str
    roles: tuple[Role, ...]
    organisation: str
    until: date
    learner_id: UUID | None = None  # where the same person is a parent
    staff_id: UUID | None = None  # where they worked here before, under whatever user name


def open_staff(runtime: Runtime, new: Newcomer, password: str, by: Envelope) -> tuple[UUID, str]:
    """Return the person's id and the secret for their code app, which is shown once.

    Whoever had the user name under the same full name is the same person. A new name comes before
    the facts, the account last: a command that broke off can be given again. Raises what passwords
    and user names refuse, UnknownDistrict, UnknownSchool, RoleNotThere, UnknownStaff,
    UserNameOfAnother, LinkedOtherwise, GrantIsOver, GrantRunsLonger.
    """
    checked(password, normal_user_name(new.user))
    for role in new.roles:
        must_mean_something(runtime, role, new.organisation)
    if new.staff_id is not None:
        runtime.book.registry.staff(new.staff_id)
    staff_id = runtime.accounts.reserve(new.user, by.at, new.staff_id)
    with runtime.book.vault.alone(NAMES):
        _take_on(runtime, staff_id, new, by)
    return staff_id, runtime.accounts.open_account(staff_id, new.user, password, by.at)


def _take_on(runtime: Runtime, staff_id: UUID, new: Newcomer, by: Envelope) -> None:
    """The name, and then the facts; where they are refused, no name is left behind."""
    known = name_of(runtime, staff_id)
    if known is not None and new.staff_id is None and known != new.full_name:
        raise UserNameOfAnother(staff_id=staff_id)
    if known is None:
        runtime.book.vault.put(staff_id, KIND, {"name": new.full_name})
    today = local_day(by.at, CITY_ZONE)
    try:
        runtime.book.registry.take_on(
            staff_id, new.roles, new.organisation, today, new.until, again(by), new.learner_id
        )
    except Refused as refusal:
        if known is None and not isinstance(refusal, OutcomeUnknown):
            runtime.book.vault.drop(KIND, [staff_id])
        raise
    runtime.book.vault.put(staff_id, KIND, {"name": new.full_name})


def forget_who_never_came(runtime: Runtime, at: datetime) -> None:
    """Drop names whose registration broke off before its first fact; given again, it brings them.

    One that goes on just now is waited for.
    """
    vault, kept = runtime.book.vault, runtime.accounts.never_opened(at - NAME_IS_KEPT)
    if vault.open(kept):
        with vault.alone(NAMES):
            recorded = runtime.book.ledger.load(kept)
            vault.drop(KIND, [each for each in kept if each not in recorded])


def name_of(runtime: Runtime, staff_id: UUID) -> str | None:
    """The name of somebody recorded; not one that was left behind before there was a fact."""
    is_recorded = runtime.book.ledger.find(Staff, staff_id) is not None
    held = runtime.book.vault.open([staff_id]).get(staff_id)
    return held.name if held and is_recorded else None


def grant(
    runtime: Runtime, user: str, role: Role, organisation: str, until: date, by: Envelope
) -> None:
    """Grant one more role from today, or one that is held until a later day.

    Raises UnknownAccount, UnknownDistrict, UnknownSchool, RoleNotThere, GrantIsOver,
    GrantRunsLonger.
    """
    must_mean_something(runtime, role, organisation)
    staff_id, today = runtime.accounts.owner_of(user), local_day(by.at, CITY_ZONE)
    runtime.book.registry.authorise(staff_id, role, organisation, today, until, by)


def reset(runtime: Runtime, user: str, password: str, by: Envelope) -> str:
    """Give a new password and return a new secret for the code app; every login ends.

    It is recorded first: nobody is given another's login without a trace. Raises UnknownAccount,
    and what passwords refuse.
    """
    staff_id = runtime.accounts.owner_of(user)
    checked(password, normal_user_name(user))
    runtime.book.registry.reset_login(staff_id, by)
    secret = runtime.accounts.reset(staff_id, password)
    runtime.logins.revoke_all(staff_id)
    return secret


def change_password(
    runtime: Runtime, staff_id: UUID, typed: NewPassword, address: str, login_id: UUID | None
) -> None:
    """Change somebody's own password; of all their logins only `login_id` goes on.

    A wrong old one counts as a wrong password at the login does, and nothing else counts. Raises
    NoPassword, PasswordsDiffer, PasswordSame, PasswordWrong, TooManyTries, and what passwords
    refuse.
    """
    user = user_name_of(runtime, staff_id)
    if user is None:
        raise NoPassword
    if typed.new != typed.repeated:
        raise PasswordsDiffer
    checked(typed.new, user)
    if are_same(typed.new, typed.old):
        raise PasswordSame
    with runtime.limits.counting_failures(*login_tries(address, user), at=runtime.now()):
        runtime.accounts.change_password(staff_id, typed.old, typed.new)
    runtime.logins.revoke_all(staff_id, but=login_id)


def user_name_of(runtime: Runtime, staff_id: UUID) -> str | None:
    """The name of an account with a password; None for whoever has none."""
    return runtime.accounts.user_names([staff_id]).get(staff_id)


def end_staff(runtime: Runtime, user: str, by: Envelope) -> None:
    """End every grant today, close the account and revoke its logins. Raises UnknownAccount.

    The account goes after the grants: a command that broke off can be given again.
    """
    staff_id = runtime.accounts.owner_of(user)
    today = local_day(by.at, CITY_ZONE)
    # Releases before opened the account first: one that broke off there is nobody's.
    with suppress(UnknownStaff):
        runtime.book.registry.end_every_authority(staff_id, today, LEFT, by)
    runtime.logins.revoke_all(staff_id)
    runtime.accounts.close_account(staff_id, by.at)
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


def must_mean_something(runtime: Runtime, role: Role, organisation: str) -> None:
    """Raises UnknownDistrict, UnknownSchool, RoleNotThere."""
    level = placed(runtime, organisation).level
    if level not in LEVELS[role] or role is Role.MACHINE:
        raise RoleNotThere(level=level)


def again(by: Envelope) -> Envelope:
    """The same person doing the next thing: a command of its own."""
    return by.model_copy(update={"command_id": uuid4(), "causation_id": by.command_id})
