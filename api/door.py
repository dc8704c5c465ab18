"""Devices at a school's door: enrolled by a code of the school, and good for scans and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import Depends, Request

from api.access.actions import Action
from api.access.cookies import CookieKind
from api.access.door_devices import DoorDevice, Tablet
from api.access.machine_keys import PREFIX, NewKey
from api.access.policy import Principal, PrincipalKind, require
from api.access.rate_limit import BY_MACHINE, DOOR_CODE_BY_ADDRESS, address_subject
from api.access.scopes import Scope
from api.asking import Asking, InRuntime, command_of
from api.bootstrap import Runtime
from api.machines import UnknownKey, make_key
from domain.envelope import Actor, Channel, Envelope

LONGEST_DAYS: Final = 366
REVOKED: Final = "revoked"


def invite(
    runtime: Runtime, school_code: str, label: str, days: int, by: Envelope
) -> tuple[UUID, str]:
    """Write a device down and give its code, which is shown once."""
    device_id = uuid4()
    ends = by.at + timedelta(days=days)
    code = runtime.door_devices.invite(device_id, school_code, label, by.actor.id, by.at, ends)
    return device_id, code


def redeemed(runtime: Runtime, code: str, tablet: Tablet, address: str) -> DoorDevice:
    """Which device a tablet becomes by a code, where who invited it still may.

    Raises TooManyTries, CodeMalformed, CodeUnknown, CodeUsed, CodeExpired, Forbidden.
    """
    at = runtime.now()
    limit = (DOOR_CODE_BY_ADDRESS, address_subject(address))
    with runtime.limits.counting_failures(limit, at=at):
        device = runtime.door_devices.redeem(code, at, tablet)
        inviter(runtime, device)
    return device


def enrol(runtime: Runtime, device: DoorDevice, tablet: Tablet) -> NewKey:
    """Make the key of a device in the name of who invited it; again, it is the same one.

    Raises Forbidden; KeyHasEnded where the device was ended meanwhile.
    """
    key = NewKey(device.device_id, tablet.secret_for(device.device_id))
    by = inviter(runtime, device)
    name, scopes = name_of(device.device_id), (Scope.SCANS_SEND,)
    return make_key(runtime, name, device.school_code, scopes, device.key_ends_at, by, key)


def name_of(device_id: UUID) -> str:
    """What the ledger calls a device."""
    return f"door-{device_id.hex[:12]}"


def inviter(runtime: Runtime, device: DoorDevice) -> Envelope:
    """Raises Forbidden where whoever invited it has no such right any more."""
    at, organisation = runtime.now(), runtime.organisation_of(device.school_code)
    grants = runtime.grants_of(device.invited_by)
    staff = Principal(PrincipalKind.STAFF, device.invited_by, grants)
    role = require(staff, Action.DOOR_DEVICE_MANAGE, organisation, at)
    actor = Actor(id=device.invited_by, role=role, organisation=device.school_code)
    return Envelope(command_id=uuid4(), actor=actor, channel=Channel.ONLINE, occurred_at=at)


def end_device(runtime: Runtime, school_code: str, device_id: UUID, by: Envelope) -> None:
    """End a device of this school at once, or its code. Raises UnknownKey.

    The ledger is told first, enrolled or not: an enrolment that is under way meets it there.
    """
    device = runtime.door_devices.of(device_id)
    if device is None or device.school_code != school_code:
        raise UnknownKey
    name = name_of(device_id)
    runtime.book.machines.withdraw_key(name, school_code, device_id, REVOKED, by)
    runtime.machine_keys.forget(device_id)
    runtime.door_devices.forget(device_id)


def asking_at_the_door(request: Request, runtime: InRuntime) -> Asking:
    """A page of the door looks at the device alone: staff may be signed in there as well."""
    text = runtime.cookies.read(request.cookies, CookieKind.DOOR) or ""
    at = runtime.now()
    principal = runtime.machine_keys.who(text, at) if text.startswith(PREFIX) else None
    if principal is not None:
        runtime.limits.spend(BY_MACHINE, str(principal.person_id), at)
    request.state.principal = None  # there is nobody who could sign out
    request.state.is_behind = False
    return Asking(runtime, principal, command_of(request, principal))


InDoor = Annotated[Asking, Depends(asking_at_the_door)]
