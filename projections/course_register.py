"""The course register: what a school teaches, in which version, and what it teaches no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import LiteralString
from uuid import UUID

from domain.course import Course
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS course (
    course_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    title text NOT NULL,
    family text NOT NULL,
    number bigint NOT NULL,
    is_retired boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS course_school ON course (school_code);
"""
_OF_SCHOOL: LiteralString = """
SELECT * FROM course WHERE school_code = %(school)s ORDER BY is_retired, title
"""
_COURSE: LiteralString = "SELECT * FROM course WHERE course_id = %(course)s"


@dataclass(frozen=True, slots=True)
class CourseRow:
    course_id: UUID
    school_code: str
    title: str
    family: str
    number: int = 1
    is_retired: bool = False


COURSE = Table("course", CourseRow, key=("course_id",), stream="course_id")


class CourseRegister:
    name = "course_register"
    version = 1
    tables = ("course",)
    ddl: LiteralString = TABLES
    topics = frozenset({Course.Registered.TOPIC, Course.Revised.TOPIC, Course.Retired.TOPIC})

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        courses = Fold(tx, COURSE, facts)
        for fact in facts:
            me = fact.stream
            match fact.event:
                case Course.Registered(school_code=code, title=title, family=family):
                    courses.put(CourseRow(me, code, title, family))
                case Course.Revised(number=number, family=family):
                    courses.put(replace(courses[me,], number=number, family=family))
                case Course.Retired():
                    courses.put(replace(courses[me,], is_retired=True))
                case _:
                    pass
        courses.save()

    def courses_of(self, school_code: str) -> list[CourseRow]:
        """A school's courses, those that are taught first."""
        return self._views.rows(CourseRow, _OF_SCHOOL, school=school_code)

    def course(self, course_id: UUID) -> CourseRow | None:
        return self._views.row(CourseRow, _COURSE, course=course_id)
