"""The preview of a file: its own rows and columns, each wrong cell marked with what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fastapi import Request
from fastapi.responses import Response

from api.files.header import Column
from api.files.rejection import Rejection, UnreadableFile
from api.files.table import Reading
from api.imports.preview import Preview
from api.imports.report import Outcome
from api.imports.texts import reason
from api.imports.uploads import Upload
from api.pages.staff_imports_view import KIND_NAMES, UNREADABLE, about, faults_of, shown, spoken
from domain.school import School
from ledger.plans import CALLED_OFF

ROWS_A_PAGE: Final = 50
NAMING: Final = frozenset({"计划日期", "开始时间", "活动主题", "面向年级"})


@dataclass(frozen=True, slots=True)
class Shown:
    """Which rows somebody asked for."""

    page: int
    rows: Literal["wrong", "all"]


@dataclass(frozen=True, slots=True)
class Cell:
    value: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong with a row: the cell by its letter and number, its column, code, sentence."""

    place: str
    column: str
    value: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file as it is written, what would become of it, and why."""

    row: int
    outcome: Outcome
    cells: tuple[Cell, ...]
    notes: tuple[Note, ...]


def preview_page(
    request: Request, school: School, found: Upload, preview: Preview, asked: Shown
) -> Response:
    report, reading = preview.report, preview.reading
    wrong = by_row(report.wrong)
    only_wrong = asked.rows == "wrong" and bool(wrong)
    rows = [each for each in report.rows if each.row in wrong or not only_wrong]
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(asked.page, pages)
    start = (page - 1) * ROWS_A_PAGE
    lines = [
        line_of(preview, each.row, each.outcome, wrong.get(each.row, ()), spoken(request))
        for each in rows[start : start + ROWS_A_PAGE]
    ]
    return shown(
        request,
        "preview.html",
        **about(school, found, report),
        reading=reading,
        columns=[column for column in reading.columns if column.read_as],
        renamed=[c for c in reading.columns if c.read_as and c.read_as != c.written],
        lines=lines,
        wrong=len(wrong),
        in_all=len(report.rows),
        rows="wrong" if only_wrong else "all",
        page=page,
        pages=pages,
        may_be_anew={r.row: named(preview, r.row) for r in report.rows if r.code == CALLED_OFF},
        taken=sum(report.counts[o] for o in (Outcome.NEW, Outcome.CHANGED)),
    )


def by_row(wrong: Sequence[Rejection]) -> Mapping[int, list[Rejection]]:
    found: dict[int, list[Rejection]] = defaultdict(list)
    for rejection in wrong:
        found[rejection.row].append(rejection)
    return found


def line_of(
    preview: Preview,
    row: int,
    outcome: Outcome,
    wrong: Sequence[Rejection],
    language: Literal["zh", "en"],
) -> Line:
    columns, marked = preview.reading.columns, {rejection.column for rejection in wrong}
    written = preview.cells.get(row, ())
    words = (*written, *("" for _ in columns[len(written) :]))
    cells = tuple(
        Cell(value, column.read_as in marked)
        for column, value in zip(columns, words, strict=False)
        if column.read_as
    )
    return Line(row, outcome, cells, tuple(note_of(preview.reading, r, language) for r in wrong))


def named(preview: Preview, row: int) -> str:
    """What a row of a plan says of its session, in a few words."""
    cells = zip(preview.reading.columns, preview.cells.get(row, ()), strict=False)
    return " · ".join(cell for column, cell in cells if column.read_as in NAMING)


def note_of(reading: Reading, wrong: Rejection, language: Literal["zh", "en"]) -> Note:
    column: Column | None = reading.column(wrong.column) if wrong.column else None
    place = f"{column.letter}{wrong.row}" if column else ""
    name = column.written if column else wrong.column
    return Note(place, name, wrong.value, wrong.code, reason(wrong.code, language))


def sheets_page(request: Request, school: School, found: Upload, error: UnreadableFile) -> Response:
    """Several sheets could be meant: one is chosen. Anything else is told."""
    return shown(
        request,
        "sheets.html",
        200 if error.code == "several_sheets" else UNREADABLE,
        school=school,
        upload_id=found.id,
        kind_name=KIND_NAMES[found.about.kind],
        sheets=[r.value for r in error.rejections if r.code == "several_sheets"],
        faults=faults_of(request, error.rejections),
    )
