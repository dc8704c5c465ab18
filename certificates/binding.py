"""Many sheets in one file, for the printer: each keeps its own page, its fonts and its code."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

_PAGE = "#set page(width: 297mm, height: 210mm, margin: 0mm)\n"
_MAIN = "all.typ"


def bound(sheets: Iterable[bytes]) -> bytes:
    """Bind PDFs of one landscape page each, in their order; of none there is an empty page."""
    with TemporaryDirectory(prefix="sheets-") as name:
        folder = Path(name)
        lines = [_line(folder / f"{ordinal}.pdf", sheet) for ordinal, sheet in enumerate(sheets)]
        (folder / _MAIN).write_text(_PAGE + "".join(lines))
        made = typst.compile(folder / _MAIN, root=folder, format="pdf")
    assert isinstance(made, bytes)
    return made


def _line(path: Path, sheet: bytes) -> str:
    path.write_bytes(sheet)
    return f'#image("{path.name}", width: 100%)\n'
