"""Questions of a bank (考核题库): one a row, its choices in columns, its answer by letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import Final

from api.files import cells
from api.files.cells import WrongCell
from api.files.fields import Fields, sift
from api.files.rejection import Rejection
from api.files.table import DEFAULT_LIMITS, Limits, Source, Table, read_table
from api.files.template import Kind
from domain.question_bank import FEWEST_CHOICES, Question, QuestionKind

LETTERS: Final = "ABCDEFGH"
TRUE_FALSE: Final = ("对", "错")
RIGHT: Final = frozenset({"对", "正确", "是", "√", "✓", "T", "TRUE", "RIGHT"})
WRONG: Final = frozenset({"错", "错误", "否", "×", "F", "FALSE", "WRONG"})
_KINDS: Final = {
    "单选": QuestionKind.SINGLE,
    "单项选择": QuestionKind.SINGLE,
    "single": QuestionKind.SINGLE,
    "多选": QuestionKind.SEVERAL,
    "多项选择": QuestionKind.SEVERAL,
    "several": QuestionKind.SEVERAL,
    "判断": QuestionKind.TRUE_FALSE,
    "true_false": QuestionKind.TRUE_FALSE,
    # as an English export says them
    "one choice": QuestionKind.SINGLE,
    "several choices": QuestionKind.SEVERAL,
    "right or wrong": QuestionKind.TRUE_FALSE,
}
_NUMBER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of a course; a retired one is drawn no more."""

    row: int
    course: str
    question: Question
    retired: bool


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """What a file of questions holds: each data row is a row or is rejected."""

    rows: tuple[QuestionRow, ...]
    rejections: tuple[Rejection, ...]
    sha256: str
    total: int
    table: Table


def read_questions(source: Source, *, limits: Limits = DEFAULT_LIMITS) -> QuestionFile:
    """The questions. Raises UnreadableFile where the file as a whole cannot be read."""
    table = read_table(source, Kind.QUESTIONS, limits)
    rows, rejections = sift(table, _row, _identity, "题号")
    return QuestionFile(rows, rejections, table.sha256, table.total, table)


def _identity(row: QuestionRow) -> Hashable:
    return row.course, row.question.number


def _row(fields: Fields) -> QuestionRow:
    kind = fields.read("题型", _kind, QuestionKind.SINGLE)
    choices = _choices(fields, kind)
    return QuestionRow(
        row=fields.row,
        course=fields.read("课程", cells.text, ""),
        question=Question(
            number=fields.read("题号", _number, ""),
            kind=kind,
            text=fields.read("题目", partial(cells.text, longest=500), ""),
            choices=choices,
            right=fields.read("正确答案", partial(_right, kind=kind, choices=len(choices)), ()),
            explanation=fields.read("解析", partial(cells.note, longest=1000), ""),
        ),
        retired=fields.read("是否停用", lambda cell: bool(cell) and cells.yes_no(cell), False),
    )


def _kind(cell: str) -> QuestionKind:
    found = _KINDS.get(cells.text(cell).removesuffix("题").lower())
    if found is None:
        raise WrongCell("question_kind_unknown")
    return found


def _number(cell: str) -> str:
    number = unicodedata.normalize("NFKC", cells.text(cell))
    if not _NUMBER.fullmatch(number):
        raise WrongCell("question_number_unreadable")
    return number


def says_right(words: str) -> bool | None:
    """What a word says of a question of right and wrong; None where it is neither."""
    said = unicodedata.normalize("NFKC", words).upper()
    return said in RIGHT if said in RIGHT | WRONG else None


def _choices(fields: Fields, kind: QuestionKind) -> tuple[str, ...]:
    """The choices from A on, without a gap; a question of right and wrong needs none."""
    found = [fields.read(f"选项{x}", partial(cells.note, longest=200), "") for x in LETTERS]
    given = [choice for choice in found if choice]
    if kind is QuestionKind.TRUE_FALSE:
        if given and [*map(says_right, given)] != [True, False]:
            fields.reject("选项A", "choices_not_right_and_wrong")
        return TRUE_FALSE
    if found[: len(given)] != given:
        fields.reject(f"选项{LETTERS[found.index('')]}", "choice_left_out")
    elif len(given) < FEWEST_CHOICES:
        fields.reject("选项B", "choices_too_few")
    elif len(set(given)) < len(given):
        twice = next(place for place, choice in enumerate(given) if choice in given[:place])
        fields.reject(f"选项{LETTERS[twice]}", "choice_twice")
    return tuple(given)


def _right(cell: str, kind: QuestionKind, choices: int) -> tuple[int, ...]:
    said = unicodedata.normalize("NFKC", cells.text(cell)).upper()
    if kind is QuestionKind.TRUE_FALSE:
        is_right = {"A": True, "B": False}.get(said, says_right(said))
        if is_right is None:
            raise WrongCell("answer_not_right_or_wrong")
        return (0,) if is_right else (1,)
    letters = re.sub(r"[\s,，、;；/]", "", said)
    places = sorted({LETTERS.find(letter) for letter in letters})
    if not places or places[0] < 0 or places[-1] >= choices:
        raise WrongCell("answer_names_no_choice")
    if kind is QuestionKind.SINGLE and len(places) > 1:
        raise WrongCell("answer_not_single")
    return tuple(places)
