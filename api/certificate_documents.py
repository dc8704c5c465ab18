"""The documents of a certificate as the vault keeps them, and the sheets drawn from them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar
from urllib.parse import urlencode, urlsplit

from api.bootstrap import Runtime
from api.certificate_proofs import attached_proof
from api.signing import key_store
from certificates import check_code, qr, vc_jwt
from certificates.baking import bake_png, bake_svg
from certificates.cose import ES256
from certificates.did import key_address
from certificates.drawing import Attachment, draw_pdf, draw_png, draw_svg
from certificates.encodings import json_object
from certificates.issuing import HolderErased, credential_kind, signed_kind, snapshot_kind
from certificates.pictures import webp
from certificates.snapshot import Snapshot
from domain.certificate_refusals import UnknownCertificate
from domain.refusals import Refused
from projections.certificate_register import RegisteredCertificate

Drawn = TypeVar("Drawn", str, bytes)


class CredentialMissing(Refused):
    """Issued before certificates had a credential: a reissue has one."""

    code: ClassVar[str] = "credential_missing"


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


def credential_of(runtime: Runtime, certificate: RegisteredCertificate) -> bytes | None:
    """The signed credential; None for the first certificates, and once the data are erased."""
    sha256 = certificate.credential_sha256
    if not sha256:
        return None
    return filed(runtime, certificate, credential_kind(certificate.number, sha256), sha256)


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
    """The same bytes from the second on in which the log has the certificate.

    Refuses HolderErased.
    """
    sheet = sheet_of(runtime, certificate)
    return draw_pdf(
        sheet.snapshot,
        sheet.qr_text,
        sheet.check_code,
        attachments=list(attachments_of(runtime, certificate, sheet)),
        extra_fonts=runtime.settings.extra_fonts,
    )


def attachments_of(
    runtime: Runtime, certificate: RegisteredCertificate, sheet: Sheet
) -> Iterator[Attachment]:
    """What checks the sheet without paper or server: code, credential, proof of the log."""
    credential = credential_of(runtime, certificate)
    if credential is None:
        return
    yield Attachment("code.txt", sheet.qr_text, "text/plain", "二维码内容")
    text = credential.decode()
    yield Attachment("credential.json", text, "application/vc+ld+json", "Open Badges 3.0")
    proof = attached_proof(runtime, certificate)
    if proof is not None:
        yield Attachment("log-proof.json", proof, "application/json", "存证证明")


def png_of(runtime: Runtime, certificate: RegisteredCertificate, page: int = 1) -> bytes:
    """The first page has the credential baked in. Refuses HolderErased, UnknownCertificate."""
    sheet = sheet_of(runtime, certificate)
    fonts = runtime.settings.extra_fonts
    pages = draw_png(sheet.snapshot, sheet.qr_text, sheet.check_code, extra_fonts=fonts)
    picture = page_of(pages, page)
    credential = credential_of(runtime, certificate) if page == 1 else None
    return picture if credential is None else bake_png(picture, credential)


def svg_of(runtime: Runtime, certificate: RegisteredCertificate, page: int = 1) -> bytes:
    """The same as PNG, to any size. Refuses HolderErased, UnknownCertificate."""
    sheet = sheet_of(runtime, certificate)
    fonts = runtime.settings.extra_fonts
    pages = draw_svg(sheet.snapshot, sheet.qr_text, sheet.check_code, extra_fonts=fonts)
    picture = page_of(pages, page)
    credential = credential_of(runtime, certificate) if page == 1 else None
    return picture.encode() if credential is None else bake_svg(picture, credential)


def webp_of(runtime: Runtime, certificate: RegisteredCertificate, page: int = 1) -> bytes:
    """A light picture for phones. Refuses HolderErased, UnknownCertificate."""
    return webp(png_of(runtime, certificate, page))


def jwt_of(runtime: Runtime, certificate: RegisteredCertificate) -> str:
    """The credential signed by ES256 now, for who asks for a JWT.

    Refuses HolderErased, CredentialMissing, NoSigningKey.
    """
    credential = require_credential(runtime, certificate)
    unsigned = {term: value for term, value in json_object(credential).items() if term != "proof"}
    now = runtime.now()
    signer = key_store(runtime).signer(now, ES256)
    key = key_address(unsigned["issuer"]["id"], signer.key_id)
    return vc_jwt.sign(unsigned, signer, key, now)


def require_credential(runtime: Runtime, certificate: RegisteredCertificate) -> bytes:
    """Refuses HolderErased, CredentialMissing."""
    if not certificate.credential_sha256:
        raise CredentialMissing
    credential = credential_of(runtime, certificate)
    if credential is None:
        raise HolderErased
    return credential


def page_of(pages: tuple[Drawn, ...], page: int) -> Drawn:
    if not 1 <= page <= len(pages):
        raise UnknownCertificate(pages=len(pages))
    return pages[page - 1]
