"""Keys of machines: made and ended by somebody, recognised in a request, and nowhere on a page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from starlette.requests import Request

from api.access.machine_keys import KeptKey, NewKey, new_key
from api.access.policy import CITY, Organisation, Principal
from api.access.rate_limit import BY_MACHINE, MACHINE_KEY_BY_ADDRESS, address_subject
from api.access.scopes import Scope
from api.bootstrap import Runtime
from domain.districts import DISTRICTS, UnknownDistrict
from domain.envelope import Envelope
from domain.refusals import Refused

REVOKED: Final = "revoked"
API: Final = "/api/v1/"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
_REGION: Final = re.compile(r"[0-9]{6}", re.ASCII)  # of a district or the city


class MachineNameMalformed(Refused):
    """Not 3 to 40 of: small ASCII letters, digits, dot, hyphen, underscore."""

    code = "machine_name_malformed"


class UnknownKey(Refused):
    """No key of that id, or it has ended."""

    code = "machine_key_unknown"


class KeyRefused(Refused):
    """Not a key, or one that was ended or whose time is over: one answer for all."""

    code = "machine_key_refused"


def make_key(
    runtime: Runtime,
    name: str,
    organisation: str,
    scopes: tuple[Scope, ...],
    ends: datetime,
    by: Envelope,
    key: NewKey | None = None,
) -> NewKey:
    """Make a key, whose text is shown once. A machine of that name has another one, or begins.

    The secret is kept after the ledger took the key: a crash between the two leaves a key that
    opens nothing.

    Raises MachineNameMalformed, KeyHasEnded, KeyTooLong, TooManyKeys, UnknownDistrict,
    UnknownSchool.
    """
    if not _NAME.fullmatch(name):
        raise MachineNameMalformed
    placed(runtime, organisation)
    key = key or new_key()
    names = tuple(scope.value for scope in scopes)
    machine_id = runtime.book.machines.make_key(name, organisation, key.key_id, names, ends, by)
    runtime.machine_keys.keep(key, machine_id, ends, by.at)
    return key


def end_key(runtime: Runtime, key_id: UUID, by: Envelope) -> None:
    """End a key at once; a command that broke off can be given again. Raises UnknownKey."""
    kept = kept_key(runtime, key_id)
    runtime.book.machines.end_key(kept.machine_id, key_id, REVOKED, by)
    runtime.machine_keys.forget(key_id)


def end_key_of(runtime: Runtime, machine_id: UUID, key_id: UUID, by: Envelope) -> None:
    """The same of a key whose secret may be lost: the ledger still counts it as live.

    Raises UnknownMachine, and UnknownKey where the machine has no such key or it has ended.
    """
    if key_id not in runtime.book.machines.machine(machine_id).keys:
        raise UnknownKey
    runtime.book.machines.end_key(machine_id, key_id, REVOKED, by)
    runtime.machine_keys.forget(key_id)


def kept_key(runtime: Runtime, key_id: UUID) -> KeptKey:
    """Raises UnknownKey."""
    kept = runtime.machine_keys.of(key_id)
    if kept is None:
        raise UnknownKey
    return kept


def placed(runtime: Runtime, organisation: str) -> Organisation:
    """The organisation of a code: the city, one of its districts, or a school that is registered.

    Releases before took any six digits: where a school was registered so, its district stands.
    Raises UnknownDistrict, and UnknownSchool, also of what is no code.
    """
    if not _REGION.fullmatch(organisation):
        return runtime.organisation_of(organisation)
    if organisation == CITY:
        return Organisation()
    if organisation not in DISTRICTS and not runtime.models.schools.schools(organisation):
        raise UnknownDistrict
    return Organisation(district=organisation)


def bearer_of(request: Request) -> str | None:
    """The text after `Bearer`, on the interface for programs; None where nothing is presented."""
    if not request.url.path.startswith(API):
        return None
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None


def machine_of(request: Request, runtime: Runtime, text: str) -> Principal:
    """Who presents a key. Raises KeyRefused, TooManyTries. Asked once in a request."""
    known: Principal | None = getattr(request.state, "machine", None)
    if known is not None:
        return known
    at = runtime.now()
    found = runtime.machine_keys.who(text, at)
    if found is None:  # the good ones behind an address do not pay for the others
        address = request.client.host if request.client else ""
        runtime.limits.spend(MACHINE_KEY_BY_ADDRESS, address_subject(address), at)
        raise KeyRefused
    runtime.limits.spend(BY_MACHINE, str(found.person_id), at)
    request.state.machine = found
    return found
