"""All sheets that a school issued on one day: one file for the printer, or an archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from api.access.actions import Action
from api.access.policy import Forbidden
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.certificate_documents import pdf_of, sheet_of
from api.certificate_register import certificates_of
from api.certificates import SCHOOL_STAFF
from api.pages.certificate_access import PURPOSE
from certificates.binding import bound
from certificates.drawing import draw_pdf
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import CertificateKind
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)

IN_MEMORY = 8 << 20
PIECE = 1 << 16


@router.get("/staff/schools/{school_code}/certificates/sheets.zip")
def sheets(asking: InAsking, school_code: str, issued_on: date) -> StreamingResponse:
    """The PDFs of a day's certificates that are still in force, for the school's own staff."""
    found = handed_out(asking, school_code, issued_on)
    archive = pieces(packed(asking.runtime, found))
    headers = headers_of(school_code, issued_on, "zip")
    return StreamingResponse(archive, media_type="application/zip", headers=headers)


@router.get("/staff/schools/{school_code}/certificates/sheets.pdf")
def printed(asking: InAsking, school_code: str, issued_on: date) -> Response:
    """The day's certificates as one file to print; statements have pages of their own."""
    runtime = asking.runtime
    found = [
        sheet_of(runtime, each)
        for each in reversed(handed_out(asking, school_code, issued_on))
        if each.kind != CertificateKind.STATEMENT_OF_HOURS
    ]
    fonts = runtime.settings.extra_fonts
    sheets = (draw_pdf(s.snapshot, s.qr_text, s.check_code, extra_fonts=fonts) for s in found)
    headers = headers_of(school_code, issued_on, "pdf")
    return Response(bound(sheets), media_type="application/pdf", headers=headers)


def handed_out(asking: Asking, school_code: str, issued_on: date) -> list[RegisteredCertificate]:
    """What stands of a day, for the school's own staff; the reading is recorded."""
    by = asking.may(Action.CERTIFICATE_READ, school_code)
    if by.actor.role not in SCHOOL_STAFF:
        raise Forbidden(action=Action.CERTIFICATE_READ.value)
    found = of_day(asking.runtime, school_code, issued_on)
    learners = {each.learner_id for each in found}
    asking.runtime.book.vault.show(learners, to=by.actor, purpose=PURPOSE, at=by.at)
    return found


def headers_of(school_code: str, issued_on: date, ending: str) -> dict[str, str]:
    name = f"certificates-{school_code}-{issued_on:%Y%m%d}.{ending}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }


def of_day(runtime: Runtime, school_code: str, issued_on: date) -> list[RegisteredCertificate]:
    return [
        each
        for each in certificates_of(runtime, school_code)
        if each.state == "valid" and local_day(each.issued_at, CITY_ZONE) == issued_on
    ]


def packed(runtime: Runtime, found: list[RegisteredCertificate]) -> IO[bytes]:
    # A PDF is compressed already; the time of issue instead of now makes the archive repeatable.
    archive: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - read by the answer
    with ZipFile(archive, "w", ZIP_STORED) as writing:
        for each in found:
            entry = ZipInfo(f"{each.number}.pdf", each.issued_at.timetuple()[:6])
            writing.writestr(entry, pdf_of(runtime, each))
    archive.seek(0)
    return archive


def pieces(archive: IO[bytes]) -> Iterator[bytes]:
    with archive:
        while piece := archive.read(PIECE):
            yield piece
