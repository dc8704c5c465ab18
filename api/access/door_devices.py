"""Devices at a school's door: invited by somebody, enrolled with a code that one device uses."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from api.access.codes import CodeExpired
from api.access.enrolment_codes import EnrolmentCodes
from api.access.web_tables import WebTables

INVITATION_LASTS: Final = timedelta(hours=1)
_PURPOSE: Final = b"door-code/1"
_KEY_PURPOSE: Final = b"door-key/1|"
_NUMBER: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tablet:
    """What a device holds before it asks: a random number, kept by it alone.

    Its key is made of that number, so an answer that got lost is given again, and we keep neither.
    """

    number: str

    @classmethod
    def of(cls, kept: str | None) -> Tablet:
        """The one whose number a cookie brought; a new one where it brought none."""
        is_ours = kept is not None and _NUMBER.fullmatch(kept)
        return cls(kept if kept and is_ours else secrets.token_urlsafe(32))

    @property
    def digest(self) -> bytes:
        return sha256(self.number.encode()).digest()

    def secret_for(self, device_id: UUID) -> str:
        """The secret of its key as that device: 43 characters, always the same."""
        made = hmac.digest(self.number.encode(), _KEY_PURPOSE + device_id.bytes, "sha256")
        return urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class DoorDevice:
    """A device as its school sees it; `made_at` is None while its code was not used."""

    device_id: UUID
    school_code: str
    label: str
    invited_by: UUID
    invited_at: datetime
    key_ends_at: datetime
    made_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class DoorDevices:
    """Codes are of the make of enrolment codes, under a key of their own: none fits both."""

    tables: WebTables
    key: bytes

    def invite(  # a row's columns
        self,
        device_id: UUID,
        school_code: str,
        label: str,
        by: UUID,
        at: datetime,
        key_ends: datetime,
    ) -> str:
        """Write a device down and give the code that one enrols with, within an hour."""
        values = {
            "device": device_id,
            "school": school_code,
            "label": label,
            "by": by,
            "at": at,
            "ends": key_ends,
        }
        self.tables.change(_INVITE, values)
        return self._codes.issue(device_id, at)

    def redeem(self, code: str, at: datetime, tablet: Tablet) -> DoorDevice:
        """Use a code up; the same tablet may again while the code lasts.

        Refuses CodeMalformed, CodeUnknown, CodeUsed, CodeExpired.
        """
        device = self.of(self._codes.redeem(code, at, tablet.digest, INVITATION_LASTS))
        if device is None or at >= device.invited_at + INVITATION_LASTS:
            raise CodeExpired
        return device

    def of(self, device_id: UUID) -> DoorDevice | None:
        row = self.tables.row(_OF, {"device": device_id})
        return DoorDevice(*row) if row else None

    def of_school(self, school_code: str) -> list[DoorDevice]:
        """The newest first."""
        return [DoorDevice(*row) for row in self.tables.rows(_OF_SCHOOL, {"school": school_code})]

    def forget(self, device_id: UUID) -> None:
        """It is no longer there, nor is a code for it."""
        self._codes.withdraw(device_id)
        self.tables.change(_FORGET, {"device": device_id})

    @property
    def _codes(self) -> EnrolmentCodes:
        return EnrolmentCodes(self.tables, hmac.digest(self.key, _PURPOSE, "sha256"))


_INVITE = """
insert into {web}.door_device (device_id, school_code, label, invited_by, invited_at, key_ends_at)
values (%(device)s, %(school)s, %(label)s, %(by)s, %(at)s, %(ends)s)
"""
_OF = """
select d.device_id, school_code, d.label, invited_by, invited_at, key_ends_at, made_at,
       last_used_at
from {web}.door_device d left join {web}.machine_key k on k.key_id = d.device_id
where d.device_id = %(device)s
"""
_OF_SCHOOL = """
select d.device_id, school_code, d.label, invited_by, invited_at, key_ends_at, made_at,
       last_used_at
from {web}.door_device d left join {web}.machine_key k on k.key_id = d.device_id
where school_code = %(school)s order by invited_at desc, d.device_id
"""
_FORGET = "delete from {web}.door_device where device_id = %(device)s"
