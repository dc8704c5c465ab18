"""Which sheet of a file is meant, and where its table begins; a text file is one sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from api.files.encoding import delimiter_of, encoding_of, lines_of
from api.files.formats import is_workbook
from api.files.header import LOOKED_AT, Header, header_of, missing_in
from api.files.records import Record, records
from api.files.rejection import Rejection, UnreadableFile, unreadable
from api.files.template import Template
from api.files.workbook import Workbook

XLSX: Final = "XLSX"
_ROWS_OF_A_SHEET: Final = 1_048_576  # as many as Excel has, blank ones included


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as far as it is read; `hidden` rows are left out. Text is a sheet without a name."""

    name: str
    encoding: str
    header: Header
    rows: Iterable[Record]
    hidden: frozenset[int] = frozenset()


def sheet_of(content: bytes, template: Template, most: int, wanted: str = "") -> Sheet:
    """The sheet of this name, else the one with the template's columns. Raises UnreadableFile."""
    if is_workbook(content):
        return of_workbook(Workbook(content), template, most, wanted)
    return of_text(content, template)


def of_text(content: bytes, template: Template) -> Sheet:
    encoding = encoding_of(content)
    found = not_blank(records(lines_of(content, encoding), delimiter_of(content, encoding)))
    start = list(islice(found, LOOKED_AT))
    if (header := header_of(start, template)) is None:
        raise without_header(start)
    below = (record for record in start if record.row > header.record.row)
    return Sheet("", encoding.removesuffix("-sig"), header, chain(below, found))


def not_blank(found: Iterator[Record]) -> Iterator[Record]:
    for record in found:
        if record.row > _ROWS_OF_A_SHEET:
            raise unreadable("too_many_rows", str(_ROWS_OF_A_SHEET), row=record.row)
        if not record.is_blank:
            yield record


def without_header(start: list[Record]) -> UnreadableFile:
    if not start:
        return unreadable("file_empty")
    first = start[0]
    words = ",".join(filter(None, first.cells))
    return unreadable(first.fault or "header_not_found", words, row=first.row)


def of_workbook(book: Workbook, template: Template, most: int, wanted: str) -> Sheet:
    name, header = chosen(book, template, wanted)
    rows = book.records(name, most + LOOKED_AT)
    width = len(header.columns)
    below = (of_width(record, width) for record in rows if record.row > header.record.row)
    return Sheet(name, XLSX, header, below, book.hidden(name))


def chosen(book: Workbook, template: Template, wanted: str) -> tuple[str, Header]:
    if wanted and wanted not in book.sheets:
        raise unreadable("sheet_not_found", wanted)
    starts = {name: book.records(name, LOOKED_AT) for name in ([wanted] if wanted else book.sheets)}
    headers = {name: found for name, rows in starts.items() if (found := header_of(rows, template))}
    if not headers:
        raise without_header([record for start in starts.values() for record in start])
    lacking = {name: len(missing_in(header, template)) for name, header in headers.items()}
    whole = [name for name, missing in lacking.items() if not missing]
    if len(whole) > 1:
        raise UnreadableFile(*(Rejection(0, "", each, "several_sheets") for each in whole))
    name = min(lacking, key=lacking.__getitem__)
    return name, headers[name]


def of_width(record: Record, width: int) -> Record:
    """A row as wide as the header: a workbook says nothing of the blank cells at the end."""
    cells = record.cells
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return replace(record, cells=cells + ("",) * (width - len(cells)))
