"""The QR code: a link whose fragment is the signed certificate, drawn as one SVG path."""

from __future__ import annotations

import re
from typing import Any, Literal

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import BIT_LIMIT_TABLE, QRData

from certificates.code_words import bits_of, code_words

MAX_VERSION = 11
_ALIKE = range(1, 10), range(10, MAX_VERSION + 1)  # lengths are written alike within each
_CAPACITY_BITS = int(BIT_LIMIT_TABLE[ERROR_CORRECT_M][MAX_VERSION])
_QUIET = 4
_NUMERIC: Literal[1] = 1
_BYTES: Literal[4] = 4
# One mask for all: choosing the best takes ten times as long, and the payload is noise anyway.
_MASK = 3
_TEXT = re.compile(r"(https?://[^\s#]+/c#)(\d+)", re.ASCII)
_BLACK = re.compile(rb"\x01+")
_FRAGMENT = re.compile(r"\d+", re.ASCII)
_MAX_DIGITS = 3000


class CodeTooLarge(ValueError):
    """The text would need a QR code too fine to be read from paper."""


def link(base_url: str, data: bytes) -> str:
    """Give `https://host/c#123…`. The fragment never reaches a server."""
    return f"{_page(base_url)}#{int.from_bytes(data, 'big')}"


def data_of(text: str) -> bytes | None:
    """Take the signed bytes, if any, out of a scanned text, whatever chat apps appended to it."""
    digits = _FRAGMENT.match(text) or _FRAGMENT.match(text.partition("#")[2])
    if digits is None or len(digits[0]) > _MAX_DIGITS:
        return None
    value = int(digits[0])
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def fits(base_url: str, length: int) -> bool:
    """Say whether so many signed bytes make a code of version 11 at level M or less."""
    digits = len(str(0xD2 << 8 * (length - 1)))  # a COSE_Sign1 begins with the tag byte d2
    return _bits(len(_page(base_url)) + 1, digits) <= _CAPACITY_BITS


def matrix(text: str) -> list[list[bool]]:
    """Give the modules without quiet zone. Raises CodeTooLarge."""
    parts = _TEXT.fullmatch(text)
    if parts is None:
        raise ValueError("not the link of a certificate")
    segments = QRData(parts[1].encode(), _BYTES), QRData(parts[2].encode(), _NUMERIC)
    for versions in _ALIKE:
        bits = bits_of(segments, versions[0])
        for version in versions:
            if len(bits) <= BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
                return _laid_out(code_words(bits, version, ERROR_CORRECT_M), version)
    raise CodeTooLarge(f"{len(text)} characters need more than QR version {MAX_VERSION}")


def _laid_out(words: list[int], version: int) -> list[list[bool]]:
    code: qrcode.QRCode[Any] = qrcode.QRCode(version, ERROR_CORRECT_M, mask_pattern=_MASK)
    code.data_cache = words
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.modules]


def svg(text: str) -> str:
    """Draw the code with its quiet zone, black on white, without a size."""
    rows = matrix(text)
    side = len(rows) + 2 * _QUIET
    path = "".join(_runs(row, y + _QUIET) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: list[bool], y: int) -> str:
    return "".join(
        f"M{run.start() + _QUIET} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for run in _BLACK.finditer(bytes(row))
    )


def _page(base_url: str) -> str:
    return f"{base_url.rstrip('/')}/c"


def _bits(characters: int, digits: int) -> int:
    """Data bits of a byte segment and a numeric segment in versions 10 to 26."""
    numeric = digits // 3 * 10 + (0, 4, 7)[digits % 3]
    return (4 + 16 + 8 * characters) + (4 + 12 + numeric)
