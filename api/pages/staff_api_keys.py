"""The keys of programs, for the city: whose each is, what for, when it was used; ended at once.

A key is made on the server's command line: its secret is shown there once, and on no page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import Organisation
from api.access.record_codes import staff_code
from api.asking import InAsking
from api.bootstrap import Runtime
from api.machines import UnknownKey, end_key
from api.pages.organisations import organisation_names
from api.pages.staff_words import staff_page
from domain.envelope import Role

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class KeyRow:
    """A key that is live: no secret."""

    key_id: UUID
    name: str
    organisation: str
    scopes: tuple[str, ...]
    made_by: str  # a code of staff; empty where it was the command line
    made_at: datetime
    ends: datetime
    last_used_at: datetime | None


@router.get("/staff/api-keys")
def keys(request: Request, asking: InAsking) -> Response:
    asking.may_in(Action.API_KEY_MANAGE, Organisation())
    rows = list(rows_of(asking.runtime))
    names = organisation_names(asking.runtime, {row.organisation for row in rows})
    return staff_page(request, "api_keys.html", keys=rows, names=names)


@router.post("/staff/api-keys/{key_id}/ending")
def end(asking: InAsking, key_id: UUID) -> Response:
    by = asking.may_in(Action.API_KEY_MANAGE, Organisation())
    if asking.runtime.door_devices.of(key_id) is not None:
        raise UnknownKey  # its school's page ends a device, with its code
    end_key(asking.runtime, key_id, by)
    return RedirectResponse("/staff/api-keys", status_code=303)


def rows_of(runtime: Runtime) -> Iterator[KeyRow]:
    """The live keys of programs, the newest first; devices at a door are their schools'."""
    at, kept_keys = runtime.now(), runtime.machine_keys.of_programs()
    found = {
        each: runtime.book.machines.machine(each) for each in {k.machine_id for k in kept_keys}
    }
    for kept in kept_keys:
        machine = found[kept.machine_id]
        key = machine.live(at).get(kept.key_id)
        if key is not None:
            by = key.made_by
            yield KeyRow(
                kept.key_id,
                machine.name,
                machine.organisation,
                key.scopes,
                "" if by.role is Role.OPERATOR else staff_code(by.id),
                kept.made_at,
                key.ends,
                kept.last_used_at,
            )
