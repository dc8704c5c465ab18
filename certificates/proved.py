"""What a key signed that was given up since, and that the log proves older than its theft.

Verifiers read it in shards, each a COSE_Sign1 by a key in use over the first 16 bytes of the
SHA-256 of every such code, sorted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from certificates import cbor, cose
from certificates.public_keys import PublicKey

LENGTH = 16
VALID_FOR = timedelta(days=7)
MOST_SHARDS = 256
_IN_A_SHARD = 1000  # so many or more: whoever asks for a shard is one of a crowd
_URL = re.compile(r"https?://[^\s/?#]+/c/proved/([0-9a-f]{16})/(0|[1-9][0-9]{0,2})", re.ASCII)
_SUBJECT, _EXPIRES, _ISSUED, _PROVED = 2, 4, 6, -65538


class UntrustedProof(ValueError):
    """No shard that a key in use signed."""


@dataclass(frozen=True)
class Shard:
    """An opened shard: of which key and which part, and until when it is to be relied on."""

    kid: bytes
    number: int
    expires_at: datetime
    _hashes: frozenset[bytes]

    def holds(self, signed: bytes) -> bool:
        return hashlib.sha256(signed).digest()[:LENGTH] in self._hashes


def open_shard(data: bytes, keys: Mapping[bytes, PublicKey]) -> Shard:
    """Read a signed shard strictly; its address is signed. Raises UntrustedProof."""
    try:
        signed = cose.take_apart(data)
        claims = cbor.decode(signed.payload)
        match claims:
            case {
                2: str() as url,
                4: int() as expires,
                6: int() as issued,
                -65538: bytes() as told,
            }:
                issued_at, expires_at = (
                    datetime.fromtimestamp(at, UTC) for at in (issued, expires)
                )
            case _:
                raise UntrustedProof("no proof of ours")
    except (ValueError, OverflowError, OSError) as error:
        raise UntrustedProof(str(error)) from error
    named = _URL.fullmatch(url)
    if named is None or len(told) % LENGTH:
        raise UntrustedProof("no proof of ours")
    key = keys.get(signed.kid)
    if key is None or key.is_compromised or not key.may_have_signed_at(issued_at):
        raise UntrustedProof("not by a key in use")
    if not signed.is_signed_by(key.public_bytes, key.algorithm):
        raise UntrustedProof("not signed by us")
    hashes = frozenset(told[at : at + LENGTH] for at in range(0, len(told), LENGTH))
    return Shard(bytes.fromhex(named[1]), int(named[2]), expires_at, hashes)


def shards_for(count: int) -> int:
    """How many shards so many codes are told in: a power of two."""
    shards = 1
    while shards < MOST_SHARDS and count >= 2 * shards * _IN_A_SHARD:
        shards *= 2
    return shards


def shard_of(signed: bytes, shards: int) -> int:
    return hashlib.sha256(signed).digest()[0] * shards >> 8


def bounds(shard: int, shards: int) -> tuple[str, str]:
    """The least and the greatest SHA-256 of a shard, in hex."""
    width = 256 // shards
    first = shard * width
    return f"{first:02x}" + 62 * "0", f"{first + width - 1:02x}" + 62 * "f"


def shard_url(base_url: str, kid: bytes, shard: int) -> str:
    return f"{base_url.rstrip('/')}/c/proved/{kid.hex()}/{shard}"


def sign_shard(hashes: Iterable[str], url: str, signer: cose.Signer, at: datetime) -> bytes:
    """`hashes` are the SHA-256 of what is proved, in hex."""
    issued = int(at.timestamp())
    claims = {
        _SUBJECT: url,
        _ISSUED: issued,
        _EXPIRES: issued + int(VALID_FOR.total_seconds()),
        _PROVED: b"".join(sorted(bytes.fromhex(each)[:LENGTH] for each in hashes)),
    }
    return cose.sign(cbor.encode(claims), signer)
