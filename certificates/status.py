"""Signed status lists: one list of a million places says which certificates are no longer valid."""

from __future__ import annotations

import hashlib
import hmac
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from certificates import cbor, cose
from certificates.public_keys import PublicKey

BITS = 4
SIZE = 1 << 20
VALID_FOR = timedelta(days=7)
TIME_TO_LIVE = timedelta(minutes=5)
_SUBJECT, _EXPIRES, _ISSUED = 2, 4, 6
_STATUS_LIST, _TTL = 65533, 65534
_BYTES = SIZE * BITS // 8
_HALF_BITS = 10
_HALF = (1 << _HALF_BITS) - 1
_ROUNDS = 8
_URL = re.compile(r"https?://[^\s/?#]+/status/([1-9][0-9]{0,8})", re.ASCII)


class Status(IntEnum):
    """What the list says about one certificate. The numbers never change."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2
    REPLACED = 3
    WITHDRAWN = 4


class UntrustedStatusList(ValueError):
    """The list is not ours, not whole, or another list than the one asked for."""


@dataclass(frozen=True)
class Place:
    """Where a certificate's status is kept."""

    list_number: int
    index: int


@dataclass(frozen=True)
class StatusList:
    """An opened list."""

    url: str
    number: int
    issued_at: datetime
    expires_at: datetime
    _packed: bytes

    def at(self, index: int) -> Status:
        if not 0 <= index < SIZE:
            raise UntrustedStatusList("no such place")
        packed = self._packed[index >> 1]
        try:
            return Status(packed >> 4 if index & 1 else packed & 0xF)
        except ValueError as error:
            raise UntrustedStatusList("no such status") from error

    def is_fresh(self, now: datetime) -> bool:
        return now < self.expires_at


def place_of(counter: int, key: bytes) -> Place:
    """Give the n-th certificate its place: lists fill one after another, in no visible order."""
    list_number = counter // SIZE + 1
    return Place(list_number, index_of(counter % SIZE, key + list_number.to_bytes(4, "big")))


def index_of(counter: int, key: bytes) -> int:
    """Permute the numbers below 2^20 by a key: no two counters share an index, none shows order."""
    if not 0 <= counter < SIZE:
        raise ValueError("a list has 2^20 places")
    left, right = counter >> _HALF_BITS, counter & _HALF
    for turn in range(_ROUNDS):
        left, right = right, left ^ _mixed(key, turn, right)
    return left << _HALF_BITS | right


def sign_list(
    number: int, statuses: Mapping[int, Status], base_url: str, signer: cose.Signer, at: datetime
) -> bytes:
    """Sign one list, good for seven days. `statuses` names the places that are not valid."""
    issued = int(at.timestamp())
    packed = zlib.compress(_packed(statuses), 9)
    claims = {
        _SUBJECT: list_url(base_url, number),
        _ISSUED: issued,
        _EXPIRES: issued + int(VALID_FOR.total_seconds()),
        _TTL: int(TIME_TO_LIVE.total_seconds()),
        _STATUS_LIST: {"bits": BITS, "lst": packed},
    }
    return cose.sign(cbor.encode(claims), signer)


def open_list(
    data: bytes, number: int, base_url: str, keys: Mapping[bytes, PublicKey]
) -> StatusList:
    """Read a signed list strictly. Raises UntrustedStatusList."""
    opened = open_saved(data, keys)
    if opened.url != list_url(base_url, number):
        raise UntrustedStatusList("another list")
    return opened


def open_saved(data: bytes, keys: Mapping[bytes, PublicKey]) -> StatusList:
    """Read whatever list this is; its address is signed. Raises UntrustedStatusList."""
    try:
        signed = cose.take_apart(data)
        claims = cbor.decode(signed.payload)
    except ValueError as error:
        raise UntrustedStatusList(str(error)) from error
    match claims:
        case {
            2: str() as url,
            4: int() as expires,
            6: int() as issued,
            65533: {"bits": 4, "lst": bytes() as compressed},
        } if (number := _URL.fullmatch(url)) is not None:
            pass
        case _:
            raise UntrustedStatusList("no status list of ours")
    issued_at, expires_at = _moment(issued), _moment(expires)
    if not _is_trusted(signed, keys.get(signed.kid), issued_at):
        raise UntrustedStatusList("not signed by us")
    return StatusList(url, int(number[1]), issued_at, expires_at, _unpacked(compressed))


def list_url(base_url: str, number: int) -> str:
    return f"{base_url.rstrip('/')}/status/{number}"


def _is_trusted(signed: cose.Signed, key: PublicKey | None, issued_at: datetime) -> bool:
    return (
        key is not None
        and not key.is_compromised
        and key.may_have_signed_at(issued_at)
        and signed.is_signed_by(key.public_bytes, key.algorithm)
    )


def _packed(statuses: Mapping[int, Status]) -> bytes:
    packed = bytearray(_BYTES)
    for index, status in statuses.items():
        packed[index >> 1] |= status << (4 if index & 1 else 0)
    return bytes(packed)


def _unpacked(compressed: bytes) -> bytes:
    # The length is known: a bomb is cut off one byte after it.
    inflated = zlib.decompressobj()
    try:
        packed = inflated.decompress(compressed, _BYTES + 1)
    except zlib.error as error:
        raise UntrustedStatusList("not compressed by zlib") from error
    if len(packed) != _BYTES or not inflated.eof:
        raise UntrustedStatusList("not a whole list")
    return packed


def _mixed(key: bytes, turn: int, half: int) -> int:
    message = b"status index 1:" + bytes([turn]) + half.to_bytes(2, "big")
    return int.from_bytes(hmac.digest(key, message, hashlib.sha256)[:2], "big") & _HALF


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise UntrustedStatusList("no such time") from error
