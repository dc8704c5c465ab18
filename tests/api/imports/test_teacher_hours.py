"""Files of training hours through the import: preview, part taken, failed rows, once more."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from api.bootstrap import Runtime
from api.files.table import read_table
from api.files.template import Kind
from api.teacher_typing import teacher_typed, training_typed
from ledger.teacher_names import NamedTeacher
from ledger.teachers import NewTeacher
from tests.acting import SCHOOL, envelope
from tests.api.imports.conftest import Bring
from tests.api.imports.given import COORDINATOR, recorded, sheet

KIND = Kind.TEACHER_HOURS
UNKNOWN = {"教师姓名": "（示例）王老师", "工号": "", "入职日期": ""}


def outcomes(bring: Bring, *changes: dict[str, str], dry_run: bool = False) -> list[str]:
    report = bring(KIND, sheet(KIND, *changes), dry_run=dry_run).report
    return [row.code or row.outcome.value for row in report.rows]


def li(runtime: Runtime) -> UUID:
    number = NamedTeacher(SCHOOL, "", "T-001").number
    return runtime.book.vault.identify("teacher_number", [number])[number]


def test_a_file_registers_and_awards_once(bring: Bring, runtime: Runtime) -> None:
    assert outcomes(bring, dry_run=True) == ["new"]
    assert outcomes(bring) == ["new"]
    before = recorded(runtime)
    assert outcomes(bring) == ["same"]
    assert recorded(runtime) == before
    assert runtime.book.teachers.get(li(runtime)).trainings.hours("2024-2026") == 1200


def test_good_rows_are_taken_and_the_others_come_back_with_their_reason(bring: Bring) -> None:
    wrong_cell, later = {"工号": "T-009", "学时": "许多"}, {"周期": "2027-2029", "工号": "T-008"}
    imported = bring(KIND, sheet(KIND, {}, UNKNOWN, wrong_cell, later))

    assert [row.code or row.outcome.value for row in imported.report.rows] == [
        "new", "teacher_unknown", "training_hours_unreadable", "teacher_cycle_disagrees",
    ]  # fmt: skip
    assert imported.failed is not None
    assert "找不到这位教师" in imported.failed.decode()
    assert len(read_table(imported.failed, KIND).rows) == 3


def test_other_hours_for_a_known_row_are_for_a_person_to_decide(bring: Bring) -> None:
    outcomes(bring)
    assert outcomes(bring, {"学时": "6"}) == ["teacher_hours_differ"]


def test_more_than_the_days_hold_is_a_row_error(bring: Bring) -> None:
    full = {"培训项目": "（示例）同日研修", "学时": "5"}
    assert outcomes(bring, {}, full) == ["new", "teacher_day_full"]
    beside = {"培训项目": "（示例）同日研修", "学时": "4"}
    assert outcomes(bring, beside) == ["new"]


def test_whoever_brings_the_file_does_not_bring_their_own_hours(
    bring: Bring, runtime: Runtime, staff: dict[str, UUID]
) -> None:
    outcomes(bring)
    runtime.book.teachers.link(li(runtime), staff[COORDINATOR], envelope())
    other = {"培训项目": "（示例）另一项", "学时": "1"}
    assert outcomes(bring, other) == ["own_case"]


def test_what_is_typed_with_the_slips_of_a_keyboard_is_what_the_file_says(
    bring: Bring, runtime: Runtime
) -> None:
    typed = teacher_typed(SCHOOL, " （示例）李 老师", "Ｔ-001 ")
    teachers = runtime.book.teachers
    known = teachers.register(NewTeacher(typed, date(2015, 9, 1)), envelope())
    days = date(2026, 3, 7), date(2026, 3, 8)
    words = "（示例）家庭教育指导师研修\u200b", " （示例）教师发展中心"
    training = training_typed(*words, *days, 1200)
    teachers.award(known, training, envelope(runtime.now()))
    assert outcomes(bring) == ["same"]
    assert li(runtime) == known
