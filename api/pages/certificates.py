"""A certificate as a sheet to keep, print or show, and the holder's own page with share links."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.asking import Asking, InAsking, InParent
from api.certificate_checks import judged
from api.certificate_documents import (
    check_code_of,
    jwt_of,
    pdf_of,
    png_of,
    require_credential,
    svg_of,
    webp_of,
)
from api.certificate_proofs import log_proof
from api.language.catalogue import language_of
from api.pages.certificate_access import own_certificate, readable
from api.pages.certificate_withdrawal import may_be_withdrawn
from api.pages.certificate_words import certificate_page
from api.problems import status_of, text_of
from api.sharing import MOST_DAYS, USUAL_DAYS, NewShareLink, ShareLinks
from certificates.encodings import json_bytes
from domain.envelope import Envelope
from domain.refusals import Refused
from projections.certificate_register import RegisteredCertificate

router = APIRouter(include_in_schema=False)


@router.get("/certificates/{number}.pdf")
def pdf(staff: InAsking, parent: InParent, number: str, share: str = "") -> Response:
    found = readable(staff, parent, number, share)
    return sheet(found, pdf_of(staff.runtime, found), "application/pdf", "pdf")


@router.get("/certificates/{number}.png")
def png(staff: InAsking, parent: InParent, number: str, share: str = "", page: int = 1) -> Response:
    found = readable(staff, parent, number, share)
    return sheet(found, png_of(staff.runtime, found, page), "image/png", "png")


@router.get("/certificates/{number}.webp")
def picture(
    staff: InAsking, parent: InParent, number: str, share: str = "", page: int = 1
) -> Response:
    found = readable(staff, parent, number, share)
    return sheet(found, webp_of(staff.runtime, found, page), "image/webp", "webp")


@router.get("/certificates/{number}.svg")
def svg(staff: InAsking, parent: InParent, number: str, share: str = "", page: int = 1) -> Response:
    found = readable(staff, parent, number, share)
    answer = sheet(found, svg_of(staff.runtime, found, page), "image/svg+xml", "svg")
    # Opened by itself it is a page of our own: it may do nothing but be looked at.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


@router.get("/certificates/{number}.json")
def credential(staff: InAsking, parent: InParent, number: str, share: str = "") -> Response:
    """The Open Badges 3.0 credential as it was signed."""
    found = readable(staff, parent, number, share)
    return sheet(found, require_credential(staff.runtime, found), "application/json", "json")


@router.get("/certificates/{number}.jwt")
def jwt(staff: InAsking, parent: InParent, number: str, share: str = "") -> Response:
    """The same credential as a VC-JWT, for whoever asks for one."""
    found = readable(staff, parent, number, share)
    return sheet(found, jwt_of(staff.runtime, found).encode(), "text/plain", "jwt")


@router.get("/certificates/{number}/log-proof.json")
def proof_of_log(staff: InAsking, parent: InParent, number: str, share: str = "") -> Response:
    """That the log has this certificate, to be checked anywhere."""
    found = readable(staff, parent, number, share)
    return sheet(found, json_bytes(log_proof(staff.runtime, found)), "application/json", "log.json")


@router.get("/me/certificates/{number}")
def own_page(request: Request, asking: InParent, number: str, done: str = "") -> Response:
    certificate, by = own_certificate(asking, number)
    return show(request, asking, certificate, by, done=done)


@router.post("/me/certificates/{number}/share-links")
def open_link(
    request: Request,
    asking: InParent,
    number: str,
    days: Annotated[int, Form()] = USUAL_DAYS,
) -> Response:
    """The address is shown in the answer to the press, and never again: only its hash is kept."""
    certificate, by = own_certificate(asking, number)
    links = ShareLinks(asking.runtime.tables)
    try:
        opened = links.open(certificate.certificate_id, by.actor.id, by.at, days)
    except Refused as refusal:
        return show(request, asking, certificate, by, refusal=refusal)
    return show(request, asking, certificate, by, opened)


@router.post("/me/certificates/{number}/share-links/{link_id}/close")
def close_link(asking: InParent, number: str, link_id: UUID) -> Response:
    certificate, by = own_certificate(asking, number)
    ShareLinks(asking.runtime.tables).close(link_id, certificate.certificate_id, by.at)
    return RedirectResponse(f"/me/certificates/{certificate.number}", status_code=303)


def show(
    request: Request,
    asking: Asking,
    certificate: RegisteredCertificate,
    by: Envelope,
    opened: NewShareLink | None = None,
    refusal: Refused | None = None,
    done: str = "",
) -> Response:
    runtime = asking.runtime
    address = f"{runtime.settings.public_url}/certificates/{certificate.number}.pdf"
    return certificate_page(
        request,
        "own.html",
        status_of(refusal.code) if refusal else 200,
        certificate=certificate,
        checked=judged(runtime, certificate),
        check_code=check_code_of(runtime, certificate.number),
        links=ShareLinks(runtime.tables).of(certificate.certificate_id, by.at),
        address=f"{address}?share={opened.token}" if opened else None,
        opened=opened,
        usual_days=USUAL_DAYS,
        most_days=MOST_DAYS,
        may_withdraw=may_be_withdrawn(certificate),
        done=done,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
        home="/me",
        here=f"/me/certificates/{certificate.number}",
    )


def sheet(
    certificate: RegisteredCertificate, content: bytes, media_type: str, ending: str
) -> Response:
    headers = {
        "Content-Disposition": f'inline; filename="{certificate.number}.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
