"""Facts of a teacher: times in service, and how a cycle ended, also after a correction."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.teacher_service import DAY, Service


class Moved(LedgerEvent):
    TOPIC = "teacher.moved"

    school_code: str
    moved_on: date

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.services.end(self.moved_on - DAY)
        aggregate.services.append(Service(self.school_code, self.moved_on))


class Left(LedgerEvent):
    TOPIC = "teacher.left"

    left_on: date

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.services.end(self.left_on)


class ServiceCorrected(LedgerEvent):
    """A time in service was recorded with wrong days (`…_was`)."""

    TOPIC = "teacher.service_corrected"

    school_code: str
    begins_was: date
    begins: date
    ends_was: date | None = None
    ends: date | None = None

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        place = aggregate.services.begun_on(self.begins_was)
        aggregate.services[place] = Service(self.school_code, self.begins, self.ends)


class UnlinkedFromStaff(LedgerEvent):
    TOPIC = "teacher.unlinked_from_staff"

    staff_id: UUID

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.staff_id = None


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
