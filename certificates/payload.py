"""From a snapshot to the bytes of its QR code: masked, committed to, cut to fit, signed.

A code of version 11 holds the whole name of a school of 19 characters on a completion (with its
first and last day 15), 16 on a star level and 14 on a statement, not counting the district, where
the site is `http://127.0.0.1:8000` and the holder has three characters; each two characters more
of the site cost one. Of the 501 schools with a junior stage in the city the longest has 19.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from certificates import cose, qr
from certificates.claims import Claims
from certificates.commitment import commit
from certificates.districts import brief_name
from certificates.snapshot import Snapshot
from certificates.status import Place
from domain.certificate import CertificateKind
from domain.masking import mask_name

_SHORTEST = 3
_LONGEST_MASK = 12


def claims_of(snapshot: Snapshot, place: Place, salt: bytes, base_url: str) -> Claims:
    """Give the claims to sign. A school name too long for the code keeps its ends: `广州…小学`.

    Rather than that, a completion leaves out its months. Raises CodeTooLarge.
    """
    claims = _whole(snapshot, place, salt)
    if _fits(claims, base_url):
        return claims
    if snapshot.kind is not CertificateKind.STATEMENT_OF_HOURS:
        claims = replace(claims, days=None)
        if _fits(claims, base_url):
            return claims
    for length in range(len(claims.school_name) - 1, _SHORTEST - 1, -1):
        shorter = replace(claims, school_name=_shortened(claims.school_name, length))
        if _fits(shorter, base_url):
            return shorter
    raise qr.CodeTooLarge(f"certificate {snapshot.number} does not fit its QR code")


def sealed(claims: Claims, signer: cose.Signer) -> bytes:
    """Sign the claims: the bytes that the vault keeps and the QR code carries."""
    return cose.sign(claims.encode(), signer)


def _whole(snapshot: Snapshot, place: Place, salt: bytes) -> Claims:
    return Claims(
        certificate_id=snapshot.certificate_id,
        number=snapshot.number,
        kind=snapshot.kind,
        masked_holder=_brief_mask(snapshot.holder_name),
        name_commitment=commit(snapshot.holder_name, salt),
        status_list=place.list_number,
        status_index=place.index,
        school_name=brief_name(snapshot.school_name, snapshot.district_code),
        hours=snapshot.hours,
        issued_at=snapshot.issued_at,
        awarded_on=snapshot.awarded_on,
        rulebook_version=snapshot.rulebook_version,
        expires_at=snapshot.expires_at,
        period=_period(snapshot),
        days=_days(snapshot),
        level=snapshot.level,
        stage=snapshot.stage,
        face_to_face_hours=snapshot.face_to_face_hours,
        exam_result=snapshot.exam_result,
    )


def _brief_mask(name: str) -> str:
    masked = mask_name(name)
    return masked if len(masked) <= _LONGEST_MASK else f"{masked[: _LONGEST_MASK - 1]}…"


def _period(snapshot: Snapshot) -> str:
    """Leave out what the stage tells: `小学学段`."""
    stage = snapshot.stage
    return "" if stage is not None and snapshot.period == f"{stage.zh}学段" else snapshot.period


def _days(snapshot: Snapshot) -> tuple[date, date] | None:
    first, last = snapshot.period_begins, snapshot.period_ends
    if snapshot.kind is CertificateKind.STAR_LEVEL or first is None or last is None:
        return None  # a star level prints no period
    return first, last


def _fits(claims: Claims, base_url: str) -> bool:
    return qr.fits(base_url, len(claims.encode()) + cose.OVERHEAD)


def _shortened(name: str, length: int) -> str:
    """Cut the middle: `length` characters, the ellipsis included."""
    tail = (length - 1) // 2
    return f"{name[: length - 1 - tail]}…{name[len(name) - tail :]}"
