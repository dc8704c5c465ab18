"""The pilot's teachers: the template as a file, and the class teacher who sees their own hours."""

from __future__ import annotations

from datetime import date

from api.demo.accusing import accuse_teacher
from api.demo.loading import Pilot, bring
from api.demo.staff import PRIMARY
from api.files.template import Kind, template_file
from ledger.teacher_names import NamedTeacher
from ledger.teachers import NewTeacher, TypedHours

TEMPLATE_UNTIL = date(2026, 10, 17)  # the last day that its example rows name


def train(pilot: Pilot) -> None:
    if pilot.calendar.past(5) > TEMPLATE_UNTIL:
        content = template_file(Kind.TEACHER_HOURS)
        at = pilot.calendar.moment(5, 9)
        bring(pilot, Kind.TEACHER_HOURS, PRIMARY, content, at)
    class_teacher(pilot)


def class_teacher(pilot: Pilot) -> None:
    """Registered, linked to their login; of three days of training one is called untrue."""
    teachers, at = pilot.runtime.book.teachers, pilot.calendar.moment(4, 9)
    coordinator, teacher = pilot.logins["coordinator"], pilot.logins["teacher"]
    named = NamedTeacher(PRIMARY, "例班主任", "T-003")
    new = NewTeacher(named, date(2019, 9, 1))
    teacher_id = teachers.register(new, coordinator.acting(at, "teacher"))
    teachers.link(teacher_id, teacher.staff_id, coordinator.acting(at, "link"))
    year = pilot.calendar.last_year
    for title, begins, ends, hours in (
        ("家庭教育指导研修（示例）", year(4, 11), year(4, 12), 1000),
        ("家校沟通案例研讨（示例）", year(5, 16), year(5, 16), 750),
    ):
        typed = TypedHours(title, "示例教师发展中心", begins, ends, hours)
        award_id = teachers.award(teacher_id, typed, coordinator.acting(at, title))
    accuse_teacher(pilot, teacher_id, award_id)
