"""The invented issuer of the test vectors: its secrets are public, its signatures worthless."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from certificates import number, private_keys
from certificates.claims import Claims
from certificates.commitment import commit
from certificates.cose import EDDSA, ES256
from certificates.did import did_of, key_address
from certificates.kind import ExamResult
from certificates.private_keys import PrivateKey
from certificates.public_keys import GivenUp, KeyState, PublicKey
from domain.certificate import CertificateKind
from domain.grades import Stage
from domain.masking import mask_name

URL = "https://credits.example"
DID = did_of(URL)
AT = datetime(2026, 7, 10, 4, tzinfo=UTC)
SALT = bytes(range(16))
_IDS = UUID("6f1d5f4e-0a53-5c1b-9a39-3d5e7f0c2b11")
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class KnownKey:
    """A key that everybody knows. Its secret is the SHA-256 of a sentence with its name."""

    key_id: str
    algorithm: int = EDDSA

    @property
    def sentence(self) -> str:
        return f"parent-credits test key {self.key_id}: worthless"

    @property
    def secret(self) -> bytes:
        return hashlib.sha256(self.sentence.encode()).digest()

    @property
    def public(self) -> bytes:
        return private_keys.public_bytes(self._private)

    @property
    def kid(self) -> bytes:
        return hashlib.sha256(self.public).digest()[:8]

    @property
    def address(self) -> str:
        return key_address(DID, self.key_id)

    @property
    def _private(self) -> PrivateKey:
        return private_keys.unpacked(self.secret, self.algorithm)

    def sign(self, data: bytes) -> bytes:
        return private_keys.sign(self._private, data)


ACTIVE, RETIRED, STOLEN, FOREIGN = (
    KnownKey(name) for name in ("test-2026", "test-2025", "test-2024", "test-foreign")
)
GIVEN_UP = KnownKey("test-2023")  # stolen, and the log proves what it signed before
TOKENS = KnownKey("test-2026-es256", ES256)


def public_keys() -> list[PublicKey]:
    """Keys of each state; the foreign one is not among them."""
    begins = datetime(2026, 1, 1, tzinfo=UTC)

    def public(
        key: KnownKey, years_ago: int, state: KeyState, days: int | None, shards: int = 0
    ) -> PublicKey:
        signs_from = begins - years_ago * _YEAR
        return PublicKey(
            key_id=key.key_id, public=key.public.hex(), state=state, signs_from=signs_from,
            signs_until=signs_from + 2 * _YEAR,
            changed_at=None if days is None else signs_from + timedelta(days=days),
            given_up=GivenUp(stolen_at=signs_from, shards=shards) if shards else None,
        )  # fmt: skip

    return [
        public(ACTIVE, 0, KeyState.ACTIVE, None),
        public(TOKENS, 0, KeyState.ACTIVE, None),
        public(RETIRED, 1, KeyState.RETIRED, 365),
        public(STOLEN, 2, KeyState.COMPROMISED, 400),
        public(GIVEN_UP, 2, KeyState.COMPROMISED, 400, shards=2),
    ]


def claims(serial: int, holder: str = "示例慧", **changes: Any) -> Claims:
    """Claims of an annual completion, with some other than usual; the serial is the place too."""
    usual = Claims(
        certificate_id=uuid5(_IDS, str(serial)),
        number=number.make("440104", 2026, serial),
        kind=CertificateKind.ANNUAL_COMPLETION,
        masked_holder=mask_name(holder),
        name_commitment=commit(holder, SALT),
        status_list=1,
        status_index=1000 * serial,
        school_name="示例小学",
        hours=1250,
        issued_at=AT,
        awarded_on=date(2026, 7, 10),
        rulebook_version="2026.1",
        period="2025学年",
        face_to_face_hours=800,
        exam_result=ExamResult.PASS,
    )
    return replace(usual, **changes)


def each_kind() -> dict[str, Claims]:
    """One certificate of every kind, and names that are hard to spell."""
    stage: dict[str, Any] = {
        "kind": CertificateKind.STAGE_COMPLETION,
        "stage": Stage.PRIMARY,
        "period": "",
    }
    star: dict[str, Any] = {
        "kind": CertificateKind.STAR_LEVEL, "stage": Stage.JUNIOR, "level": 3, "period": "",
        "exam_result": None, "expires_at": datetime(2028, 8, 31, 16, tzinfo=UTC),
    }  # fmt: skip
    statement: dict[str, Any] = {
        "kind": CertificateKind.STATEMENT_OF_HOURS, "period": "", "exam_result": None,
        "days": (date(2025, 9, 1), date(2026, 7, 10)), "face_to_face_hours": 0,
        "expires_at": datetime(2027, 1, 6, 16, tzinfo=UTC),
    }  # fmt: skip
    return {
        "annual completion": claims(1),
        "stage completion": claims(2, **stage),
        "star level": claims(3, **star),
        "statement of hours": claims(4, **statement),
        "a rare character": claims(5, "示䶮", school_name="示𬍛小学"),
        "a letter that editions of GB 18030 disagree on": claims(6, "示例", school_name="ḿ小学"),
        "a name with a dot": claims(7, "示例古丽·买买提", exam_result=ExamResult.MERIT),
        "a Latin name": claims(8, "Maria-José López", period="2025学年第一学期"),
    }
