"""Sign-in sheets that were typed into a file (签到表): one row a row of the paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import time
from functools import partial

from api.files import cells
from api.files.cells import WrongCell
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, read_table
from api.files.template import Kind

CODE = re.compile(r"[A-Z2-7]{8}")
MOST_ROWS = 30
SIGNED = frozenset({
    "是", "√", "✓", "✔", "y", "yes", "true", "1", "有", "签", "已签", "已签名", "已签到", "已签退",
    "到", "已到",
    # how a register that was handed out says that somebody came
    "扫码", "输入签到码", "教师扫码", "教师点名", "纸质签到表", "文件导入", "网页", "系统",
    "scanned code", "typed code", "scanned by staff", "entered by staff", "paper sheet",
    "file import", "web page", "system",
})  # fmt: skip
ABSENT = frozenset({
    "否", "×", "x", "✗", "n", "no", "false", "0", "无", "未到", "没到", "没来", "未签", "未签名",
    "未签到", "未签退", "请假", "事假", "病假", "缺", "缺席", "缺勤", "absent",
})  # fmt: skip
STROKES = "/-—–"
SIGNATURES = {"签到": "家长签名", "签退": "签退签名"}


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


def _signature(cell: str, name: str) -> bool | None:
    """Whether somebody signed, None where nothing is written; nobody signs for another."""
    word = unicodedata.normalize("NFKC", cells.note(cell)).lower()
    if not word:
        return None
    if word in ABSENT or not word.strip(STROKES):
        return False
    if word in SIGNED or _spelled(cell) == _spelled(name):
        return True
    raise WrongCell("signature_unclear")


def _spelled(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name.removeprefix(cells.EXAMPLE_MARK)).lower()
    return folded.replace(" ", "")


def _proxy(cell: str) -> None:
    if cell:
        raise WrongCell("signed_for_another")


def _was_there(fields: Fields, way: str, name: str) -> tuple[bool, time | None]:
    """By the time or the signature of 签到 or 签退; the one must not deny the other."""
    at = fields.read(f"{way}时间", cells.clock, None)
    column = SIGNATURES[way]
    signed = fields.read(column, partial(_signature, name=name), None)
    if at is not None and signed is False:
        fields.reject(column, "signature_contradicts_time")
    return at is not None or bool(signed), at


def _row(fields: Fields) -> SignedRow:
    grade, class_group = fields.read("班级", cells.class_of, (None, ""))
    relation = fields.read("与学生关系", cells.relation, None)
    name = fields.read("家长姓名", cells.person_name, "")
    came, came_at = _was_there(fields, "签到", name)
    left, left_at = _was_there(fields, "签退", name)
    fields.read("代签说明", _proxy, None)
    if left and not came:
        fields.reject("签到时间", "left_only")
    return SignedRow(
        row=fields.row,
        code=fields.read("签到表编号", _code, ""),
        number=fields.read("序号", _number, 0),
        grade=grade.name if grade else None,
        class_group=class_group,
        child_name=fields.read("学生姓名", cells.person_name, ""),
        name=name,
        relation_code=relation.code if relation else "",
        came=came,
        came_at=came_at,
        left=left,
        left_at=left_at,
    )
