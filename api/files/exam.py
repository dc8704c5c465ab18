"""Results of an exam on paper (考核成绩表): marked by one person, checked by another."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import partial

from api.files import cells
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, read_table
from api.files.template import Kind

# Of an exam by its name and day: later marks do not touch it. Else the code of what is wrong with
# the day.
PassMark = Callable[[str, date], int | str]


@dataclass(frozen=True, slots=True)
class ExamRow:
    """One learner's result. The grade is None where the class cell names none (2班).

    `marked_by` and `checked_by` name people: they belong in the vault, never in an event.
    """

    row: int
    exam_name: str
    on: date
    grade: str | None
    class_group: str
    child_name: str
    name: str
    relation_code: str
    sitting: int
    score: int
    passed: bool
    marked_by: str
    checked_by: str
    note: str


@dataclass(frozen=True, slots=True)
class ExamFile:
    """What a sheet of results holds: each data row is a row or is rejected."""

    rows: tuple[ExamRow, ...]
    rejections: tuple[Rejection, ...]
    sha256: str
    total: int
    table: Table


def read_exam_results(
    source: Source, *, pass_mark: PassMark, limits: Limits = DEFAULT_LIMITS
) -> ExamFile:
    """The results on paper. Raises UnreadableFile where the file as a whole cannot be read."""
    table = read_table(source, Kind.EXAM, limits)
    rows, rejections = sift(table, partial(_row, pass_mark=pass_mark), _identity, "家长姓名")
    return ExamFile(rows, rejections, table.sha256, table.total, table)


def _identity(row: ExamRow) -> Hashable:
    child = row.grade, row.class_group, row.child_name
    return row.exam_name, row.on, row.sitting, child, row.name, row.relation_code


def _row(fields: Fields, pass_mark: PassMark) -> ExamRow:
    row = _cells(fields)
    if not fields.rejections:
        mark = pass_mark(row.exam_name, row.on)
        if isinstance(mark, str):
            fields.reject("考核日期", mark)
        elif row.passed != (row.score >= mark):
            fields.reject("是否合格", "pass_disagrees")
        if row.marked_by == row.checked_by:
            fields.reject("复核人", "same_marker_and_checker")
    return row


def _sitting(cell: str) -> int:
    """Which sitting of the exam: the first where nothing is said; 第2场 is a number too."""
    if not cell:
        return 1
    return cells.whole_number(
        cell.removesuffix("场").removesuffix("次"), 1, 9, outside="sitting_out_of_range"
    )


def _cells(fields: Fields) -> ExamRow:
    grade, class_group = fields.read("班级", cells.class_of, (None, ""))
    relation = fields.read("与学生关系", cells.relation, None)
    return ExamRow(
        row=fields.row,
        exam_name=fields.read("考核名称", cells.text, ""),
        on=fields.read("考核日期", cells.day, date.min),
        grade=grade.name if grade else None,
        class_group=class_group,
        child_name=fields.read("学生姓名", cells.person_name, ""),
        name=fields.read("家长姓名", cells.person_name, ""),
        relation_code=relation.code if relation else "",
        sitting=fields.read("场次", _sitting, 1),
        score=fields.read("成绩", cells.score, 0),
        passed=fields.read("是否合格", cells.yes_no, False),
        marked_by=fields.read("阅卷人", cells.person_name, ""),
        checked_by=fields.read("复核人", cells.person_name, ""),
        note=fields.read("备注", partial(cells.note, longest=200), ""),
    )
