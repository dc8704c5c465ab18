"""Which teacher a member of staff is: one person, one teacher, however often it is said."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated
from domain.envelope import Envelope
from domain.identity import derived


class TeacherOfStaff(LedgerAggregate):
    """Its id is made of the member of staff: two teachers cannot both be them."""

    TOPIC: ClassVar[str] = "teacher_of_staff"

    class Named(LedgerCreated):
        TOPIC = "teacher_of_staff.named"

        staff_id: UUID
        teacher_id: UUID

    @staticmethod
    def create_id(staff_id: UUID) -> UUID:
        return derived("teacher_of_staff", staff_id)

    @event(Named)
    def __init__(self, staff_id: UUID, teacher_id: UUID, envelope: Envelope) -> None:
        self.staff_id = staff_id
        self.teacher_id = teacher_id
