"""A teacher behind the doors, with hours, a correction that waits, and somebody to link."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from api.bootstrap import Runtime
from domain.envelope import Role
from domain.teacher_correction import Change, TeacherCorrection
from ledger.teacher_names import NamedTeacher
from ledger.teachers import NewTeacher, TypedHours
from tests.acting import DISTRICT, ENDS, SCHOOL, envelope

USER = "teacher"


def teacher_things(runtime: Runtime) -> dict[str, str]:
    """What the addresses name. None of the visitors proposed the correction or is the teacher."""
    book, by = runtime.book, envelope(ENDS + timedelta(days=1))
    new = NewTeacher(NamedTeacher(SCHOOL, "（示例）李老师"), date(2015, 9, 1))
    teacher_id = book.teachers.register(new, by)
    day = date(2026, 5, 9)
    typed = TypedHours("示例研修", "示例学院", day, day, 200)
    award_id = book.teachers.award(teacher_id, typed, by)
    correction = TeacherCorrection(
        id=uuid4(), teacher_id=teacher_id, school_code=SCHOOL,
        change=Change(cycle="2024-2026", training=typed.training), envelope=by,
    )  # fmt: skip
    book.ledger.commit(by.command_id, lambda: [correction])
    staff_id = uuid4()
    book.registry.register_staff(staff_id, envelope())
    until = date(2027, 8, 31)
    book.registry.authorise(staff_id, Role.HOST, SCHOOL, date(2026, 8, 1), until, envelope())
    runtime.accounts.open_account(staff_id, USER, "correct-horse-battery", by.at)
    runtime.projector.catch_up()
    return {
        "teacher_id": str(teacher_id),
        "award_id": str(award_id),
        "change_id": str(correction.id),
        "teacher_user": USER,
        "district_code": DISTRICT,
    }
