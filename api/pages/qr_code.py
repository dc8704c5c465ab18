"""A QR code of any link as one SVG path: sharp at every size, no picture file, no script."""

from __future__ import annotations

import re
from typing import Any

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4


def svg(text: str) -> Markup:
    """Draw the code with its quiet zone, black on white, without a size."""
    code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    side = len(code.modules) + 2 * QUIET
    path = "".join(runs(row, y + QUIET) for y, row in enumerate(code.modules))
    return Markup(  # noqa: S704 - numbers and our own letters only
        f'<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def runs(row: list[bool | None], y: int) -> str:
    """The dark modules of a row, each run of them one rectangle."""
    marks = "".join("1" if module else "0" for module in row)
    return "".join(
        f"M{run.start() + QUIET} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for run in re.finditer("1+", marks)
    )
