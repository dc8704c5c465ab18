"""A course of the parent school: what is taught, its family (GZ-7), its versions, and its end."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class UnknownCourse(Refused):
    """No course with that id is registered."""

    code = "course_unknown"


class CourseRetired(Refused):
    """The course is not taught any more: nothing new is planned for it."""

    code = "course_retired"


class Course(LedgerAggregate):
    TOPIC: ClassVar[str] = "course"

    class Registered(LedgerCreated):
        TOPIC = "course.registered"

        school_code: str
        title: str
        family: str

    class Revised(LedgerEvent):
        TOPIC = "course.revised"

        school_code: str
        number: int
        family: str

    class Retired(LedgerEvent):
        TOPIC = "course.retired"

        school_code: str

    @staticmethod
    def create_id(school_code: str, title: str) -> UUID:
        return derived("course", school_code, title)

    @event(Registered)
    def __init__(self, school_code: str, title: str, family: str, envelope: Envelope) -> None:
        self.school_code = school_code
        self.title = title
        self.family = family
        self.number = 1
        self.revised_by: UUID | None = None
        self.is_retired = False

    def revise(self, family: str, envelope: Envelope) -> None:
        """Teach a new version from now on; sessions keep the one they were announced with.

        The same command again is no news. Raises CourseRetired.
        """
        if envelope.command_id == self.revised_by:
            return
        self.must_be_taught()
        self._revised(
            school_code=self.school_code, number=self.number + 1, family=family, envelope=envelope
        )

    def retire(self, envelope: Envelope) -> None:
        """Teach it no more; what was announced is still held. Again is no news."""
        if not self.is_retired:
            self._retired(school_code=self.school_code, envelope=envelope)

    def must_be_taught(self) -> None:
        """Asked before anything new is planned. Raises CourseRetired."""
        if self.is_retired:
            raise CourseRetired(title=self.title)

    @event(Revised)
    def _revised(self, school_code: str, number: int, family: str, envelope: Envelope) -> None:
        self.number = number
        self.family = family
        self.revised_by = envelope.command_id

    @event(Retired)
    def _retired(self, school_code: str, envelope: Envelope) -> None:
        self.is_retired = True
