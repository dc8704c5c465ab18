"""The roster of parent learners (家长学员花名册): who belongs to which child of which class."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

from api.files import cells
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, read_table
from api.files.template import Kind
from domain.grades import Grade
from domain.relation import Relation

KnownClasses = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One learner and one child. The grade is its one name (三年级, 七年级), the class 2班."""

    row: int
    school_code: str
    grade: str
    stage: str
    class_group: str
    child_name: str
    student_no: str | None
    name: str
    relation_code: str
    phone: str | None
    is_guardian: bool
    note: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a roster holds: each data row is a row or is rejected."""

    rows: tuple[RosterRow, ...]
    rejections: tuple[Rejection, ...]
    sha256: str
    total: int
    table: Table


def read_roster(
    source: Source,
    school_code: str,
    *,
    known_classes: KnownClasses | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> RosterFile:
    """The roster of one school. Raises UnreadableFile where the file as a whole cannot be read.

    `known_classes` holds (grade, class group); without it any class is taken.
    """
    table = read_table(source, Kind.ROSTER, limits)
    reading = partial(
        _row, school_code=school_code, known_classes=known_classes, has=table.reading.has
    )
    rows, rejections = sift(table, reading, _identity, "家长姓名")
    return RosterFile(rows, rejections, table.sha256, table.total, table)


def _identity(row: RosterRow) -> Hashable:
    return row.grade, row.class_group, row.child_name, row.student_no, row.name


def _row(
    fields: Fields, school_code: str, known_classes: KnownClasses | None, has: Callable[[str], bool]
) -> RosterRow:
    grade = fields.read("年级", cells.grade, None) if has("年级") else _grade_of_class(fields)
    relation = fields.read("与学生关系", cells.relation, None)
    return RosterRow(
        row=fields.row,
        school_code=_own_school(fields, school_code) if has("学校标识码") else school_code,
        grade=grade.name if grade else "",
        stage=grade.stage.value if grade else "",
        class_group=_class_group(fields, grade, known_classes),
        child_name=fields.read("学生姓名", cells.person_name, ""),
        student_no=fields.read("校内学号", cells.student_no, None),
        name=fields.read("家长姓名", cells.person_name, ""),
        relation_code=relation.code if relation else "",
        phone=fields.read("手机号码", cells.phone, None),
        is_guardian=_is_guardian(fields, relation),
        note=fields.read("备注", partial(cells.note, longest=200), ""),
    )


def _own_school(fields: Fields, school_code: str) -> str:
    found = fields.read("学校标识码", cells.school_code, None)
    if found not in {None, school_code}:
        fields.reject("学校标识码", "school_code_foreign")
    return school_code


def _grade_of_class(fields: Fields) -> Grade | None:
    """A list without a column of grades says them with the classes: 三年级2班."""
    grade, group = fields.read("班级", cells.class_of, (None, ""))
    if group and grade is None:
        fields.reject("班级", "grade_missing")
    return grade


def _class_group(fields: Fields, grade: Grade | None, known: KnownClasses | None) -> str:
    group = fields.read("班级", lambda cell: cells.class_group(cell, grade), "")
    if known is not None and grade and group and (grade.name, group) not in known:
        fields.reject("班级", "class_unknown")
    return group


def _is_guardian(fields: Fields, relation: Relation | None) -> bool:
    """The roster decides, except for father and mother (always) and for entrusted care (never)."""
    marked = fields.read("是否监护人", cells.yes_no, None)
    if marked is None or relation is None:
        return False
    if relation.is_father_or_mother and not marked:
        fields.reject("是否监护人", "parent_is_guardian")
    if marked and not relation.may_be_guardian:
        fields.reject("是否监护人", "relation_not_a_guardian")
    return marked
