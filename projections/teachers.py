"""Teachers: at which schools they serve and served, and who they are at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import LiteralString
from uuid import UUID

from domain.teacher import Teacher
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

DAY = timedelta(days=1)
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS teacher (
    teacher_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    staff_id uuid
);
CREATE INDEX IF NOT EXISTS teacher_staff ON teacher (staff_id);
CREATE TABLE IF NOT EXISTS teacher_service (
    teacher_id uuid,
    begins date,
    ends date,
    school_code text NOT NULL,
    PRIMARY KEY (teacher_id, begins)
);
CREATE INDEX IF NOT EXISTS teacher_service_school ON teacher_service (school_code);
"""
_TEACHER: LiteralString = """
SELECT teacher_id, school_code, staff_id FROM teacher
 WHERE teacher_id = %(teacher)s OR staff_id = %(staff)s
"""
# Whoever serves on a day at a school, or at any school of a district, or one teacher alone.
WHO: LiteralString = """
WITH who AS (
    SELECT DISTINCT teacher_id FROM teacher_service
     WHERE (teacher_id = %(teacher)s)
        OR (%(teacher)s::uuid IS NULL AND begins <= %(day)s AND (ends IS NULL OR ends >= %(day)s)
            AND (%(school)s::text IS NULL OR school_code = %(school)s)
            AND (%(district)s::text IS NULL OR school_code IN
                 (SELECT school_code FROM school WHERE district_code = %(district)s)))
)
"""
_SERVICES: LiteralString = (
    WHO  # nosec B608  # literals of this repository
    + """
SELECT teacher_id, begins, ends, school_code FROM teacher_service JOIN who USING (teacher_id)
 ORDER BY teacher_id, begins
"""
)


@dataclass(frozen=True, slots=True)
class TeacherRow:
    """A teacher, where they serve now, and who they are at work, where that is known."""

    teacher_id: UUID
    school_code: str
    staff_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    teacher_id: UUID
    begins: date
    ends: date | None
    school_code: str


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose cycle is asked for: those of a school or a district who serve on a day, or one's."""

    day: date
    school_code: str | None = None
    district_code: str | None = None
    teacher_id: UUID | None = None

    @property
    def values(self) -> dict[str, object]:
        return {
            "day": self.day,
            "school": self.school_code,
            "district": self.district_code,
            "teacher": self.teacher_id,
        }


TEACHER = Table("teacher", TeacherRow, key=("teacher_id",), stream="teacher_id")
SERVICE = Table("teacher_service", ServiceRow, key=("teacher_id", "begins"), stream="teacher_id")


class Teachers:
    name = "teachers"
    version = 2
    tables = ("teacher", "teacher_service")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Teacher.Registered.TOPIC,
            Teacher.LinkedToStaff.TOPIC,
            Teacher.UnlinkedFromStaff.TOPIC,
            Teacher.Moved.TOPIC,
            Teacher.Left.TOPIC,
            Teacher.ServiceCorrected.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        teachers, services = Fold(tx, TEACHER, facts), Fold(tx, SERVICE, facts)
        for fact in facts:
            key = fact.stream
            match fact.event:
                case Teacher.Registered(school_code=school, in_service_from=begins):
                    teachers.put(TeacherRow(key, school))
                    services.put(ServiceRow(key, begins, None, school))
                case Teacher.LinkedToStaff(staff_id=staff_id):
                    teachers.put(replace(teachers[key,], staff_id=staff_id))
                case Teacher.UnlinkedFromStaff():
                    teachers.put(replace(teachers[key,], staff_id=None))
                case Teacher.Moved(school_code=school, moved_on=on):
                    teachers.put(replace(teachers[key,], school_code=school))
                    end(services, key, on - DAY)
                    services.put(ServiceRow(key, on, None, school))
                case Teacher.Left(left_on=on):
                    end(services, key, on)
                case Teacher.ServiceCorrected() as event:
                    services.drop(key, event.begins_was)
                    days = event.begins, event.ends
                    services.put(ServiceRow(key, *days, event.school_code))
                case _:
                    pass
        teachers.save()
        services.save()

    def teacher(self, teacher_id: UUID) -> TeacherRow | None:
        return self._views.row(TeacherRow, _TEACHER, teacher=teacher_id, staff=None)

    def of_staff(self, staff_id: UUID) -> TeacherRow | None:
        """The same person as a teacher, where they are one."""
        return self._views.row(TeacherRow, _TEACHER, teacher=None, staff=staff_id)

    def services(self, whom: Whom) -> list[ServiceRow]:
        """All the times in service of those who are asked for, each in their order."""
        return self._views.rows(ServiceRow, _SERVICES, **whom.values)


def end(services: Fold[ServiceRow], teacher_id: UUID, on: date) -> None:
    """The present service ends, unless somebody left before they came back."""
    for row in services.of(teacher_id):
        if row.ends is None:
            services.put(replace(row, ends=on))
