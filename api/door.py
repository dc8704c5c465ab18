"""Devices at a school's door: enrolled by a code of the school, and good for scans and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import Depends, Request

from api.access.actions import Action
from api.access.cookies import CookieKind
from api.access.door_devices import DoorDevice
from api.access.machine_keys import PREFIX, NewKey, new_key
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


def enrol(runtime: Runtime, code: str, address: str) -> NewKey:
    """Make the key of a device for its code, in the name of who invited it, if they still may.

    Raises TooManyTries, CodeMalformed, CodeUnknown, CodeUsed, CodeExpired, Forbidden.
    """
    at = runtime.now()
    limit = (DOOR_CODE_BY_ADDRESS, address_subject(address))
    with runtime.limits.counting_failures(limit, at=at):
        device = runtime.door_devices.redeem(code, at)
        by = inviter(runtime, device)
    key = NewKey(device.device_id, new_key().secret)
    name = f"door-{device.device_id.hex[:12]}"
    return make_key(
        runtime, name, device.school_code, (Scope.SCANS_SEND,), device.key_ends_at, by, key
    )


def inviter(runtime: Runtime, device: DoorDevice) -> Envelope:
    """Raises Forbidden where whoever invited it has no such right any more."""
    at, organisation = runtime.now(), runtime.organisation_of(device.school_code)
    grants = runtime.grants_of(device.invited_by)
    staff = Principal(PrincipalKind.STAFF, device.invited_by, grants)
    role = require(staff, Action.DOOR_DEVICE_MANAGE, organisation, at)
    actor = Actor(id=device.invited_by, role=role, organisation=device.school_code)
    return Envelope(command_id=uuid4(), actor=actor, channel=Channel.ONLINE, occurred_at=at)


def end_device(runtime: Runtime, school_code: str, device_id: UUID, by: Envelope) -> None:
    """End a device of this school at once, or its code. Raises UnknownKey."""
    device = runtime.door_devices.of(device_id)
    if device is None or device.school_code != school_code:
        raise UnknownKey
    kept = runtime.machine_keys.of(device_id)
    if kept is not None:
        runtime.book.machines.end_key(kept.machine_id, device_id, REVOKED, by)
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
