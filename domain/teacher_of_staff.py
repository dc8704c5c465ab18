"""Which teacher a member of staff is: one person, one teacher, however often it is said."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.staff import LinkedOtherwise


class TeacherOfStaff(LedgerAggregate):
    """Its id is made of the member of staff: two teachers cannot both be them."""

    TOPIC: ClassVar[str] = "teacher_of_staff"

    class Named(LedgerCreated):
        TOPIC = "teacher_of_staff.named"

        staff_id: UUID
        teacher_id: UUID

    class Withdrawn(LedgerEvent):
        TOPIC = "teacher_of_staff.withdrawn"

        teacher_id: UUID

    class NamedAgain(LedgerEvent):
        TOPIC = "teacher_of_staff.named_again"

        teacher_id: UUID

    @staticmethod
    def create_id(staff_id: UUID) -> UUID:
        return derived("teacher_of_staff", staff_id)

    @event(Named)
    def __init__(self, staff_id: UUID, teacher_id: UUID, envelope: Envelope) -> None:
        self.staff_id = staff_id
        self.teacher_id: UUID | None = teacher_id

    def name_again(self, teacher_id: UUID, envelope: Envelope) -> None:
        """Name a teacher after a wrong one was taken back. Raises LinkedOtherwise."""
        if self.teacher_id not in {None, teacher_id}:
            raise LinkedOtherwise
        if self.teacher_id is None:
            self._named_again(teacher_id=teacher_id, envelope=envelope)

    def withdraw(self, teacher_id: UUID, envelope: Envelope) -> None:
        """Take back that they are that teacher; of another one it is no news."""
        if self.teacher_id == teacher_id:
            self._withdrawn(teacher_id=teacher_id, envelope=envelope)

    @event(NamedAgain)
    def _named_again(self, teacher_id: UUID, envelope: Envelope) -> None:
        self.teacher_id = teacher_id

    @event(Withdrawn)
    def _withdrawn(self, teacher_id: UUID, envelope: Envelope) -> None:
        self.teacher_id = None
