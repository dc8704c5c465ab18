"""All sheets that a school issued on one day, in one archive for the printer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.access.actions import Action
from api.access.policy import Forbidden
from api.asking import InAsking
from api.bootstrap import Runtime
from api.certificate_documents import pdf_of
from api.certificate_register import certificates_of
from api.certificates import SCHOOL_STAFF
from api.pages.certificate_access import PURPOSE
from domain.calendar import CITY_ZONE, local_day
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)

IN_MEMORY = 8 << 20
PIECE = 1 << 16


@router.get("/staff/schools/{school_code}/certificates/sheets.zip")
def sheets(asking: InAsking, school_code: str, issued_on: date) -> StreamingResponse:
    """The PDFs of a day's certificates that are still in force, for the school's own staff."""
    by = asking.may(Action.CERTIFICATE_READ, school_code)
    if by.actor.role not in SCHOOL_STAFF:
        raise Forbidden(action=Action.CERTIFICATE_READ.value)
    runtime = asking.runtime
    found = of_day(runtime, school_code, issued_on)
    learners = {each.learner_id for each in found}
    runtime.book.vault.show(learners, to=by.actor, purpose=PURPOSE, at=by.at)
    name = f"certificates-{school_code}-{issued_on:%Y%m%d}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    archive = pieces(packed(runtime, found))
    return StreamingResponse(archive, media_type="application/zip", headers=headers)


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
