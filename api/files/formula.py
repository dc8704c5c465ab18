"""Cells that a spreadsheet would run as a formula: told apart, and made harmless when written."""

from __future__ import annotations

import re

_STARTS = "=+-@\t\r＝＋－＠"
# A signed number, a phone (+86 100 0000 0000), digits kept as text by a tab, a dash.
_HARMLESS = re.compile(r"\t?[+-]?[0-9]+(?:[.,][0-9]+)*%?\t?|\+[0-9][0-9 -]*|[-－]+")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula; plain numbers and phones are not."""
    bare = cell.strip(" \u3000\xa0\n\ufeff\u200b")
    return bare[:1] != "" and (bare[0] in _STARTS) and not _HARMLESS.fullmatch(bare)


def defused(cell: str) -> str:
    """The cell with an apostrophe before a formula."""
    return f"'{cell}" if is_formula(cell) else cell


def as_typed(cell: str) -> str:
    """The cell without the apostrophe that `defused` put there."""
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell
