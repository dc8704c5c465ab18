"""Sign-in sheets that were typed into a file (签到表): one row a row of the paper."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import time

from api.files import cells
from api.files.cells import WrongCell
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, read_table
from api.files.template import Kind

CODE = re.compile(r"[A-Z2-7]{8}")
MOST_ROWS = 30
NOT_SIGNED = {"", "否", "×", "x", "X"}


@dataclass(frozen=True, slots=True)
class SignedRow:
    """What a row of the paper says; a signature without a time is there, and so is the reverse."""

    row: int
    code: str
    number: int
    grade: str | None
    class_group: str
    child_name: str
    name: str
    relation_code: str
    came: bool
    came_at: time | None
    left: bool
    left_at: time | None


@dataclass(frozen=True, slots=True)
class SignInFile:
    """What a file of sheets holds: each data row is a row or is rejected."""

    rows: tuple[SignedRow, ...]
    rejections: tuple[Rejection, ...]
    sha256: str
    total: int
    table: Table


def read_sign_in_sheet(source: Source, *, limits: Limits = DEFAULT_LIMITS) -> SignInFile:
    """The rows of the sheets. Raises UnreadableFile where the file as a whole cannot be read."""
    table = read_table(source, Kind.SIGN_IN_SHEET, limits)
    rows, rejections = sift(table, _row, _identity, "序号")
    return SignInFile(rows, rejections, table.sha256, table.total, table)


def _identity(row: SignedRow) -> Hashable:
    return row.code, row.number


def _code(cell: str) -> str:
    code = cells.text(cell).upper().replace("-", "").replace(" ", "")
    if not CODE.fullmatch(code):
        raise WrongCell("sheet_code_unreadable")
    return code


def _number(cell: str) -> int:
    return cells.whole_number(cells.text(cell), 1, MOST_ROWS, outside="row_not_on_sheet")


def _signature(cell: str) -> bool:
    """A mark that somebody signed; nobody signs for another."""
    return cells.note(cell) not in NOT_SIGNED


def _proxy(cell: str) -> None:
    if cell:
        raise WrongCell("signed_for_another")


def _row(fields: Fields) -> SignedRow:
    grade, class_group = fields.read("班级", cells.class_of, (None, ""))
    relation = fields.read("与学生关系", cells.relation, None)
    came_at = fields.read("签到时间", cells.clock, None)
    left_at = fields.read("签退时间", cells.clock, None)
    fields.read("代签说明", _proxy, None)
    found = SignedRow(
        row=fields.row,
        code=fields.read("签到表编号", _code, ""),
        number=fields.read("序号", _number, 0),
        grade=grade.name if grade else None,
        class_group=class_group,
        child_name=fields.read("学生姓名", cells.person_name, ""),
        name=fields.read("家长姓名", cells.person_name, ""),
        relation_code=relation.code if relation else "",
        came=came_at is not None or fields.read("家长签名", _signature, False),
        came_at=came_at,
        left=left_at is not None or fields.read("签退签名", _signature, False),
        left_at=left_at,
    )
    if found.left and not found.came:
        fields.reject("签到时间", "left_only")
    return found
