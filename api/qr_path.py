"""A text as a QR code: one SVG path of horizontal runs, quiet zone included."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import qrcode
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

QUIET = 4
# One mask for all: choosing the best takes five times as long, and a token is noise anyway.
MASK = 3


class QrPath(NamedTuple):
    """The side of the drawing in modules, and its dark modules as the `d` of a path."""

    side: int
    path: str


@lru_cache(maxsize=512)
def qr_path(text: str) -> QrPath:
    return drawn(text, ERROR_CORRECT_M)


def small_qr_path(text: str) -> QrPath:
    """As few modules as will do: for a code that must fit into a row of a sheet."""
    return drawn(text, ERROR_CORRECT_L)


def drawn(text: str, error_correction: int) -> QrPath:
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=error_correction, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    runs = (run for y, row in enumerate(code.modules) for run in dark_runs(row, y))
    return QrPath(len(code.modules) + 2 * QUIET, "".join(runs))


def dark_runs(row: list[Any], y: int) -> list[str]:
    marks = "".join("1" if module else "0" for module in row)
    return [
        f"M{run.start() + QUIET} {y + QUIET}h{len(run[0])}v1h-{len(run[0])}z"
        for run in re.finditer("1+", marks)
    ]
