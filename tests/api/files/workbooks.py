"""Workbooks as an office makes them, and as somebody with bad intentions does."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook

from api.files.template import TEMPLATES, Kind
from tests.api.files.conftest import SOUND

Row = Sequence[object]
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(rows: Iterable[Row], change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    """One sheet of these rows, and what `change` does to it."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    return saved(book)


def rows_of(kind: Kind, *changes: Mapping[str, object]) -> list[list[object]]:
    """The header and a sound row for each set of changed cells; one row without any."""
    header: list[object] = list(TEMPLATES[kind].columns)
    return [header, *(list({**SOUND[kind], **change}.values()) for change in changes or ({},))]


def sheets(**rows: list[list[object]]) -> Workbook:
    """A workbook with a sheet for each name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return book


def with_part(content: bytes, name: str, part: bytes, **options: Any) -> bytes:
    """The package with one part put in the place of another, or added."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part, **options)
    return file.getvalue()


def with_sheet(
    content: bytes, data: str, *, before: str = "", head: str = "", after: str = ""
) -> bytes:
    """The package with a first sheet of this raw data."""
    sheet = (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{NAMESPACE}">'
        f"{head}<sheetData>{data}</sheetData>{after}</worksheet>"
    )
    return with_part(content, "xl/worksheets/sheet1.xml", sheet.encode())


def read_back(content: bytes) -> list[list[str]]:
    """The words of the first sheet."""
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def shared(content: bytes) -> bytes:
    """The package with the words of its first sheet in a table of their own, as Excel writes it."""
    name = "xl/worksheets/sheet1.xml"
    with ZipFile(io.BytesIO(content)) as archive:
        sheet, types = archive.read(name).decode(), archive.read("[Content_Types].xml").decode()
    strings: list[str] = re.findall("<is>(.*?)</is>", sheet)
    numbers = iter(range(len(strings)))
    sheet = re.sub("<is>.*?</is>", lambda _: f"<v>{next(numbers)}</v>", sheet)
    table = "".join(f"<si>{each}</si>" for each in strings)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
    content = with_part(content, name, sheet.replace("inlineStr", "s").encode())
    content = with_part(
        content, "[Content_Types].xml", types.replace("</Types>", f"{part}</Types>").encode()
    )
    return with_part(
        content, "xl/sharedStrings.xml", f'<sst xmlns="{NAMESPACE}">{table}</sst>'.encode()
    )
