"""Where a session stands, from being planned to being counted, or not."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    OPENED = "opened"
    CLOSED = "closed"
    ATTESTED = "attested"
    VOIDED = "voided"

    @property
    def is_off(self) -> bool:
        """Whether it is not held, or does not count."""
        return self in {Standing.CANCELLED, Standing.VOIDED}
