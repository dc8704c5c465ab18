"""Lists as a workbook: row by row into a file, so that a hundred thousand need no more memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as Written
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from api.exports.zipping import NO_TIME, TimelessZip
from api.files.formula import defused

Cell = str | int | Decimal | date | datetime | None
FIRST_ROW: Final = 4  # below the title, the line about the list, and the header
LONGEST: Final = 32_767  # as many characters as a cell of Excel holds
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_NAME: Final = re.compile(r"[\\/?*\[\]:']")
_A4, _LONGEST_NAME = 9, 31
_FORMATS: Final[Mapping[type, str]] = {
    str: "@", int: "0", Decimal: "0.00", date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list on a sheet of its own: the title, what is said about it, columns with their widths.

    Rows have a cell for each column. Texts stay texts, whatever a spreadsheet would make of them;
    moments are those of the city's clocks.
    """

    title: str
    about: str
    columns: Mapping[str, int]
    rows: Iterable[Sequence[Cell]]


def write(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    """The sheets as XLSX, ready to print on A4; the same sheets are the same bytes."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = NO_TIME
    for sheet in sheets:
        made = cast("Worksheet", book.create_sheet(name_on_tab(sheet.title)))
        set_up(made, sheet)
        append = cast("Callable[[object], None]", made.append)  # a row may come cell by cell
        for row in rows_of(made, sheet):
            append(row)
    ExcelWriter(book, TimelessZip(file, "w", ZIP_DEFLATED)).save()


def name_on_tab(title: str) -> str:
    return _NO_NAME.sub(" ", title)[:_LONGEST_NAME]


def set_up(made: Worksheet, sheet: Sheet) -> None:
    last = get_column_letter(len(sheet.columns))
    for number, width in enumerate(sheet.columns.values(), start=1):
        made.column_dimensions[get_column_letter(number)].width = width
    made.freeze_panes = f"A{FIRST_ROW}"
    made.print_title_rows = f"{FIRST_ROW - 1}:{FIRST_ROW - 1}"
    made.page_setup.orientation, made.page_setup.paperSize = "landscape", _A4
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if made.oddFooter is not None:
        made.oddFooter.center.text = "&P / &N"
    for row in range(1, FIRST_ROW - 1):
        made.merged_cells.ranges.add(CellRange(f"A{row}:{last}{row}"))


def rows_of(made: Worksheet, sheet: Sheet) -> Iterator[Iterator[Written | None]]:
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    lead = styled(made, "@", font=Font(size=16, bold=True), alignment=middle)
    about = styled(made, "@", font=Font(size=9, color="595959"), alignment=middle)
    line = Side(style="thin", color="BFBFBF")
    box = Border(line, line, line, line)
    head = styled(made, "@", font=Font(bold=True), alignment=middle, border=box)
    head.fill = PatternFill("solid", fgColor="E7EEF7")
    yield filled([sheet.title], {str: lead})
    yield filled([sheet.about], {str: about})
    yield filled(list(sheet.columns), {str: head})
    # One cell of each kind is filled again and again: it is written before the next is asked for.
    wrapped = Alignment(vertical="top", wrap_text=True)
    cells = {
        kind: styled(made, form, border=box, alignment=wrapped) for kind, form in _FORMATS.items()
    }
    for row in sheet.rows:
        yield filled(row, cells)


def styled(made: Worksheet, form: str, **looks: object) -> Written:
    cell = WriteOnlyCell(made)
    cell.number_format = form
    for name, look in looks.items():
        setattr(cell, name, look)
    return cell


def filled(row: Sequence[Cell], cells: Mapping[type, Written]) -> Iterator[Written | None]:
    for value in row:
        if value is None:
            yield None
            continue
        cell = cells[type(value)]
        cell.value = plain(value) if isinstance(value, str) else value
        yield cell


def plain(text: str) -> str:
    """Without what a workbook cannot hold, and never a formula."""
    return defused(_UNSEEN.sub("\ufffd", text[: LONGEST - 1]))
