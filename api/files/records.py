"""Lines of CSV into records, one by one; a broken quote costs its own line, never the rest."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

LONGEST_LINE = 65_536
_MOST_LINES = (
    40  # a cell may hold line breaks; without a bound one open quote makes reading quadratic
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its number as a spreadsheet shows it, its cells, what is wrong with it."""

    row: int
    cells: tuple[str, ...]
    fault: str | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(cell.strip() for cell in self.cells)


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Every record, blank ones too. The first that is not is the header and sets the width."""
    rest = iter(lines)
    ahead: deque[str] = deque()
    row = width = 0
    while True:
        ahead.extend(islice(rest, _MOST_LINES - len(ahead)))
        if not ahead:
            return
        row += 1
        used, record = _record(row, ahead, width)
        for _ in range(used):
            ahead.popleft()
        width = width or (0 if record.is_blank else len(record.cells))
        yield record


def _record(row: int, ahead: deque[str], width: int) -> tuple[int, Record]:
    if len(ahead[0]) > LONGEST_LINE:
        return 1, Record(row, (ahead[0][:LONGEST_LINE],), "row_too_long")
    line = ahead[0].rstrip("\r\n")
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
