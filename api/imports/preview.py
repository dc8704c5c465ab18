"""What a file would do, as its page shows it: the report, the cells, and how the file was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson

from api.files.header import Column
from api.files.rejection import shortened
from api.files.table import Reading, Table
from api.imports.report import ImportReport


@dataclass(frozen=True, slots=True)
class Preview:
    """The cells of each row stand in the order of the file's columns."""

    report: ImportReport
    reading: Reading
    cells: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, report: ImportReport, table: Table) -> Self:
        cells = {row: tuple(map(shortened, cells)) for row, cells in table.as_written.items()}
        return cls(report, table.reading, cells)

    def as_bytes(self) -> bytes:
        return orjson.dumps(
            {
                "report": self.report.as_dict(),
                "reading": asdict(self.reading),
                "cells": {str(row): cells for row, cells in self.cells.items()},
            }
        )

    @classmethod
    def of_bytes(cls, content: bytes) -> Self:
        kept = orjson.loads(content)
        return cls(
            ImportReport.of_dict(kept["report"]),
            reading_of(kept["reading"]),
            {int(row): tuple(cells) for row, cells in kept["cells"].items()},
        )


def reading_of(kept: Mapping[str, Any]) -> Reading:
    return Reading(
        sheet=kept["sheet"],
        encoding=kept["encoding"],
        header_row=kept["header_row"],
        columns=tuple(Column(**each) for each in kept["columns"]),
        hidden=tuple(kept["hidden"]),
        feet=tuple(kept["feet"]),
    )
