"""What a file is, by its first bytes and never by its name: a workbook, text, or something else."""

from __future__ import annotations

import re
from typing import Final

from api.files.rejection import unreadable

_OLE: Final = b"\xd0\xcf\x11\xe0"
PACKAGE: Final = b"PK\x03\x04"
_OTHERS: Final = (
    (b"%PDF", "PDF"), (b"\x1f\x8b", "GZIP"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7Z"),
    (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"PK\x05\x06", "ZIP"), (b"{\\rtf", "RTF"),
)  # fmt: skip
_PAGE: Final = re.compile(
    rb"\s*(?:<!doctype|<html|<head|<meta|<table|<\?xml|<!--|mime-version:)", re.IGNORECASE
)


def is_workbook(content: bytes) -> bool:
    """Whether it is an XLSX package; else it is text. Raises UnreadableFile for what is neither."""
    if content.startswith(_OLE):
        is_protected = "EncryptedPackage".encode("utf-16-le") in content
        raise unreadable("workbook_protected" if is_protected else "workbook_of_97")
    for start, name in _OTHERS:
        if content.startswith(start):
            raise unreadable("format_unknown", name)
    if _PAGE.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise unreadable("page_saved_as_workbook")
    return content.startswith(PACKAGE)
