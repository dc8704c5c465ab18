"""Issuing one certificate: its snapshot, its signed bytes, and what its event records of both.

It records nothing itself: the ledger calls it inside the transaction that draws the number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from certificates import check_code, credential, data_integrity, did, number, payload, qr, status
from certificates.claims import Claims
from certificates.cose import Signer
from certificates.drawing import RENDERER_VERSION, draw_pdf
from certificates.encodings import json_bytes
from certificates.kind import ExamResult
from certificates.plain_json import NotLinkedData
from certificates.snapshot import Snapshot, StatementLine
from certificates.wording import WORDING_VERSION
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import Award, CertificateKind
from domain.certificate_issue import Issue
from domain.grades import Stage
from domain.refusals import Refused
from ledger.certificate_numbers import Draw
from ledger.name_salts import certificate_salt, snapshot_salt

# Where a document goes: certificate id, kind, holder, content.
Filing = Callable[[UUID, str, UUID, bytes], None]


class HolderErased(Refused):
    """The holder's personal data were erased: there is no name to print."""

    code: ClassVar[str] = "holder_erased"


class CodeDoesNotFit(Refused):
    """What must be signed is too long for a code that can be read from paper."""

    code: ClassVar[str] = "certificate_code_too_large"


class CredentialUnwritable(Refused):
    """A word on the certificate cannot be signed so that every verifier reads the same."""

    code: ClassVar[str] = "certificate_credential_unwritable"


@dataclass(frozen=True)
class Holder:
    """The name to print, and the secret of the person that commitments are salted with."""

    name: str = field(repr=False)
    secret: bytes = field(repr=False)

    def salt(self, certificate_id: UUID) -> bytes:
        """One salt for each certificate: two commitments do not show that they are one person's."""
        return certificate_salt(self.secret, certificate_id)

    def salted(self, snapshot: Snapshot) -> Snapshot:
        """So that its hash, which stays in the ledger, lets nobody try names once it is erased."""
        salt = snapshot_salt(self.secret, snapshot.certificate_id).hex()
        return snapshot.model_copy(update={"salt": salt})


@dataclass(frozen=True)
class Particulars:
    """What a certificate says beyond the award: words, days and lines."""

    school_name: str
    rulebook_version: str
    period: str = ""
    period_begins: date | None = None
    period_ends: date | None = None
    valid_until: date | None = None
    exam_result: ExamResult | None = None
    lines: tuple[StatementLine, ...] = ()
    awarded_on: date | None = None  # of the sheet that this one replaces


@dataclass(frozen=True)
class Place:
    """Where the certificates of an installation are checked, and with what secrets."""

    base_url: str
    status_order: bytes = field(repr=False)
    check_secret: bytes = field(repr=False)
    extra_fonts: Path | None = None


