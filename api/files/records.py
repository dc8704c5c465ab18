"""CSV text into records, one at a time; a broken quote costs its own line and never the rest."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

LONGEST_LINE = 65_536
_MOST_LINES = 40  # a cell may hold line breaks; without a bound one open quote makes reading quadratic


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file: its number as a spreadsheet shows it, its cells, what is wrong with it."""

    row: int
    cells: tuple[str, ...]
    fault: str | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(cell.strip() for cell in self.cells)


def records(text: str) -> Iterator[Record]:
    """Every record, blank ones too. The first is the header and sets how many cells a row has."""
    lines = io.StringIO(text, newline="")
    ahead: deque[str] = deque()
    row = width = 0
    while True:
        ahead.extend(islice(lines, _MOST_LINES - len(ahead)))
        if not ahead:
            return
        row += 1
        used, record = _record(row, ahead, width)
        for _ in range(used):
            ahead.popleft()
        width = width or (0 if record.is_blank else len(record.cells))
        yield record


def _record(row: int, ahead: deque[str], width: int) -> tuple[int, Record]:
    line = ahead[0].rstrip("\r\n")
    if len(line) > LONGEST_LINE:
        return 1, Record(row, (line[:LONGEST_LINE],), "row_too_long")
    if '"' not in line:
        return 1, Record(row, tuple(line.split(",")))
    reader = csv.reader(iter(ahead), strict=True)
    try:
        cells = tuple(next(reader))
    except csv.Error:
        return 1, Record(row, tuple(line.split(",")), "quote_unclosed")
    # A quote that closes by chance in a later row swallows the rows between: their number is off.
    if reader.line_num > 1 and width not in {0, len(cells)}:
        return 1, Record(row, tuple(line.split(",")), "quote_unclosed")
    return reader.line_num, Record(row, cells)
