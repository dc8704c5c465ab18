"""Strict spellings that credentials use: base58, base64url, JSON. What is read has one spelling."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, urlsafe_b64encode
from typing import Any, cast

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LONGEST = 200
ED25519 = b"\xed\x01"  # what a multikey says before the 32 bytes of a public key

Document = dict[str, Any]
Json = dict[str, "Json"] | list["Json"] | str | int | float | None


def base58(data: bytes) -> str:
    """Give `z` (multibase base58-btc) and the digits; zero bytes in front are ones in front."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def unbase58(text: str) -> bytes:
    """Undo `base58`. Raises ValueError for anything that it does not give."""
    if not text.startswith("z") or len(text) > _LONGEST:
        raise ValueError("not base58-btc")
    number = 0
    for digit in text[1:]:
        number = number * 58 + _ALPHABET.index(digit)
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Undo `base64url`. Raises ValueError for anything that it does not give."""
    try:
        data = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from error
    if base64url(data) != text:
        raise ValueError("another spelling")
    return data


def json_object(content: bytes | str) -> Document:
    """Read one JSON object in which no name stands twice. Raises ValueError."""
    try:
        found = json.loads(content, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("too deep") from error
    return members(found)


def json_bytes(value: Document) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def members(value: object) -> Document:
    """Give the members of a JSON object. Raises ValueError for anything else."""
    match value:
        case dict():
            return cast("Document", value)
        case _:
            raise ValueError("not a JSON object")


def _once(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"not JSON: {name}")
