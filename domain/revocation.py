"""A proposed revocation: by whom and why, and how it may end without a revoked certificate."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.identity import derived


class RevocationReason(StrEnum):
    ISSUED_IN_ERROR = "issued_in_error"
    HOURS_REVERSED = "hours_reversed"
    WRONG_PERSON = "wrong_person"
    FRAUD_CONFIRMED = "fraud_confirmed"


class DroppedHow(StrEnum):
    """Who took a proposed revocation off the table: the school, or the district."""

    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class ProposedRevocation(NamedTuple):
    """One proposal: the same reason proposed again, once it was dropped, is another one."""

    by: UUID
    reason_code: str
    command_id: UUID

    @property
    def id(self) -> UUID:
        """One command proposes one revocation, however often it is sent."""
        return derived("revocation", self.command_id)

    @property
    def needs_hearing(self) -> bool:
        """Whether it says of the holder that they cheated (rulebook: a chance to be heard)."""
        return self.reason_code == RevocationReason.FRAUD_CONFIRMED
