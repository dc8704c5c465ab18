"""Status lists of the test issuer, good and bad."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from certificates import cbor, cose, status
from certificates.status import Status
from tools.vectors.issuer import ACTIVE, AT, FOREIGN, STOLEN, URL, KnownKey

# The places of the certificates with these serials: see `issuer.claims`.
STATUSES = {
    10_000: Status.REVOKED,
    11_000: Status.SUSPENDED,
    12_000: Status.REPLACED,
    13_000: Status.WITHDRAWN,
    14_001: Status.REVOKED,
    15_000: Status.REVOKED,
}
UNDEFINED = 16_000
_DAY = timedelta(days=1)
_BYTES = status.SIZE // 2


def vectors() -> dict[str, object]:
    return {name: {"says": says, "cose": data.hex()} for name, (says, data) in made().items()}


def made() -> dict[str, tuple[str, bytes]]:
    fresh = status.sign_list(1, STATUSES, URL, ACTIVE, AT)
    return {
        "fresh": ("signed at the time of the checks, good for seven days", fresh),
        "stale": ("signed eight days before", _signed_at(AT - 8 * _DAY, ACTIVE)),
        "touched": ("a byte was changed after signing", fresh[:-1] + bytes([fresh[-1] ^ 1])),
        "foreign": ("signed by a key that is not in the list", _signed_at(AT, FOREIGN)),
        "stolen": ("signed by a key that was stolen", _signed_at(AT, STOLEN)),
        "before": ("signed when the key might not yet", _signed_at(AT - 365 * _DAY, ACTIVE)),
        "another": ("list 2, signed properly", status.sign_list(2, {}, URL, ACTIVE, AT)),
        "short": ("signed properly, half of it", _listing(bytes(_BYTES // 2))),
        "long": ("signed properly, a byte too long", _listing(bytes(_BYTES + 1))),
        "two bits": ("signed properly, two bits a place", _listing(bytes(_BYTES), bits=2)),
        "undefined": ("signed properly, status 5 at place 16000", _listing(_undefined())),
    }


def _signed_at(at: datetime, key: KnownKey) -> bytes:
    return status.sign_list(1, STATUSES, URL, key, at)


def _listing(packed: bytes, bits: int = 4) -> bytes:
    issued = int(AT.timestamp())
    listed = {"bits": bits, "lst": zlib.compress(packed, 9)}
    expires = issued + int(status.VALID_FOR.total_seconds())
    subject = status.list_url(URL, 1)
    return cose.sign(
        cbor.encode({2: subject, 4: expires, 6: issued, 65534: 300, 65533: listed}), ACTIVE
    )


def _undefined() -> bytes:
    packed = bytearray(_BYTES)
    packed[UNDEFINED >> 1] = 5
    return bytes(packed)
