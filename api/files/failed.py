"""The rows that failed as a file to correct and bring again: as written, with the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from api.files.formats import PACKAGE
from api.files.rejection import Rejection
from api.files.sheets import XLSX
from api.files.table import Table
from api.files.template import REASON_COLUMNS
from api.files.texts import reason
from api.files.writing import safe, workbook_of

Language = Literal["zh", "en"]
Saying = Callable[[str, Language], str]


def failed_rows(
    table: Table,
    rejections: Iterable[Rejection],
    language: Language = "zh",
    say: Saying = reason,
) -> bytes:
    """The failed rows, a workbook of those of a workbook, else a CSV in UTF-8 with BOM.

    Reading it passes the two columns of reasons over. `say` has the sentence for each code, also
    for codes that are not the readers' own.
    """
    rows = _rows(table, rejections, language, say)
    if table.reading.encoding == XLSX:
        return workbook_of(table.reading.sheet, rows)
    file = io.StringIO(newline="")
    csv.writer(file).writerows(map(safe, row) for row in rows)
    return file.getvalue().encode("utf-8-sig")


def name_of(stem: str, content: bytes) -> str:
    """What a file of failed rows, or a template, is called."""
    return f"{stem}.{'xlsx' if content.startswith(PACKAGE) else 'csv'}"


def _rows(
    table: Table, rejections: Iterable[Rejection], language: Language, say: Saying
) -> Iterator[Sequence[str]]:
    header = _without_reasons(table.header, table.header)
    yield (*header, *REASON_COLUMNS)
    reasons: dict[int, list[Rejection]] = {}
    for rejection in rejections:
        reasons.setdefault(rejection.row, []).append(rejection)
    for row, wrong in sorted(reasons.items()):
        if row in table.as_written:
            cells = _without_reasons(table.as_written[row], table.header)
            cells += [""] * (len(header) - len(cells))
            said = _reasons(wrong, language, say)
            yield (*cells[: len(header)], *said, *cells[len(header) :])


def _without_reasons(cells: Sequence[str], header: Sequence[str]) -> list[str]:
    old = {position for position, name in enumerate(header) if name.strip() in REASON_COLUMNS}
    return [cell for position, cell in enumerate(cells) if position not in old]


def _reasons(wrong: list[Rejection], language: Language, say: Saying) -> tuple[str, str]:
    codes = dict.fromkeys(rejection.code for rejection in wrong)
    words = (f"{r.column}: {say(r.code, language)}".removeprefix(": ") for r in wrong)
    return " ".join(codes), "; ".join(words)
