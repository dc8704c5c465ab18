"""A ZIP of CSV files (OneRoster, SDS): refused before it is unpacked where it could burst."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from api.files.package import is_bomb
from api.files.rejection import shortened, unreadable

MOST_FILES: Final = 100
MOST_UNPACKED: Final = 96 * 1024 * 1024
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 200
MOST_OF_A_ROW: Final = 64 * 1024
# All that is asked of a file: what else stands in a row is let go.
KEPT: Final = frozenset({
    "sourcedId", "status", "name", "identifier", "title", "grades", "grade", "classType",
    "schoolSourcedId", "orgSourcedId", "classSourcedId", "userSourcedId", "role", "beginDate",
    "endDate",
    "givenName", "familyName", "sms", "phone", "agentSourcedIds", "relationshipUserSourcedId",
    "relationshipRole", "propertyName", "value",
})  # fmt: skip
_ENCRYPTED: Final = 0x1
_PASSED_OVER: Final = ("__MACOSX/", ".DS_Store")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of one of the files; `row` counts as a spreadsheet shows it."""

    file: str
    row: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Empty where the file has no such column."""
        return self.cells.get(column, "")

    def at(self, column: str) -> str:
        """Where it is said, as in users.csv:17:phone."""
        return f"{self.file}:{self.row}:{column}"

    @property
    def is_deleted(self) -> bool:
        return self.get("status").lower() == "tobedeleted"


@dataclass(frozen=True, slots=True)
class Zipped:
    """The CSV files of a ZIP by their names."""

    archive: ZipFile
    parts: Mapping[str, ZipInfo]

    @classmethod
    def opened(cls, content: bytes) -> Self:
        """Raises UnreadableFile. `zipfile` never unpacks more than is declared."""
        try:
            archive = ZipFile(io.BytesIO(content))
        except (BadZipFile, ValueError, OSError) as error:
            raise unreadable("package_broken") from error
        parts = [p for p in archive.infolist() if not is_passed_over(p)]
        if bursts(parts):
            raise unreadable("package_bursts")
        if wrong := next((part for part in parts if not is_plain(part)), None):
            raise unreadable("package_broken", wrong.filename)
        names = without_folder([part.filename for part in parts])
        if len(set(names)) < len(names):
            raise unreadable("package_broken", next(n for n in names if names.count(n) > 1))
        return cls(archive, dict(zip(names, parts, strict=True)))

    def lines(self, name: str, needed: tuple[str, ...]) -> Iterator[Line]:
        """Raises UnreadableFile for a file or column that is missing, and for what is no CSV."""
        if name not in self.parts:
            raise unreadable("package_file_missing", name)
        try:
            with self.archive.open(self.parts[name]) as file:
                text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
                yield from read(name, Rows(text), needed)
        except UnicodeDecodeError as error:
            raise unreadable("package_not_utf8", name) from error
        except (BadZipFile, zlib.error, csv.Error, EOFError, OSError, ValueError) as error:
            raise unreadable("package_broken", name) from error


class Rows:
    """The rows of a CSV file, none of them large."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._room = MOST_OF_A_ROW
        self._rows = csv.reader(self._lines(), strict=True)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> list[str]:
        """Raises UnreadableFile for a row without end, be it of one line or many."""
        self._room = MOST_OF_A_ROW
        return next(self._rows)

    def _lines(self) -> Iterator[str]:
        while line := self._text.readline(self._room + 1):
            self._room -= len(line)
            if self._room < 0:
                raise unreadable("package_bursts")
            yield line


def read(name: str, rows: Iterator[list[str]], needed: tuple[str, ...]) -> Iterator[Line]:
    header = [cell.strip() for cell in next(rows, list[str]())]
    if len(header) > MOST_COLUMNS:
        raise unreadable("package_bursts", name)
    for column in needed:
        if column not in header:
            raise unreadable("column_missing", row=1, column=f"{name}:1:{column}")
    for number, cells in enumerate(rows, start=2):
        if number > MOST_ROWS:
            raise unreadable("too_many_rows", str(MOST_ROWS), row=number, column=name)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            told = shortened(",".join(cells))
            raise unreadable("row_ragged", told, row=number, column=name)
        named = zip(header, cells, strict=True)
        kept = {column: " ".join(cell.split()) for column, cell in named if column in KEPT}
        yield Line(name, number, kept)


def bursts(parts: list[ZipInfo]) -> bool:
    size = sum(part.file_size for part in parts)
    return len(parts) > MOST_FILES or size > MOST_UNPACKED or any(map(is_bomb, parts))


def is_passed_over(part: ZipInfo) -> bool:
    name = part.filename
    return part.is_dir() or name.startswith(_PASSED_OVER[0]) or name.endswith(_PASSED_OVER[1])


def is_plain(part: ZipInfo) -> bool:
    name = part.filename
    leads_outside = name.startswith("/") or "\\" in name or ".." in name.split("/")
    packed = part.compress_type in {ZIP_STORED, ZIP_DEFLATED}
    return packed and not leads_outside and not part.flag_bits & _ENCRYPTED


def without_folder(names: list[str]) -> list[str]:
    """The names without the one folder that all of them lie in, where there is one."""
    folders = {name.partition("/")[0] for name in names if "/" in name}
    if len(folders) == 1 and all("/" in name for name in names):
        return [name.partition("/")[2] for name in names]
    return names
