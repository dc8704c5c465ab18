"""The rows that failed as a file to correct and bring again: as written, with the reasons."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from api.files.formula import defused
from api.files.rejection import Rejection
from api.files.table import Table
from api.files.template import REASON_COLUMNS
from api.files.texts import reason

Language = Literal["zh", "en"]
Saying = Callable[[str, Language], str]


def failed_rows(
    table: Table,
    rejections: Iterable[Rejection],
    language: Language = "zh",
    say: Saying = reason,
) -> bytes:
    """A CSV for spreadsheets: UTF-8 with BOM; reading it passes the two columns of reasons over.

    `say` has the sentence for each code, also for codes that are not the readers' own.
    """
    reasons: dict[int, list[Rejection]] = {}
    for rejection in rejections:
        reasons.setdefault(rejection.row, []).append(rejection)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    width = len(_without_reasons(table.header, table.header))
    writer.writerow((*_without_reasons(table.header, table.header), *REASON_COLUMNS))
    for row, wrong in sorted(reasons.items()):
        if row in table.as_written:
            cells = _without_reasons(table.as_written[row], table.header)
            cells += [""] * (width - len(cells))
            writer.writerow(
                map(_safe, (*cells[:width], *_reasons(wrong, language, say), *cells[width:]))
            )
    return file.getvalue().encode("utf-8-sig")


def _without_reasons(cells: Sequence[str], header: Sequence[str]) -> list[str]:
    old = {position for position, name in enumerate(header) if name.strip() in REASON_COLUMNS}
    return [cell for position, cell in enumerate(cells) if position not in old]


def _reasons(wrong: list[Rejection], language: Language, say: Saying) -> tuple[str, str]:
    codes = dict.fromkeys(rejection.code for rejection in wrong)
    words = (f"{r.column}: {say(r.code, language)}".removeprefix(": ") for r in wrong)
    return " ".join(codes), "; ".join(words)


def _safe(cell: str) -> str:
    """Without control characters, which spreadsheets cut a cell at; formulas as plain text."""
    return defused(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", cell))
