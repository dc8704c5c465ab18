"""Transfer codes: what the old school or a parent hands over, and the new school claims with."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from api.access.enrolment_codes import EnrolmentCodes
from api.access.web_tables import WebTables

_PURPOSE: Final = b"transfer-code/1"


@dataclass(frozen=True, slots=True)
class TransferCodes:
    """Codes of the same make as those of enrolment, under a key of their own: none fits both."""

    tables: WebTables
    key: bytes

    def issue(self, transfer_id: UUID, at: datetime) -> str:
        """Make a code, shown once; a second one leaves the first as it is."""
        return self._codes.issue(transfer_id, at)

    def redeem(self, text: str, school_code: str, at: datetime) -> UUID:
        """Return which transfer it is of; the same school may ask again for some minutes.

        Refuses CodeMalformed, CodeUnknown, CodeUsed, CodeExpired.
        """
        return self._codes.redeem(text, at, hashlib.sha256(school_code.encode()).digest())

    @property
    def _codes(self) -> EnrolmentCodes:
        return EnrolmentCodes(self.tables, hmac.digest(self.key, _PURPOSE, "sha256"))
