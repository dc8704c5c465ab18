"""Commands of a course: register it with what is planned first, revise it, retire it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.course import Course, UnknownCourse
from domain.envelope import Envelope
from ledger.ledger import Ledger


class Courses:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def get(self, course_id: UUID) -> Course:
        """Raises UnknownCourse."""
        return self._ledger.get(Course, course_id, UnknownCourse)

    def taught(self, school_code: str, title: str, family: str, by: Envelope) -> Course:
        """The course that something new is planned for, found or made. Raises CourseRetired."""
        course = self._ledger.find(Course, Course.create_id(school_code, title)) or Course(
            school_code=school_code, title=title, family=family, envelope=by
        )
        course.must_be_taught()
        return course

    def revise(self, course_id: UUID, family: str, by: Envelope) -> int:
        """Raises UnknownCourse, CourseRetired."""
        return self._change(course_id, by, lambda course: course.revise(family, by))

    def retire(self, course_id: UUID, by: Envelope) -> int:
        """Raises UnknownCourse."""
        return self._change(course_id, by, lambda course: course.retire(by))

    def _change(self, course_id: UUID, by: Envelope, change: Callable[[Course], None]) -> int:
        def decide() -> list[LedgerAggregate]:
            course = self.get(course_id)
            change(course)
            return [course]

        return self._ledger.commit(by.command_id, decide)
