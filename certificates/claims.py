"""The signed claims behind the QR code: every printed fact in about 130 bytes of CBOR."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from certificates import cbor, commitment
from certificates import number as numbers
from certificates.kind import ExamResult
from certificates.status import SIZE
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
_SCHOOL_YEAR = re.compile(r"([1-9]\d{3})学年", re.ASCII)
_EPOCH = date(1970, 1, 1)
_LAST_DAY = (date(9999, 12, 31) - _EPOCH).days
_LAST_SECOND = (_LAST_DAY + 1) * 86400 - 1
_FIRST_YEAR, _LAST_YEAR, _HIGHEST_LEVEL, _MOST = 1000, 9999, 5, 2**53 - 1
_ID_LENGTH = 16
# Python reads GB 18030 as of 2000, browsers as of 2005: they differ in one letter that a name has.
_EDITIONS = str.maketrans("\u1e3f\ue7c7", "\ue7c7\u1e3f")
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
    list_number, index = _pair(ours[6])
    return Claims(
        certificate_id=UUID(bytes=_bytes(outer[_ID], _ID_LENGTH)),
        number=numbers.from_integer(_integer(ours[2], most=10**18)),
        kind=_chosen(_KINDS, ours[1]),
        masked_holder=_unpacked(ours[4]),
        name_commitment=_bytes(ours[5], commitment.LENGTH),
        status_list=_integer(list_number, 1),
        status_index=_integer(index, most=SIZE - 1),
        school_name=_unpacked(ours[7]),
        hours=_integer(ours[3]),
        issued_at=_moment(outer[_ISSUED]),
        awarded_on=_day(ours[13]),
        rulebook_version=_text(ours[15]),
        expires_at=_read(outer, _EXPIRES, _moment),
        period=_read(ours, 8, _unpacked_period) or "",
        days=_read(ours, 14, _days),
        level=_read(ours, 9, lambda level: _integer(level, 1, _HIGHEST_LEVEL)),
        stage=_read(ours, 10, lambda code: _chosen(_STAGES, code)),
        face_to_face_hours=_read(ours, 11, lambda hours: _integer(hours, 1)) or 0,
        exam_result=_read(ours, 12, lambda code: _chosen(_RESULTS, code)),
    )


def _read(claims: dict[int, Any], key: int, reading: Callable[[object], _Choice]) -> _Choice | None:
    return reading(claims[key]) if key in claims else None


def _integer(value: object, least: int = 0, most: int = _MOST) -> int:
    if not isinstance(value, int) or not least <= value <= most:
        raise MalformedClaims("a number out of its range")
    return value


def _bytes(value: object, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise MalformedClaims("not so many bytes")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedClaims("no text")
    return value


def _chosen(choices: Sequence[_Choice], code: object) -> _Choice:
    return choices[_integer(code, most=len(choices) - 1)]


def _present(claims: dict[int, Any]) -> dict[int, Any]:
    return {key: value for key, value in claims.items() if value is not None}


# GB 18030 takes two bytes for a character where UTF-8 takes three, and every browser reads it.
def _packed(text: str) -> bytes:
    return text.translate(_EDITIONS).encode("gb18030")


def _unpacked(packed: object) -> str:
    if not isinstance(packed, bytes):
        raise MalformedClaims("a text that is not packed")
    return packed.decode("gb18030").translate(_EDITIONS)


def _packed_period(period: str) -> int | bytes | None:
    year = _SCHOOL_YEAR.fullmatch(period)
    if year is not None:
        return int(year[1])
    return _packed(period) if period else None


def _unpacked_period(packed: object) -> str:
    if isinstance(packed, bytes):
        return _unpacked(packed)
    return f"{_integer(packed, _FIRST_YEAR, _LAST_YEAR)}学年"


def _day_number(day: date) -> int:
    return (day - _EPOCH).days


def _day(number: object) -> date:
    return _EPOCH + timedelta(days=_integer(number, most=_LAST_DAY))


def _days(first_and_last: object) -> tuple[date, date]:
    first, last = _pair(first_and_last)
    return _day(first), _day(last)


def _pair(value: Any) -> tuple[object, object]:
    match value:
        case [first, second]:  # two bytes are no sequence here
            return first, second
        case _:
            raise MalformedClaims("no pair")


def _moment(seconds: object) -> datetime:
    return datetime.fromtimestamp(_integer(seconds, most=_LAST_SECOND), UTC)
