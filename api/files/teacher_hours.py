"""Training hours of teachers (教师家庭教育指导学时登记表): one training of one teacher a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from api.files import cells
from api.files.cells import WrongCell
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, read_table
from api.files.template import Kind

NOT_SAID: Final = (date.min, date.min)


@dataclass(frozen=True, slots=True)
class TeacherHoursRow:
    """One teacher and one training. Hours are hundredths; `details` are words for the vault."""

    row: int
    name: str
    staff_no: str | None
    in_service_from: date | None
    cycle: str
    title: str
    organiser: str
    begins: date
    ends: date
    hours: int
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TeacherHoursFile:
    """What a sheet of training hours holds: each data row is a row or is rejected."""

    rows: tuple[TeacherHoursRow, ...]
    rejections: tuple[Rejection, ...]
    sha256: str
    total: int
    table: Table


def read_teacher_hours(
    source: Source, school_code: str, *, limits: Limits = DEFAULT_LIMITS
) -> TeacherHoursFile:
    """The hours of one school. Raises UnreadableFile where the file as a whole cannot be read."""
    table = read_table(source, Kind.TEACHER_HOURS, limits)
    reading = partial(_row, school_code=school_code)
    rows, rejections = sift(table, reading, _identity, "教师姓名")
    return TeacherHoursFile(rows, rejections, table.sha256, table.total, table)


def _identity(row: TeacherHoursRow) -> Hashable:
    return row.name, row.staff_no, row.title, row.organiser, row.begins, row.ends


def _row(fields: Fields, school_code: str) -> TeacherHoursRow:
    if fields.read("学校标识码", cells.school_code, None) not in {None, school_code}:
        fields.reject("学校标识码", "school_code_foreign")
    begins, ends = fields.read("起止日期", days, NOT_SAID)
    return TeacherHoursRow(
        row=fields.row,
        name=fields.read("教师姓名", cells.person_name, ""),
        staff_no=fields.read("工号", staff_no, None),
        in_service_from=fields.read("入职日期", day_if_any, None),
        cycle=fields.read("周期", cycle, ""),
        title=fields.read("培训项目", cells.text, ""),
        organiser=fields.read("举办单位", cells.text, ""),
        begins=begins,
        ends=ends,
        hours=fields.read("学时", hours, 0),
        details=_details(fields),
    )


def _details(fields: Fields) -> dict[str, str]:
    found = {
        "mode": fields.read("方式", cells.note, ""),
        "document": fields.read("证明材料编号", cells.note, ""),
        "recognised_by": fields.read("认定人", cells.note, ""),
        "note": fields.read("备注", partial(cells.note, longest=200), ""),
    }
    return {name: words for name, words in found.items() if words}


_STAFF_NO: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_-]{0,29}")


def staff_no(cell: str) -> str | None:
    """The teacher's number inside the school, if there is one."""
    number = unicodedata.normalize("NFKC", cell).replace(" ", "")
    if number and not _STAFF_NO.fullmatch(number):
        raise WrongCell("staff_no_unreadable")
    return number.upper() or None


def day_if_any(cell: str) -> date | None:
    return cells.day(cell) if cell else None


_DAY: Final = r"[0-9]{4}(?:年|[-/.])[0-9]{1,2}(?:月|[-/.])[0-9]{1,2}日?"
_DAYS: Final = re.compile(rf"({_DAY})(?: ?(?:至|到|~|[-—–]{{1,2}}) ?({_DAY}))?", re.ASCII)


def days(cell: str) -> tuple[date, date]:
    """A day, or the first and the last one: 2026-03-07至2026-03-08."""
    found = _DAYS.fullmatch(unicodedata.normalize("NFKC", cells.text(cell)))
    if not found:
        raise WrongCell("period_unreadable")
    begins, ends = cells.day(found[1]), cells.day(found[2] or found[1])
    if ends < begins:
        raise WrongCell("period_backwards")
    return begins, ends


_CYCLE: Final = re.compile(r"(20[0-9]{2})年?(?:[-—–~至]+)(20[0-9]{2})年?(?:周期)?", re.ASCII)


def cycle(cell: str) -> str:
    """The cycle, if the row names one: 2024-2026."""
    if not cell:
        return ""
    found = _CYCLE.fullmatch(unicodedata.normalize("NFKC", cell).replace(" ", ""))
    if not found:
        raise WrongCell("cycle_unreadable")
    return f"{found[1]}-{found[2]}"


def hours(cell: str) -> int:
    """Hours above zero with two decimals at most, in hundredths: 12, 1.5, 8学时."""
    found = cells.hundredths(cell, "学时", wrong="training_hours_unreadable")
    if not found:
        raise WrongCell("training_hours_unreadable")
    return found
