"""Baking a credential into a picture, as Open Badges does: PNG and SVG carry what they show."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngImageFile

_PNG = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(_PNG) + 25  # the chunk IHDR always has 25 bytes
_KEYWORD = b"openbadgecredential"
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def bake_png(picture: bytes, credential: bytes) -> bytes:
    """Put the credential into an uncompressed iTXt chunk behind the header."""
    data = _KEYWORD + b"\0\0\0\0\0" + credential
    checksum = zlib.crc32(b"iTXt" + data)
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", checksum)
    return picture[:_HEADER_END] + chunk + picture[_HEADER_END:]


def bake_svg(picture: str, credential: bytes) -> bytes:
    """Put the credential first into the root element."""
    head, end, rest = picture.partition(">")
    space = f' xmlns:openbadges="{_NAMESPACE}"'
    baked = f"<openbadges:credential>{escape(credential.decode())}</openbadges:credential>"
    return f"{head}{space}{end}{baked}{rest}".encode()


def from_png(picture: bytes) -> bytes | None:
    """The credential in a PNG, if any. Raises ValueError for what is no PNG."""
    try:
        with Image.open(BytesIO(picture), formats=["PNG"]) as image:
            assert isinstance(image, PngImageFile)
            image.load()  # a chunk may follow the picture
            text = image.text.get(_KEYWORD.decode())
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not a PNG") from error
    return None if text is None else str(text).encode()


def from_svg(picture: bytes) -> bytes | None:
    """The credential in an SVG, if any. Raises ValueError for what is no XML, or has entities."""
    try:
        root = fromstring(picture)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise ValueError("not an SVG") from error
    baked = root.find(f"{{{_NAMESPACE}}}credential")
    if baked is None:
        return None
    return ((baked.text or "").strip() or baked.get("verify", "").strip()).encode()
