"""Facts of a teacher's cycle: how it ended, and what it adds up to after a correction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.aggregate import LedgerEvent


class CycleClosed(LedgerEvent):
    TOPIC = "teacher.cycle_closed"

    cycle: str
    school_code: str
    hours: int
    required: int
    met: bool

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.closed.add(self.cycle)


class CycleAddendumFiled(LedgerEvent):
    """The awards are what changed; this tells what they add up to now."""

    TOPIC = "teacher.cycle_addendum_filed"

    cycle: str
    hours: int
    met: bool
    correction_id: UUID
