"""Open Badges credentials of the test issuer, their status list and the document of its keys."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from certificates import bitstring, credential, data_integrity, did, number, vc_jwt
from certificates.encodings import Document
from certificates.snapshot import Snapshot
from certificates.status import Place
from tools.vectors.issuer import ACTIVE, AT, SALT, TOKENS, URL, KnownKey, public_keys

PLACE = Place(1, 20_000)
TAKEN_BACK = Place(1, 21_000)
LIST = bitstring.bitstring_url(URL, 1)
DID_FILE = f"{URL}/.well-known/did.json"
USUAL: dict[str, Any] = {
    "certificate_id": UUID("0b9d1a52-6d0e-5c35-8f5e-7d3f3a1c9e10"),
    "number": number.make("440104", 2026, 30),
    "kind": "annual_completion",
    "holder_name": "示例慧",
    "school_name": "示例小学",
    "district_code": "440104",
    "period": "2025学年",
    "period_begins": date(2025, 9, 1),
    "period_ends": date(2026, 7, 10),
    "hours": 1250,
    "face_to_face_hours": 800,
    "exam_result": "pass",
    "awarded_on": date(2026, 7, 10),
    "issued_at": AT,
    "rulebook_version": "2026.1",
    "wording_version": "2026.1",
    "renderer_version": "2026.1",
    "host": "credits.example",
}
KINDS: dict[str, dict[str, Any]] = {
    "annual completion": {},
    "stage completion": {"kind": "stage_completion", "stage": "primary", "period": "小学学段"},
    "star level": {
        "kind": "star_level", "level": 3, "stage": "junior", "period": "", "hours": 3600,
        "exam_result": None, "valid_until": date(2028, 8, 31),
    },
    "statement of hours": {
        "kind": "statement_of_hours", "period": "", "exam_result": None,
        "valid_until": date(2027, 1, 6),
        "lines": (
            {"on": date(2025, 9, 13), "title": "示例讲座", "class_hours": 200, "hours": 150},
            {"on": date(2025, 10, 18), "title": "示例工作坊", "class_hours": 400, "hours": 400},
        ),
    },
}  # fmt: skip


def unsigned(kind: str = "annual completion", place: Place = PLACE, **changes: Any) -> Document:
    snapshot = Snapshot.model_validate(USUAL | KINDS[kind] | changes)
    return credential.document(snapshot, place, SALT, URL)


def signed(document: Document, key: KnownKey = ACTIVE) -> Document:
    return data_integrity.sign(document, key, key.address, AT)


def token(document: Document, key: KnownKey = TOKENS) -> str:
    return vc_jwt.sign(document, key, key.address, AT)


def files() -> dict[str, Document]:
    """What the issuer publishes, by address."""
    listed = bitstring.sign_list(1, [TAKEN_BACK.index], URL, ACTIVE, AT)
    return {DID_FILE: did.document(public_keys(), URL), LIST: listed}
