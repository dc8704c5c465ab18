"""A file into a table: the one seam where bytes become cells, so that other formats can follow."""

from __future__ import annotations

import codecs
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from api.files.formula import as_typed, is_formula
from api.files.records import Record, records
from api.files.rejection import Rejection, UnreadableFile, shortened, unreadable
from api.files.template import REASON_COLUMNS, TEMPLATES, Kind, Template

Source = bytes | Path | IO[bytes]
Columns = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold. More is refused before it is read."""

    size: int = 20 * 1024 * 1024
    rows: int = 20_000
    cell: int = 2_000


DEFAULT_LIMITS: Final = Limits()
_ROWS_OF_A_SHEET: Final = 1_048_576  # as many as Excel has, blank ones included


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that could be read: cells by the template's column names, tidied; absent ones empty."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What the file holds: every data row is in `rows` or named in `rejections`, never in both."""

    kind: Kind
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    rejections: tuple[Rejection, ...]
    as_written: Mapping[int, tuple[str, ...]]
    sha256: str

    @property
    def total(self) -> int:
        """How many data rows the file has; blank ones do not count."""
        return len(self.as_written)


def read_table(source: Source, kind: Kind, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The table in a file. Raises UnreadableFile where no row can be trusted."""
    content = _content(source, limits.size)
    rest = records(_lines(content))
    header = next((record for record in rest if not record.is_blank), None)
    if header is None:
        raise unreadable("file_empty")
    columns = _columns(header, TEMPLATES[kind])
    rows: list[TableRow] = []
    rejections: list[Rejection] = []
    as_written: dict[int, tuple[str, ...]] = {}
    for record in _data_rows(rest, limits.rows):
        as_written[record.row] = record.cells
        if wrong := tuple(_wrong(record, columns, limits.cell)):
            rejections.extend(wrong)
        else:
            rows.append(_row(record, columns, TEMPLATES[kind]))
    return Table(
        kind,
        header.cells,
        tuple(rows),
        tuple(rejections),
        as_written,
        hashlib.sha256(content).hexdigest(),
    )


def _content(source: Source, most: int) -> bytes:
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


_CHUNK: Final = 65_536
_FORMATS: Final = (
    (b"PK\x03\x04", "XLSX/ZIP"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
)


def _lines(content: bytes) -> Iterable[str]:
    """The lines, decoded as they are asked for: a file of 20 MB takes 20 MB, not 200."""
    _check_encoding(content)
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")


def _check_encoding(content: bytes) -> None:
    for magic, name in _FORMATS:
        if content.startswith(magic):
            raise unreadable("format_not_csv", name)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise unreadable("encoding_not_utf8", "UTF-16")
    if not _decodes(content, "utf-8"):
        try:
            content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            likely = "GB18030" if _decodes(content, "gb18030") else f"0x{content[error.start]:02x}"
            raise unreadable("encoding_not_utf8", likely, row=line) from error


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _columns(header: Record, template: Template) -> Columns:
    """The template's name of each column; None without a name, empty where it is passed over."""
    names = [_tidy(cell) for cell in header.cells]
    columns = tuple((template.column_called(name) or "") if name else None for name in names)
    wrong = [
        Rejection(header.row, shortened(name), "", code)
        for position, (name, column) in enumerate(zip(names, columns, strict=True))
        if (code := _wrong_column(name, column, columns[:position]))
    ]
    missing = set(template.columns) - set(columns) - template.may_be_absent
    wrong += [
        Rejection(header.row, name, "", "column_missing")
        for name in template.columns
        if name in missing
    ]
    if header.fault:
        wrong = [Rejection(header.row, "", shortened(",".join(header.cells)), header.fault)]
    if wrong:
        raise UnreadableFile(*wrong[:100])
    return columns


def _wrong_column(name: str, column: str | None, before: Columns) -> str | None:
    if column and column in before:
        return "column_twice"
    return "column_unknown" if name and not column and name not in REASON_COLUMNS else None


def _data_rows(rest: Iterator[Record], most: int) -> Iterator[Record]:
    count = 0
    for record in rest:
        count += not record.is_blank
        if count > most or record.row > _ROWS_OF_A_SHEET:
            raise unreadable("too_many_rows", str(most), row=record.row)
        if not record.is_blank:
            yield record


def _wrong(record: Record, columns: Columns, longest: int) -> Iterator[Rejection]:
    if fault := record.fault or _ragged(record, columns):
        yield Rejection(record.row, "", shortened(",".join(record.cells)), fault)
        return
    for column, cell in zip(columns, record.cells, strict=True):
        if column and (code := _wrong_cell(as_typed(cell), longest)):
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


_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def _tidy(cell: str) -> str:
    """Without what nobody sees: zero-width letters and white space around and doubled."""
    return unicodedata.normalize("NFC", " ".join(cell.translate(_INVISIBLE).split()))


def _row(record: Record, columns: Columns, template: Template) -> TableRow:
    cells = dict.fromkeys(template.columns, "")
    for column, cell in zip(columns, record.cells, strict=True):
        if column:
            cells[column] = _tidy(as_typed(cell))
    return TableRow(record.row, cells)
