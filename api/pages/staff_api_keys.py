"""The keys of programs, for the city: whose each is, what for, when it was used; ended at once.

A key is made on the server's command line: its secret is shown there once, and on no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.actions import Action
from api.access.machine_keys import KeptKey
from api.access.policy import Organisation
from api.access.record_codes import staff_code
from api.asking import InAsking
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.machines import UnknownKey, end_key, end_key_of
from api.pages.organisations import organisation_names
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from domain.envelope import Role
from domain.machine import Key, Machine
from domain.refusals import Refused
from ledger.machines import UnknownMachine

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class KeyRow:
    """A key that is live: no secret. One whose secret was lost opens nothing, and still counts."""

    key_id: UUID
    machine_id: UUID
    name: str
    organisation: str
    scopes: tuple[str, ...]
    made_by: str  # a code of staff; empty where it was the command line
    made_at: datetime
    ends: datetime
    last_used_at: datetime | None
    is_lost: bool


class Program(BaseModel):
    """A program by its name, as the ledger knows it where nothing else is left of its keys."""

    name: str = ""
    organisation: str = ""


@router.get("/staff/api-keys")
def keys(request: Request, asking: InAsking, asked: Annotated[Program, Query()]) -> Response:
    """The live keys of the programs that are known here, and of the one that is asked about."""
    asking.may_in(Action.API_KEY_MANAGE, Organisation())
    refusal: Refused | None = None
    try:
        rows = rows_of(asking.runtime, asked)
    except UnknownMachine as unknown:  # a slip in the name: what was typed stays
        rows, refusal = rows_of(asking.runtime, Program()), unknown
    return staff_page(
        request,
        "api_keys.html",
        status_of(refusal.code) if refusal else 200,
        keys=rows,
        names=organisation_names(asking.runtime, {row.organisation for row in rows}),
        asked=asked,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


@router.post("/staff/api-keys/{key_id}/ending")
def end(
    asking: InAsking, key_id: UUID, machine_id: Annotated[UUID | None, Form()] = None
) -> Response:
    """End a key; one whose secret was lost is known by its machine."""
    by = asking.may_in(Action.API_KEY_MANAGE, Organisation())
    if asking.runtime.door_devices.of(key_id) is not None:
        raise UnknownKey  # its school's page ends a device, with its code
    if machine_id is None:
        end_key(asking.runtime, key_id, by)
    else:
        end_key_of(asking.runtime, machine_id, key_id, by)
    return RedirectResponse("/staff/api-keys", status_code=303)


def rows_of(runtime: Runtime, asked: Program) -> list[KeyRow]:
    """The newest first; devices at a door are their schools'. Raises UnknownMachine."""
    kept = {each.key_id: each for each in runtime.machine_keys.of_programs()}
    machine_ids = {each.machine_id for each in kept.values()}
    if asked.name:
        machine_ids.add(Machine.create_id(asked.name, asked.organisation))
    rows = [
        row_of(machine, key_id, key, kept.get(key_id))
        for machine in map(runtime.book.machines.machine, machine_ids)
        for key_id, key in machine.live(runtime.now()).items()
        if key_id in kept or runtime.door_devices.of(key_id) is None
    ]
    return sorted(rows, key=lambda row: (row.made_at, row.key_id), reverse=True)


def row_of(machine: Machine, key_id: UUID, key: Key, kept: KeptKey | None) -> KeyRow:
    return KeyRow(
        key_id,
        machine.id,
        machine.name,
        machine.organisation,
        key.scopes,
        "" if key.made_by.role is Role.OPERATOR else staff_code(key.made_by.id),
        key.begins,
        key.ends,
        kept.last_used_at if kept else None,
        is_lost=kept is None,
    )
