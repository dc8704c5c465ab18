"""The certificate number: district, year, serial and a check digit, easy to type and read."""

from __future__ import annotations

import re
from typing import ClassVar, Literal
from unicodedata import normalize

from certificates.kind import prefix_of
from domain.certificate import CertificateKind
from domain.refusals import Refused

Problem = Literal["length", "characters", "check_digit"]
_DIGITS = 18
_PARTS = re.compile(r"(\d{6})(\d{4})(\d{7})(\d)", re.ASCII)
_PRINTED = re.compile(
    r"(?:穗?家[结星学])?[(\[{<〔【〖「〈《](\d{4})[)\]}>〕】〗」〉》](.*)", re.ASCII
)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−﹣－_.·/]+")


class InvalidNumber(Refused):
    """No certificate number; `problem` says why: length, characters or check_digit."""

    code: ClassVar[str] = "certificate_number_invalid"

    def __init__(self, problem: Problem, **facts: object) -> None:
        super().__init__(problem=problem, **facts)
        self.problem = problem


def make(district: str, year: int, serial: int) -> str:
    """Give `440104-2026-0000123-7`. Impossible parts are a ValueError."""
    body = f"{district}{year}{serial:07d}"
    if not re.fullmatch(r"\d{17}", body, re.ASCII) or len(district) != 6 or serial < 1:  # noqa: PLR2004
        raise ValueError(f"no certificate number has the parts {district!r}, {year!r}, {serial!r}")
    return _dashed(body + check_digit(body))


def read(text: str) -> str:
    """Give the canonical number for what somebody typed or pasted. Raises InvalidNumber."""
    digits = _digits(text)
    if not re.fullmatch(r"\d*", digits, re.ASCII):
        raise InvalidNumber("characters")
    if len(digits) != _DIGITS:
        raise InvalidNumber("length", digits=len(digits), expected=_DIGITS)
    if check_digit(digits[:-1]) != digits[-1]:
        raise InvalidNumber("check_digit")
    return _dashed(digits)


def printed(number: str, kind: CertificateKind) -> str:
    """Give the number with its Chinese decoration: `穗家结〔2026〕440104-0000123-7`."""
    district, year, serial, check = number.split("-")
    return f"{prefix_of(kind)}〔{year}〕{district}-{serial}-{check}"


def as_integer(number: str) -> int:
    """Pack a canonical number into the integer of the QR payload."""
    return int(number.replace("-", ""))


def from_integer(value: int) -> str:
    """Unpack `as_integer`. Raises InvalidNumber."""
    return read(f"{value:018d}")


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def _digits(text: str) -> str:
    plain = _SEPARATORS.sub("", normalize("NFKC", text))
    decorated = _PRINTED.fullmatch(plain)
    if decorated is None:
        return plain
    year, rest = decorated.groups()
    return f"{rest[:6]}{year}{rest[6:]}"


def _dashed(digits: str) -> str:
    parts = _PARTS.fullmatch(digits)
    assert parts is not None
    return "-".join(parts.groups())
