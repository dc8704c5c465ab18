"""What the log proves of a key that was given up: certificates older than its theft."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from certificates import proved
from certificates.claims import Claims
from tools.vectors.issuer import ACTIVE, AT, FOREIGN, GIVEN_UP, URL, KnownKey, claims
from tools.vectors.tampering import sealed

_DAY = timedelta(days=1)
_SHARDS = 2


def proved_claims() -> Claims:
    return claims(40, issued_at=AT - 700 * _DAY)


def unproved_claims() -> Claims:
    """In the same shard, and not in it: the thief wrote an early date."""
    wanted = proved.shard_of(sealed(proved_claims(), GIVEN_UP), _SHARDS)
    early = (claims(serial, issued_at=AT - 700 * _DAY) for serial in range(41, 99))
    return next(
        each for each in early if proved.shard_of(sealed(each, GIVEN_UP), _SHARDS) == wanted
    )


def vectors() -> dict[str, object]:
    return {name: {"says": says, "cose": data.hex()} for name, (says, data) in made().items()}


def path() -> str:
    """Where the page asks for the shard of both certificates."""
    shard = proved.shard_of(sealed(proved_claims(), GIVEN_UP), _SHARDS)
    return f"/c/proved/{GIVEN_UP.kid.hex()}/{shard}"


def made() -> dict[str, tuple[str, bytes]]:
    def signed(key: KnownKey = ACTIVE, days_ago: int = 0, at: str = path()) -> bytes:
        hashes = [hashlib.sha256(sealed(proved_claims(), GIVEN_UP)).hexdigest(), "ab" * 32]
        return proved.sign_shard(hashes, URL + at, key, AT - days_ago * _DAY)

    return {
        "fresh": ("names one certificate of the key that was given up", signed()),
        "stale": ("the same, eight days old", signed(days_ago=8)),
        "foreign": ("signed by a key that is not in the list", signed(FOREIGN)),
        "self": ("signed by the very key that was given up", signed(GIVEN_UP, 700)),
        "another": ("the shard of another key", signed(at=f"/c/proved/{'0' * 16}/0")),
    }
