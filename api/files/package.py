"""The outside of a workbook: a ZIP that is opened only if what it unpacks to is small and plain."""

from __future__ import annotations

import io
import zlib
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from api.files.rejection import UnreadableFile, unreadable

MOST_PARTS: Final = 2_000
MOST_UNPACKED: Final = 96 * 1024 * 1024
MOST_WHOLE: Final = 2 * 1024 * 1024  # styles, relations: a tree of each is built
MOST_TAGS: Final = 60_000  # what is made of one tag of the styles takes a thousand bytes
PLAIN_UNTIL: Final = 1024 * 1024
MOST_TIMES: Final = 300  # text packs to a tenth; what was made to burst packs to a thousandth
_ENCRYPTED: Final = 0x1
_START_OF_PART: Final = 2_048
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))


class Parts(ZipFile):
    """A workbook's parts. What its reader takes whole, under whatever name, is little together."""

    _room, _tags = MOST_WHOLE, MOST_TAGS

    def read(self, name: str | ZipInfo, pwd: bytes | None = None) -> bytes:
        """Bounded while it unpacks; `ZipFile` cuts afterwards. Raises UnreadableFile."""
        with self.open(name, pwd=pwd) as part:
            content = part.read(self._room + 1)
        self._room -= len(content)
        self._tags -= content.count(b"<")
        if self._room < 0 or self._tags < 0:
            raise unreadable("workbook_bursts")
        # The parser may be any that is installed: not each of them refuses entities by itself.
        if any(spelled in content for spelled in _DOCTYPES):
            raise unreadable("workbook_with_entities")
        return content


def opened(content: bytes) -> Parts:
    """The parts of an XLSX workbook. Raises UnreadableFile."""
    try:
        archive = Parts(io.BytesIO(content))
    except (BadZipFile, ValueError, OSError) as error:
        raise unreadable("workbook_broken") from error
    parts = archive.infolist()
    if fault := unsafe(parts, len(content)) or foreign({part.filename for part in parts}):
        raise fault
    if any(has_doctype(archive, part) for part in parts if is_markup(part)):
        raise unreadable("workbook_with_entities")
    return archive


def unsafe(parts: list[ZipInfo], packed: int) -> UnreadableFile | None:
    """What is refused before a byte is unpacked. `zipfile` never unpacks more than is declared."""
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return unreadable("workbook_protected")
    read = [part for part in parts if not part.filename.startswith("xl/media/")]
    if (
        len(parts) > MOST_PARTS
        or sum(part.file_size for part in read) > MOST_UNPACKED
        or sum(part.compress_size for part in parts) > packed
        or any(is_bomb(part) for part in read)
    ):
        return unreadable("workbook_bursts")
    names = [part.filename for part in parts]
    plain = all(part.compress_type in {ZIP_STORED, ZIP_DEFLATED} for part in parts)
    if not plain or len(set(names)) < len(names) or any(leads_outside(name) for name in names):
        return unreadable("workbook_broken")
    return None


def is_bomb(part: ZipInfo) -> bool:
    return part.file_size > max(PLAIN_UNTIL, MOST_TIMES * part.compress_size)


def is_markup(part: ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def has_doctype(archive: ZipFile, part: ZipInfo) -> bool:
    """No program writes one into a workbook; where one hides deeper, the parser refuses it."""
    try:
        with archive.open(part) as file:
            return b"<!DOCTYPE" in file.read(_START_OF_PART)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise unreadable("workbook_broken") from error


def leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def foreign(names: set[str]) -> UnreadableFile | None:
    """A package of another kind, by the parts that give it away."""
    lower = {name.lower() for name in names}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in lower):
        return unreadable("workbook_with_macros")
    if "xl/workbook.bin" in lower:
        return unreadable("workbook_of_another_kind", "XLSB")
    if "xl/workbook.xml" in lower:
        return None
    if "mimetype" in lower and "content.xml" in lower:
        return unreadable("workbook_of_another_kind", "ODS")
    return unreadable("format_unknown", "DOCX" if "word/document.xml" in lower else "ZIP")
