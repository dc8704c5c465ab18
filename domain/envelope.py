"""The envelope of every event: who did it, when, through which door, because of what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Role(StrEnum):
    """What somebody is while acting. Persons hold roles by grants, each for one organisation.

    A program or a device acts as `machine`, by one of its keys.
    """

    PARENT = "parent"
    HOST = "host"
    CLASS_TEACHER = "class_teacher"
    COORDINATOR = "coordinator"
    HEAD = "head"
    DISTRICT_OFFICER = "district_officer"
    CITY_ADMINISTRATOR = "city_administrator"
    AUDITOR = "auditor"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    OPERATOR = "operator"
    MACHINE = "machine"
    SYSTEM = "system"


class Channel(StrEnum):
    """The door a fact came through."""

    ROTATING_QR = "rotating_qr"
    TYPED_CODE = "typed_code"
    STAFF_SCAN = "staff_scan"
    STAFF_ENTRY = "staff_entry"
    PAPER_IMPORT = "paper_import"
    FILE_IMPORT = "file_import"
    ONLINE = "online"
    SYSTEM = "system"


class Actor(BaseModel):
    """Who acts: a person by id, in one role, for one organisation (school code, district, city)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    role: Role
    organisation: str = ""


class Envelope(BaseModel):
    """What every event carries. `recorded_at` is not here: the database adds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command_id: UUID
    actor: Actor
    channel: Channel
    occurred_at: AwareDatetime
    rulebook_version: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None

    def under(self, rulebook_version: str) -> Self:
        """Name the rulebook version by which the decision was made."""
        return self.model_copy(update={"rulebook_version": rulebook_version})

    @property
    def at(self) -> datetime:
        return self.occurred_at
