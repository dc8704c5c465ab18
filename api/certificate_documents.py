"""The documents of a certificate as the vault keeps them, and the sheets drawn from them again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from api.bootstrap import Runtime
from certificates import check_code, qr
from certificates.drawing import draw_pdf, draw_png
from certificates.issuing import HolderErased, signed_kind, snapshot_kind
from certificates.pictures import webp
from certificates.snapshot import Snapshot
from domain.certificate import UnknownCertificate
from projections.certificate_register import RegisteredCertificate


class DocumentDamaged(Exception):
    """A filed document is not the one whose hash the ledger recorded."""


@dataclass(frozen=True)
class Sheet:
    """What is drawn: the same inputs each time, hence the same bytes."""

    snapshot: Snapshot = field(repr=False)
    qr_text: str = field(repr=False)
    check_code: str = field(repr=False)


def snapshot_of(runtime: Runtime, certificate: RegisteredCertificate) -> Snapshot | None:
    """What was printed; None once the holder's data are erased."""
    kind = snapshot_kind(certificate.number, certificate.snapshot_sha256)
    content = filed(runtime, certificate, kind, certificate.snapshot_sha256)
    return None if content is None else Snapshot.model_validate_json(content)


def signed_of(runtime: Runtime, certificate: RegisteredCertificate) -> bytes | None:
    """What was signed; None once the holder's data are erased."""
    kind = signed_kind(certificate.number, certificate.signed_sha256)
    return filed(runtime, certificate, kind, certificate.signed_sha256)


def filed(
    runtime: Runtime, certificate: RegisteredCertificate, kind: str, sha256: str
) -> bytes | None:
    content = runtime.book.vault.document(certificate.certificate_id, kind)
    if content is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise DocumentDamaged(certificate.number, kind)
    return content


def check_code_of(runtime: Runtime, number: str) -> str:
    """The code printed beside a number."""
    return check_code.make(runtime.secrets.check_code, number)


def verify_url_of(runtime: Runtime, number: str) -> str:
    """The public page with number and check code filled in."""
    asked = urlencode({"number": number, "code": check_code_of(runtime, number)})
    return f"{runtime.settings.public_url}/verify?{asked}"


def sheet_of(runtime: Runtime, certificate: RegisteredCertificate) -> Sheet:
    """Refuses HolderErased."""
    snapshot, signed = snapshot_of(runtime, certificate), signed_of(runtime, certificate)
    if snapshot is None or signed is None:
        raise HolderErased
    # The host of the day it was issued: a reprint after a move carries the code it always had.
    base_url = f"{urlsplit(runtime.settings.public_url).scheme}://{snapshot.host}"
    return Sheet(snapshot, qr.link(base_url, signed), check_code_of(runtime, certificate.number))


def pdf_of(runtime: Runtime, certificate: RegisteredCertificate) -> bytes:
    """Refuses HolderErased."""
    sheet = sheet_of(runtime, certificate)
    fonts = runtime.settings.extra_fonts
    return draw_pdf(sheet.snapshot, sheet.qr_text, sheet.check_code, extra_fonts=fonts)


def png_of(runtime: Runtime, certificate: RegisteredCertificate, page: int = 1) -> bytes:
    """Refuses HolderErased, UnknownCertificate."""
    sheet = sheet_of(runtime, certificate)
    fonts = runtime.settings.extra_fonts
    pages = draw_png(sheet.snapshot, sheet.qr_text, sheet.check_code, extra_fonts=fonts)
    if not 1 <= page <= len(pages):
        raise UnknownCertificate(pages=len(pages))
    return pages[page - 1]


def webp_of(runtime: Runtime, certificate: RegisteredCertificate, page: int = 1) -> bytes:
    """A light picture for phones. Refuses HolderErased, UnknownCertificate."""
    return webp(png_of(runtime, certificate, page))
