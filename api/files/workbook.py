"""An XLSX workbook into the rows of its visible sheets: values only, no formula is worked out."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from api.files.elements import elements_of
from api.files.marks import Marks, marks_of
from api.files.package import opened
from api.files.records import Record
from api.files.rejection import unreadable
from api.files.spreadsheet import words_of

MOST_ROWS: Final = 200_000  # blank ones included
MOST_COLUMNS: Final = 100
MOST_SHEETS: Final = 60
MOST_STRINGS: Final = 10 * 1024 * 1024
MOST_PARTS_OF_STRINGS: Final = 1_000_000  # starts and ends: a quarter of a million words
# A parser that was built for sound files says in many ways that one is not.
BROKEN: Final = (
    BadZipFile, InvalidFileException, SyntaxError, zlib.error, struct.error, LookupError,
    ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError, OSError, EOFError,
    AssertionError,
)  # fmt: skip


class Workbook:
    """A workbook that is safe to read. Its constructor and methods raise UnreadableFile."""

    def __init__(self, content: bytes) -> None:
        archive = opened(content)
        with broken_said():
            # Any: the stubs leave out what a sheet's part says of itself.
            reader: Any = ExcelReader(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            reader.archive = archive
            reader.read_manifest()
            reader.read_workbook()
            shown = shown_sheets(reader)
            self._marks = {sheet.name: marks_in(archive, part) for sheet, part in shown}
            check_strings(reader)
            reader.read_strings()
            apply_stylesheet(archive, reader.wb)
            reader.parser.sheets = [sheet for sheet, _ in shown]
            reader.read_worksheets()
            self._sheets: dict[str, Any] = {
                sheet.title: sheet for sheet in reader.wb.worksheets if sheet.title in self._marks
            }

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the visible sheets."""
        return tuple(self._sheets)

    def records(self, name: str, most: int) -> list[Record]:
        """The first rows of a sheet that are neither blank nor hidden."""
        marks = self._marks[name]
        if marks.last_row > MOST_ROWS:
            raise unreadable("too_many_rows", str(MOST_ROWS), row=marks.last_row)
        merged = Merged(marks)
        found: list[Record] = []
        with broken_said():
            for row, cells in enumerate(self._cells(name), 1):
                record = merged.record(row, cells)
                if not record.is_blank and row not in marks.hidden:
                    found.append(record)
                if len(found) == most:
                    break
        return found

    def hidden(self, name: str) -> frozenset[int]:
        """The rows that the sheet does not show."""
        marks = self._marks[name]
        return frozenset(row for row in marks.hidden if row <= marks.last_row)

    def _cells(self, name: str) -> Generator[tuple[Any, ...]]:
        marks = self._marks[name]
        if marks.last_row == 0:
            return
        width = min(marks.last_column, MOST_COLUMNS)
        yield from self._sheets[name].iter_rows(max_row=marks.last_row, max_col=width)


def shown_sheets(reader: Any) -> list[tuple[Any, str]]:
    """The visible sheets of cells with their parts; a part that is two sheets is broken."""
    found = [
        (sheet, part.target)
        for sheet, part in islice(reader.parser.find_sheets(), MOST_SHEETS)
        if sheet.state == "visible" and "chartsheet" not in part.Type
    ]
    if len({part for _, part in found}) < len(found):
        raise unreadable("workbook_broken")
    return found


def check_strings(reader: Any) -> None:
    """All words of a workbook are held at once, whatever their part is called."""
    part = reader.package.find(SHARED_STRINGS)
    if part is None:
        return
    name = part.PartName[1:]
    if reader.archive.getinfo(name).file_size > MOST_STRINGS:
        raise unreadable("workbook_bursts")
    with reader.archive.open(name) as source:
        for count, _ in enumerate(elements_of(source)):
            if count > MOST_PARTS_OF_STRINGS:
                raise unreadable("workbook_bursts")


def marks_in(archive: ZipFile, part: str) -> Marks:
    with archive.open(part) as source:
        return marks_of(source)


class Merged:
    """The rows of a sheet, one after the other; a cell merged downwards is said in each row."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._until = {
            (top, column - 1): bottom
            for column, parts in marks.merged.items()
            for top, bottom in parts
        }
        self._going_on: dict[int, tuple[int, str]] = {}

    def record(self, row: int, cells: tuple[Any, ...]) -> Record:
        said = [words_of_cell(cell) for cell in cells]
        words = [each for each, _ in said]
        wrong = {place: code for place, (_, code) in enumerate(said) if code}
        for place in range(len(words)):
            if (row, place + 1) in self._marks.without_value:
                wrong[place] = "formula_without_value"
        filled = self._fill(row, words)
        return Record(row, tuple(words), None, wrong, filled)

    def _fill(self, row: int, words: list[str]) -> frozenset[int]:
        self._going_on = {p: each for p, each in self._going_on.items() if row <= each[0]}
        filled = {place for place in self._going_on if place < len(words) and not words[place]}
        for place in filled:
            words[place] = self._going_on[place][1]
        for place, each in enumerate(words):
            if (bottom := self._until.get((row, place))) is not None:
                self._going_on[place] = (bottom, each)
        return frozenset(filled)


def words_of_cell(cell: Any) -> tuple[str, str | None]:
    if cell.data_type == "e":
        return str(cell.value), "formula_failed"
    return words_of(cell.value)


@contextmanager
def broken_said() -> Generator[None]:
    """Whatever the parser stumbles over is one refusal; what it only remarks on is passed over."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except BROKEN as error:
            raise unreadable("workbook_broken") from error
