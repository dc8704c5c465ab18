"""What somebody shows, taken apart into what can be judged: codes, credentials and numbers."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import ClassVar

import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from certificates import baking, qr
from certificates import number as numbers
from certificates.encodings import json_object
from domain.refusals import Refused

LARGEST = 20 << 20
_MOST_PIXELS = 50_000_000
_MOST_LINES = 1000
_LONGEST_NUMBER = 60
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*=*", re.ASCII)
_CODE, _CREDENTIAL = "code.txt", "credential.json"
_UNREADABLE = (
    OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
# What a PDF reader runs into in files that nobody meant well.
_BROKEN = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, OSError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip


class NothingToVerify(Refused):
    """No certificate is in this file, or none that we can read."""

    code: ClassVar[str] = "certificate_file_unreadable"


@dataclass(frozen=True)
class Code:
    """What a QR code says, or its digits."""

    text: str


@dataclass(frozen=True)
class Credential:
    """An Open Badges credential: JSON, or a VC-JWT."""

    content: bytes


@dataclass(frozen=True)
class Number:
    """A certificate number in its canonical form."""

    number: str


Presented = Code | Credential | Number


def of_text(text: str) -> Presented:
    """Tell what a typed, pasted or scanned text is. Refuses InvalidNumber, NothingToVerify."""
    plain = text.strip()
    if plain.startswith("{") or (len(plain) > _LONGEST_NUMBER and _TOKEN.fullmatch(plain)):
        return _credential(plain.encode(errors="replace"))
    if "#" in plain or len(plain) > _LONGEST_NUMBER:
        return Code(plain)
    return Number(numbers.read(plain))


def of_file(content: bytes) -> list[Presented]:
    """Take a PDF, picture, credential or text apart. Refuses NothingToVerify, InvalidNumber."""
    if len(content) > LARGEST:
        raise NothingToVerify(largest=LARGEST)
    if content.startswith(b"%PDF"):
        found = _in_pdf(content)
    elif content.startswith(_PICTURES):
        found = _in_picture(content)
    else:
        found = _in_text(content)
    if not found:
        raise NothingToVerify
    return found


def _in_text(content: bytes) -> list[Presented]:
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise NothingToVerify from error
    if text.startswith("<"):
        return _in_svg(content)
    if text.startswith("{"):
        return [_credential(text.encode())]
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        raise NothingToVerify(most_lines=_MOST_LINES)
    return [of_text(line) for line in lines]


def _in_svg(content: bytes) -> list[Presented]:
    try:
        baked = baking.from_svg(content)
    except ValueError as error:
        raise NothingToVerify from error
    return [] if baked is None else [_credential(baked)]


def _in_picture(content: bytes) -> list[Presented]:
    """The credential baked in, and every code that a reader finds."""
    try:
        texts = _codes(content)
        baked = baking.from_png(content) if content.startswith(_PICTURES[0]) else None
    except _UNREADABLE as error:
        raise NothingToVerify from error
    ours = [text for text in texts if qr.data_of(text) is not None] or texts
    found: list[Presented] = [] if baked is None else [_credential(baked)]
    return found + [Code(text) for text in ours]


def _codes(content: bytes) -> list[str]:
    with (
        warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
        Image.open(BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as image,
    ):
        if image.width * image.height > _MOST_PIXELS:
            raise ValueError("too many pixels")
        picture = image.convert("RGBA") if image.has_transparency_data else image.convert("L")
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("L")
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    read = zxingcpp.read_barcodes(picture, formats=formats)
    return list(dict.fromkeys(barcode.text for barcode in read))


def _in_pdf(content: bytes) -> list[Presented]:
    """What our sheets carry: the code as text, and the credential."""
    try:
        reader = PdfReader(BytesIO(content))
        attached = {name: reader.attachments[name][0] for name in reader.attachments}
    except _BROKEN as error:
        raise NothingToVerify from error
    found: list[Presented] = []
    if _CODE in attached:
        found.append(Code(attached[_CODE].decode(errors="replace").strip()))
    if _CREDENTIAL in attached:
        found.append(_credential(attached[_CREDENTIAL]))
    return found


def _credential(content: bytes) -> Credential:
    """Refuses NothingToVerify for JSON that is no credential at all."""
    if content.lstrip().startswith(b"{"):
        try:
            types = json_object(content).get("type")
        except ValueError as error:
            raise NothingToVerify from error
        if "VerifiableCredential" not in (types if isinstance(types, list) else [types]):
            raise NothingToVerify
    return Credential(content)
