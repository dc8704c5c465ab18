"""The cells of one row read one by one: every fault is kept, and only a sound row becomes a row."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from api.files.cells import WrongCell
from api.files.rejection import Rejection, shortened
from api.files.table import Table, TableRow

T = TypeVar("T")
U = TypeVar("U")


class Fields:
    """One row under examination."""

    def __init__(self, row: TableRow) -> None:
        self.row = row.row
        self.rejections: list[Rejection] = []
        self._cells = row.cells

    def read(self, column: str, reading: Callable[[str], T], otherwise: U) -> T | U:
        """The cell's value; `otherwise` stands in, and the row is rejected, if it has none."""
        try:
            return reading(self._cells[column])
        except WrongCell as wrong:
            self.reject(column, wrong.code)
            return otherwise

    def reject(self, column: str, code: str) -> None:
        value = shortened(self._cells.get(column, ""))
        rejection = Rejection(self.row, column, value, code)
        if rejection not in self.rejections:  # one cell may be read for two values
            self.rejections.append(rejection)


def sift(
    table: Table,
    reading: Callable[[Fields], T],
    identity: Callable[[T], Hashable],
    column: str,
) -> tuple[tuple[T, ...], tuple[Rejection, ...]]:
    """The sound rows and all rejections of the table, those of the file's form included.

    The second row with the same identity is a duplicate; `column` is shown for it.
    """
    rows: list[T] = []
    seen: set[Hashable] = set()
    rejections = list(table.rejections)
    for table_row in table.rows:
        fields = Fields(table_row)
        row = reading(fields)
        if not fields.rejections and identity(row) in seen:
            fields.reject(column, "duplicate_row")
        if fields.rejections:
            rejections.extend(fields.rejections)
            continue
        seen.add(identity(row))
        rows.append(row)
    return tuple(rows), tuple(sorted(rejections, key=lambda rejection: rejection.row))
