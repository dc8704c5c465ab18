"""Pictures of a sign-in sheet: told by what they hold, kept as they were brought, shown to few."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from uuid import UUID

from fastapi.responses import Response
from PIL import Image, UnidentifiedImageError

from api.asking import Asking
from api.files.rejection import UnreadableFile
from api.imports.receiving import Received
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.sheet import Scan, Sheet, code_of
from ledger.sheets import Picture

MOST_BYTES: Final = 10 * 1024 * 1024
FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
TAIL: Final = 2048
PURPOSE: Final = "sheet_scan"


class UnreadableScan(Refused):
    """It is no photo and no PDF, or too large."""

    code = "sheet_scan_unreadable"


class MissingScan(Refused):
    """The sheet has no such scan, or it was erased."""

    code = "sheet_scan_missing"


def content_of(received: Received) -> bytes:
    """The file of a form. Raises UnreadableScan where none came, or too large a one."""
    try:
        return received.file()
    except UnreadableFile as error:
        raise UnreadableScan from error


def picture_of(content: bytes) -> Picture:
    """A photo or a PDF, by its content and not by its name. Raises UnreadableScan."""
    if len(content) > MOST_BYTES:
        raise UnreadableScan
    if content.startswith(PDF_BEGINS) and PDF_ENDS in content[-TAIL:]:
        return Picture(content, "application/pdf")
    try:
        with Image.open(BytesIO(content), formats=list(FORMATS)) as image:
            image.verify()
            return Picture(content, FORMATS[str(image.format)])
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise UnreadableScan from error


def scan_shown(asking: Asking, sheet: Sheet, document_id: UUID, by: Envelope) -> tuple[Scan, bytes]:
    """A scan for somebody to look at: whose names are on it is noted first. Raises MissingScan."""
    scan = sheet.scans.get(document_id)
    if scan is None:
        raise MissingScan
    vault = asking.runtime.book.vault
    vault.show([sheet.id, *sheet.people], to=by.actor, purpose=PURPOSE, at=by.at)
    content = asking.runtime.book.sheets.scan(document_id)
    if content is None:
        raise MissingScan
    return scan, content


def scan_answer(sheet_id: UUID, scan: Scan, content: bytes, *, way: str) -> Response:
    """The bytes as they were brought, that a browser may show and never run."""
    suffix = scan.media_type.rpartition("/")[2]
    name = f"sheet-{code_of(sheet_id)}-{scan.sha256[:8]}.{suffix}"
    headers = {
        "Content-Disposition": f'{way}; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=scan.media_type, headers=headers)
