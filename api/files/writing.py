"""A table into an XLSX workbook: every cell is text, so that phones stay phones."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from api.files.formula import defused

WIDTHS: Final = range(8, 41)
ROWS_MEASURED: Final = 50
TEXT: Final = "@"


def workbook_of(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as one sheet; the first is its header."""
    lines = [list(map(safe, row)) for row in rows]
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths(lines), 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width, column.number_format = width, TEXT
    for number, line in enumerate(lines):
        sheet.append([text_cell(sheet, words, is_header=number == 0) for words in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text_cell(sheet: Any, words: str, *, is_header: bool) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=words)
    cell.data_type, cell.number_format = "s", TEXT
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_header:
        cell.font = Font(bold=True)
    return cell


def widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """Wide enough for the first rows: a hanzi takes two places."""
    measured = lines[:ROWS_MEASURED]
    columns = max(map(len, measured), default=0)
    longest = (
        max((len(line[p]) + len(line[p].encode()) for line in measured if p < len(line)), default=0)
        for p in range(columns)
    )
    return [min(max(length // 2 + 2, WIDTHS.start), WIDTHS.stop - 1) for length in longest]


def safe(cell: str) -> str:
    """Without control characters, which spreadsheets cut a cell at; formulas as plain text."""
    return defused(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", cell))
