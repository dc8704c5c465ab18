"""The signed claims behind the QR code: every printed fact in about 130 bytes of CBOR."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from certificates import cbor
from certificates import number as numbers
from certificates.kind import ExamResult
from domain.certificate import CertificateKind
from domain.grades import Stage

_EXPIRES, _ISSUED, _ID, _OURS = 4, 6, 7, -65537
# The place of a choice is its code in every QR code that was ever printed: only append.
_KINDS = (
    CertificateKind.ANNUAL_COMPLETION,
    CertificateKind.STAGE_COMPLETION,
    CertificateKind.STAR_LEVEL,
    CertificateKind.STATEMENT_OF_HOURS,
)
_STAGES = (
    Stage.KINDERGARTEN,
    Stage.PRIMARY,
    Stage.JUNIOR,
    Stage.SENIOR,
    Stage.VOCATIONAL,
    Stage.SPECIAL,
)
_RESULTS = (ExamResult.PASS, ExamResult.MERIT)
_SCHOOL_YEAR = re.compile(r"(\d{4})学年", re.ASCII)
_EPOCH = date(1970, 1, 1)
_OUTER = frozenset({_EXPIRES, _ISSUED, _ID, _OURS})
_REQUIRED = frozenset({1, 2, 3, 4, 5, 6, 7, 13, 15})
_KNOWN = _REQUIRED | {8, 9, 10, 11, 12, 14}
_Choice = TypeVar("_Choice")


class MalformedClaims(ValueError):
    """Signed or not, these are no claims about a certificate."""


@dataclass(frozen=True)
class Claims:
    """What the signature covers. Hours are hundredths; the name is masked and committed to.

    `school_name` comes without its district, which the number tells; `days` are the first and the
    last day of a statement or a completion.
    """

    certificate_id: UUID
    number: str
    kind: CertificateKind
    masked_holder: str
    name_commitment: bytes
    status_list: int
    status_index: int
    school_name: str
    hours: int
    issued_at: datetime
    awarded_on: date
    rulebook_version: str
    expires_at: datetime | None = None
    period: str = ""
    days: tuple[date, date] | None = None
    level: int | None = None
    stage: Stage | None = None
    face_to_face_hours: int = 0
    exam_result: ExamResult | None = None

    def encode(self) -> bytes:
        outer = {
            _EXPIRES: None if self.expires_at is None else int(self.expires_at.timestamp()),
            _ISSUED: int(self.issued_at.timestamp()),
            _ID: self.certificate_id.bytes,
            _OURS: _present(self._ours()),
        }
        return cbor.encode(_present(outer))

    def _ours(self) -> dict[int, object]:
        return {
            1: _KINDS.index(self.kind),
            2: numbers.as_integer(self.number),
            3: self.hours,
            4: _packed(self.masked_holder),
            5: self.name_commitment,
            6: [self.status_list, self.status_index],
            7: _packed(self.school_name),
            8: _packed_period(self.period),
            9: self.level,
            10: None if self.stage is None else _STAGES.index(self.stage),
            11: self.face_to_face_hours or None,
            12: None if self.exam_result is None else _RESULTS.index(self.exam_result),
            13: _day_number(self.awarded_on),
            14: None if self.days is None else [_day_number(day) for day in self.days],
            15: self.rulebook_version,
        }


def decode(data: bytes) -> Claims:
    """Read claims strictly: a key we do not know is refused. Raises MalformedClaims."""
    try:
        outer: dict[int, Any] = cbor.decode(data)
        return _claims(outer, outer[_OURS])
    except (ValueError, TypeError, LookupError, OverflowError, numbers.InvalidNumber) as error:
        raise MalformedClaims(str(error)) from error


def _claims(outer: dict[int, Any], ours: dict[int, Any]) -> Claims:
    if set(outer) - _OUTER or set(ours) - _KNOWN or _REQUIRED - set(ours):
        raise MalformedClaims("unknown or missing claims")
    list_number, index = ours[6]
    return Claims(
        certificate_id=UUID(bytes=outer[_ID]),
        number=numbers.from_integer(ours[2]),
        kind=_chosen(_KINDS, ours[1]),
        masked_holder=_unpacked(ours[4]),
        name_commitment=bytes(ours[5]),
        status_list=int(list_number),
        status_index=int(index),
        school_name=_unpacked(ours[7]),
        hours=int(ours[3]),
        issued_at=_moment(outer[_ISSUED]),
        awarded_on=_day(ours[13]),
        rulebook_version=str(ours[15]),
        expires_at=_moment(outer[_EXPIRES]) if _EXPIRES in outer else None,
        period=_unpacked_period(ours.get(8)),
        days=_days(ours.get(14)),
        level=ours.get(9),
        stage=_chosen(_STAGES, ours[10]) if 10 in ours else None,  # noqa: PLR2004
        face_to_face_hours=ours.get(11, 0),
        exam_result=_chosen(_RESULTS, ours[12]) if 12 in ours else None,  # noqa: PLR2004
    )


def _chosen(choices: Sequence[_Choice], code: int) -> _Choice:
    if code < 0:
        raise MalformedClaims("a negative code")
    return choices[code]


def _present(claims: dict[int, Any]) -> dict[int, Any]:
    return {key: value for key, value in claims.items() if value is not None}


# GB 18030 takes two bytes for a character where UTF-8 takes three, and every browser reads it.
def _packed(text: str) -> bytes:
    return text.encode("gb18030")


def _unpacked(packed: object) -> str:
    if not isinstance(packed, bytes):
        raise MalformedClaims("a text that is not packed")
    return packed.decode("gb18030")


def _packed_period(period: str) -> int | bytes | None:
    year = _SCHOOL_YEAR.fullmatch(period)
    if year is not None:
        return int(year[1])
    return _packed(period) if period else None


def _unpacked_period(packed: int | bytes | None) -> str:
    match packed:
        case int():
            return f"{packed}学年"
        case bytes():
            return _unpacked(packed)
        case _:
            return ""


def _day_number(day: date) -> int:
    return (day - _EPOCH).days


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def _days(numbers_of_days: list[int] | None) -> tuple[date, date] | None:
    if numbers_of_days is None:
        return None
    first, last = numbers_of_days
    return _day(first), _day(last)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
