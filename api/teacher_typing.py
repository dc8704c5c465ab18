"""A teacher and a training as people type them, in the one spelling that files have as well."""

from __future__ import annotations

from datetime import date

from api.files.cells import WrongCell, person_name
from api.files.teacher_hours import staff_no as number_in
from api.files.tidying import tidy
from domain.refusals import Refused
from ledger.teacher_names import NamedTeacher
from ledger.teachers import TypedHours


class TeacherNameMalformed(Refused):
    """A teacher's name is letters or hanzi, two characters at least."""

    code = "teacher_name_malformed"


class StaffNumberMalformed(Refused):
    """A staff number is letters, digits, hyphens and strokes."""

    code = "teacher_number_malformed"


def teacher_typed(school_code: str, name: str, staff_no: str | None) -> NamedTeacher:
    """Raises TeacherNameMalformed, StaffNumberMalformed."""
    try:
        called = person_name(tidy(name))
    except WrongCell:
        raise TeacherNameMalformed from None
    try:
        return NamedTeacher(school_code, called, number_in(tidy(staff_no or "")))
    except WrongCell:
        raise StaffNumberMalformed from None


def training_typed(title: str, organiser: str, begins: date, ends: date, hours: int) -> TypedHours:
    return TypedHours(tidy(title), tidy(organiser), begins, ends, hours)