@dataclass(frozen=True)
class Issuer:
    """Make one certificate after another; what they need is looked up by whoever joins this."""

    signer: Signer
    place: Place
    at: datetime
    holder_of: Callable[[UUID], Holder | None]
    particulars_of: Callable[[Award], Particulars]
    file: Filing

    def make(self, award: Award, draw: Draw) -> Issue:
        """Number, sign, draw once and file.

        Refuses HolderErased, CodeDoesNotFit, MissingGlyph, CredentialUnwritable.
        """
        holder = self.holder_of(award.learner_id)
        if holder is None or not holder.name:
            raise HolderErased
        snapshot = self._snapshot(award, draw, holder.name)
        claims = self._claims(snapshot, draw, holder)
        signed = payload.sealed(claims, self.signer)
        self._prove(snapshot, signed)
        files = Files(
            printed=holder.salted(snapshot).model_dump_json().encode(),
            signed=signed,
            credential=self._credential(snapshot, claims, holder),
        )
        try:
            for kind, content in files.by_kind(snapshot.number):
                self.file(draw.certificate_id, kind, award.learner_id, content)
        except LookupError as error:  # erased since the name was read
            raise HolderErased from error
        return self._issue(snapshot, claims, files)

    def _snapshot(self, award: Award, draw: Draw, name: str) -> Snapshot:
        said = self.particulars_of(award)
        on_stage = award.kind is not CertificateKind.ANNUAL_COMPLETION
        return Snapshot(
            certificate_id=draw.certificate_id,
            number=number.make(award.district_code, draw.year, draw.serial),
            kind=award.kind,
            holder_name=name,
            school_name=said.school_name,
            district_code=award.district_code,
            period=said.period,
            period_begins=said.period_begins,
            period_ends=said.period_ends,
            stage=Stage(award.stage) if on_stage else None,
            level=award.level,
            hours=award.hours,
            face_to_face_hours=award.face_to_face_hours,
            exam_result=said.exam_result,
            awarded_on=said.awarded_on or local_day(self.at, CITY_ZONE),
            issued_at=self.at.replace(microsecond=0),
            valid_until=said.valid_until,
            rulebook_version=said.rulebook_version,
            wording_version=WORDING_VERSION,
            renderer_version=RENDERER_VERSION,
            lines=said.lines,
            host=urlsplit(self.place.base_url).netloc,
        )

    def _claims(self, snapshot: Snapshot, draw: Draw, holder: Holder) -> Claims:
        counter = (draw.status_list - 1) * status.SIZE + draw.status_counter
        place = status.place_of(counter, self.place.status_order)
        salt = holder.salt(draw.certificate_id)
        try:
            return payload.claims_of(snapshot, place, salt, self.place.base_url)
        except qr.CodeTooLarge as error:
            raise CodeDoesNotFit from error

    def _prove(self, snapshot: Snapshot, signed: bytes) -> None:
        # A sheet that cannot be drawn must not be issued: only drawing tells of a missing glyph.
        link = qr.link(self.place.base_url, signed)
        code = check_code.make(self.place.check_secret, snapshot.number)
        draw_pdf(snapshot, link, code, extra_fonts=self.place.extra_fonts)

    def _credential(self, snapshot: Snapshot, claims: Claims, holder: Holder) -> bytes:
        place = status.Place(claims.status_list, claims.status_index)
        base_url = self.place.base_url
        document = credential.document(snapshot, place, holder.secret, base_url)
        key = did.key_address(did.did_of(base_url), self.signer.key_id)
        try:
            signed = data_integrity.sign(document, self.signer, key, snapshot.issued_at)
        except NotLinkedData as error:
            raise CredentialUnwritable from error
        return json_bytes(signed)

    def _issue(self, snapshot: Snapshot, claims: Claims, files: Files) -> Issue:
        return Issue(
            number=snapshot.number,
            key_id=self.signer.key_id,
            status_list=claims.status_list,
            status_index=claims.status_index,
            signed_sha256=sha256(files.signed),
            snapshot_sha256=sha256(files.printed),
            credential_sha256=sha256(files.credential),
            name_commitment=claims.name_commitment.hex(),
            issued_at=snapshot.issued_at,
            valid_until=snapshot.expires_at,
            wording_version=snapshot.wording_version,
            renderer_version=snapshot.renderer_version,
        )


@dataclass(frozen=True)
class Files:
    """What is filed of one certificate: the words, the bytes of the code, the credential."""

    printed: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    credential: bytes = field(repr=False)

    def by_kind(self, of_number: str) -> tuple[tuple[str, bytes], ...]:
        return (
            (snapshot_kind(of_number, sha256(self.printed)), self.printed),
            (signed_kind(of_number, sha256(self.signed)), self.signed),
            (credential_kind(of_number, sha256(self.credential)), self.credential),
        )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# A number drawn by a try that never committed is drawn again: the hash tells the two files apart.
def snapshot_kind(of_number: str, sha256: str) -> str:
    return f"snapshot/{of_number}/{sha256}"


def signed_kind(of_number: str, sha256: str) -> str:
    return f"cose/{of_number}/{sha256}"


def credential_kind(of_number: str, sha256: str) -> str:
    return f"credential/{of_number}/{sha256}"


def particulars_again(snapshot: Snapshot) -> Particulars:
    """What an earlier sheet said, for one that replaces it."""
    return Particulars(
        school_name=snapshot.school_name,
        rulebook_version=snapshot.rulebook_version,
        period=snapshot.period,
        period_begins=snapshot.period_begins,
        period_ends=snapshot.period_ends,
        valid_until=snapshot.valid_until,
        exam_result=snapshot.exam_result,
        lines=snapshot.lines,
        awarded_on=snapshot.awarded_on,
    )
