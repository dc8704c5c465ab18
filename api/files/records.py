"""Lines of CSV into records, one by one; a broken quote costs its own line, never the rest."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

LONGEST_LINE = 65_536
_MOST_LINES = (
    40  # a cell may hold line breaks; without a bound one open quote makes reading quadratic
)


_NOTHING: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its number as a spreadsheet shows it, its cells, what is wrong with it.

    `wrong` has the code of a cell by its place; `filled` the places that repeat a merged cell.
    """

    row: int
    cells: tuple[str, ...]
    fault: str | None = None
    wrong: Mapping[int, str] = field(default_factory=lambda: _NOTHING)
    filled: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        if self.fault or self.wrong:
            return False
        return not (self.said() if self.filled else any(map(str.strip, self.cells)))

    def said(self, besides: Collection[int] = ()) -> list[int]:
        """The places of the cells that say something of their own."""
        return [
            place
            for place, cell in enumerate(self.cells)
            if cell.strip() and place not in self.filled and place not in besides
        ]


def records(lines: Iterable[str], delimiter: str = ",") -> Iterator[Record]:
    """Every record, blank ones too. The first with two cells or more sets the width."""
    rest = iter(lines)
    ahead: deque[str] = deque()
    row = width = 0
    while True:
        ahead.extend(islice(rest, _MOST_LINES - len(ahead)))
        if not ahead:
            return
        row += 1
        used, record = _record(row, ahead, width, delimiter)
        for _ in range(used):
            ahead.popleft()
        if width == 0 and len(record.said()) > 1:
            width = len(record.cells)
        yield record


def _record(row: int, ahead: deque[str], width: int, delimiter: str) -> tuple[int, Record]:
    if len(ahead[0]) > LONGEST_LINE:
        return 1, Record(row, (ahead[0][:LONGEST_LINE],), "row_too_long")
    line = ahead[0].rstrip("\r\n")
    if '"' not in line:
        return 1, Record(row, tuple(line.split(delimiter)))
    reader = csv.reader(iter(ahead), strict=True, delimiter=delimiter)
    try:
        cells = tuple(next(reader))
    except csv.Error:
        return 1, Record(row, tuple(line.split(delimiter)), "quote_unclosed")
    # A quote that closes by chance in a later row swallows the rows between: their number is off.
    if reader.line_num > 1 and width not in {0, len(cells)}:
        return 1, Record(row, tuple(line.split(delimiter)), "quote_unclosed")
    return reader.line_num, Record(row, cells)
