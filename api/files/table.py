"""A file into a table: the one seam where a format becomes cells of the template's columns."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from api.files.feet import feet_of, is_numbered_only
from api.files.formula import as_typed, is_formula
from api.files.header import Column, Columns, check_header
from api.files.records import Record
from api.files.rejection import Rejection, shortened, unreadable
from api.files.sheets import Sheet, sheet_of
from api.files.template import TEMPLATES, Kind, Template
from api.files.tidying import tidy


@dataclass(frozen=True, slots=True)
class OneSheet:
    """A workbook with several sheets that could be meant, and the name of the one that is."""

    file: bytes | Path
    name: str


Source = bytes | Path | IO[bytes] | OneSheet


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold. More is refused before it is read."""

    size: int = 20 * 1024 * 1024
    rows: int = 20_000
    cell: int = 2_000


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that could be read: cells by the template's column names, tidied; absent ones empty."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read: which sheet, which row names the columns, and what was passed over."""

    sheet: str = ""
    encoding: str = ""
    header_row: int = 1
    columns: tuple[Column, ...] = ()
    hidden: tuple[int, ...] = ()
    feet: tuple[int, ...] = ()

    def column(self, name: str) -> Column | None:
        """The file's column that is read as the template's."""
        return next((column for column in self.columns if column.read_as == name), None)

    def has(self, name: str) -> bool:
        return self.column(name) is not None

    @property
    def unread(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.written and not c.read_as)


@dataclass(frozen=True, slots=True)
class Table:
    """What the file holds: every data row is in `rows` or named in `rejections`, never in both."""

    kind: Kind
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    rejections: tuple[Rejection, ...]
    as_written: Mapping[int, tuple[str, ...]]
    sha256: str
    reading: Reading = Reading()

    @property
    def total(self) -> int:
        """How many data rows the file has; blank ones do not count."""
        return len(self.as_written)


def read_table(source: Source, kind: Kind, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The table in a file. Raises UnreadableFile where no row can be trusted."""
    content = content_of(source, limits.size)
    template = TEMPLATES[kind]
    wanted = source.name if isinstance(source, OneSheet) else ""
    sheet = sheet_of(content, template, limits.rows, wanted)
    check_header(sheet.header, template)
    columns = sheet.header.columns
    found = list(_data_rows(sheet.rows, columns, limits.rows))
    feet = feet_of(found)
    data = [record for record in found if record.row not in feet]
    wrong = {record.row: tuple(_wrong(record, columns, limits.cell)) for record in data}
    return Table(
        kind,
        sheet.header.record.cells,
        tuple(_row(record, columns, template) for record in data if not wrong[record.row]),
        tuple(rejection for record in data for rejection in wrong[record.row]),
        {record.row: record.cells for record in data},
        hashlib.sha256(content).hexdigest(),
        _reading(sheet, feet),
    )


def _reading(sheet: Sheet, feet: Iterable[int]) -> Reading:
    header = sheet.header
    hidden = (row for row in sheet.hidden if row > header.record.row)
    return Reading(
        sheet.name,
        sheet.encoding,
        header.record.row,
        header.described,
        tuple(sorted(hidden)),
        tuple(sorted(feet)),
    )


def content_of(source: Source, most: int) -> bytes:
    """The bytes of a file. Raises UnreadableFile."""
    if isinstance(source, OneSheet):
        return content_of(source.file, most)
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, Path):
        content = _content_of_path(source, most)
    else:
        content = source.read(most + 1)
    if len(content) > most:
        raise unreadable("file_too_large")
    return content


def _content_of_path(path: Path, most: int) -> bytes:
    try:
        if not path.is_file():  # a pipe would block, a device would never end
            raise unreadable("file_missing", path.name)
        if path.stat().st_size > most:
            raise unreadable("file_too_large", path.name)
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        raise unreadable("file_missing", path.name) from error


def _data_rows(rows: Iterable[Record], columns: Columns, most: int) -> Iterator[Record]:
    count = 0
    for record in rows:
        if is_numbered_only(record, columns):
            continue
        count += 1
        if count > most:
            raise unreadable("too_many_rows", str(most), row=record.row)
        yield record


def _wrong(record: Record, columns: Columns, longest: int) -> Iterator[Rejection]:
    if fault := record.fault or _ragged(record, columns):
        yield Rejection(record.row, "", shortened(",".join(record.cells)), fault)
        return
    for place, (column, cell) in enumerate(zip(columns, record.cells, strict=True)):
        code = record.wrong.get(place) or _wrong_cell(as_typed(cell), longest)
        if column and code:
            yield Rejection(record.row, column, shortened(cell), code)


def _ragged(record: Record, columns: Columns) -> str | None:
    if len(record.cells) != len(columns):
        return "row_ragged"
    nameless = (c for name, c in zip(columns, record.cells, strict=True) if name is None)
    return "row_ragged" if any(cell.strip() for cell in nameless) else None


_BIDIRECTIONAL: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _wrong_cell(cell: str, longest: int) -> str | None:
    if "\0" in cell:
        return "nul_byte"
    if len(cell) > longest:
        return "cell_too_long"
    if is_formula(cell):
        return "formula_in_cell"
    return "control_character" if any(_is_control(letter) for letter in cell) else None


def _is_control(letter: str) -> bool:
    if letter in _BIDIRECTIONAL:
        return True
    return letter not in "\t\r\n" and unicodedata.category(letter) == "Cc"


def _row(record: Record, columns: Columns, template: Template) -> TableRow:
    cells = dict.fromkeys(template.columns, "")
    for column, cell in zip(columns, record.cells, strict=True):
        if column:
            cells[column] = tidy(as_typed(cell))
    return TableRow(record.row, cells)
