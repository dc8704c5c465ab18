"""What a key signed that was given up since, and that the log proves older than its theft.

Verifiers read it in shards, each a COSE_Sign1 by a key in use over the first 16 bytes of the
SHA-256 of every such code, sorted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from certificates import cbor, cose

LENGTH = 16
VALID_FOR = timedelta(days=7)
MOST_SHARDS = 256
_IN_A_SHARD = 1000  # so many or more: whoever asks for a shard is one of a crowd
_SUBJECT, _EXPIRES, _ISSUED, _PROVED = 2, 4, 6, -65538


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
