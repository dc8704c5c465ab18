"""The status list of Open Badges credentials: W3C Bitstring Status List, one bit a certificate.

The same places as in the token list of the QR codes; a bit is set for whatever is not in force.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from certificates import data_integrity
from certificates.cose import Signer
from certificates.did import did_of, key_address
from certificates.encodings import Document, base64url, unbase64url
from certificates.linked_data import CREDENTIALS
from certificates.status import SIZE, TIME_TO_LIVE, VALID_FOR, Place, list_url

PURPOSE = "revocation"
_BYTES = SIZE // 8
_LONGEST = 2 * _BYTES


class UntrustedBitstring(ValueError):
    """Not a whole list of a million bits."""


def entry(place: Place, base_url: str) -> Document:
    """What a credential says of its place."""
    address = bitstring_url(base_url, place.list_number)
    return {
        "id": f"{address}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(place.index),
        "statusListCredential": address,
    }


def bitstring_url(base_url: str, number: int) -> str:
    return f"{list_url(base_url, number)}/bitstring"


def sign_list(
    number: int, taken_back: Iterable[int], base_url: str, signer: Signer, at: datetime
) -> Document:
    """Give the signed list credential: valid from `at`, for seven days."""
    address, did = bitstring_url(base_url, number), did_of(base_url)
    document: Document = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": data_integrity.moment(at),
        "validUntil": data_integrity.moment(at + VALID_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "ttl": int(TIME_TO_LIVE.total_seconds() * 1000),
            "encodedList": encode(taken_back),
        },
    }
    return data_integrity.sign(document, signer, key_address(did, signer.key_id), at)


def encode(indexes: Iterable[int]) -> str:
    """Pack the set bits, the first leftmost, by gzip and multibase base64url."""
    bits = bytearray(_BYTES)
    for index in indexes:
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + base64url(gzip.compress(bytes(bits), 9, mtime=0))


def is_set(encoded: str, index: int) -> bool:
    """Read one bit. Raises UntrustedBitstring."""
    if not 0 <= index < SIZE:
        raise UntrustedBitstring("no such place")
    return bool(_unpacked(encoded)[index >> 3] & (0x80 >> (index & 7)))


def index_of(credential: Mapping[str, Any]) -> tuple[str, int]:
    """Give the address of the list and the place that a credential names. Raises ValueError."""
    match credential.get("credentialStatus"):
        case {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str() as index,
            "statusListCredential": str() as address,
        } if index.isascii() and index.isdecimal() and len(index) <= len(str(SIZE)):
            return address, int(index)
        case _:
            raise ValueError("no status entry of ours")


def _unpacked(encoded: str) -> bytes:
    if not encoded.startswith("u") or len(encoded) > _LONGEST:
        raise UntrustedBitstring("not multibase base64url")
    try:
        with gzip.open(io.BytesIO(unbase64url(encoded[1:]))) as file:
            bits = file.read(_BYTES + 1)  # a bomb is cut off one byte after the length we know
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise UntrustedBitstring("not gzip") from error
    if len(bits) != _BYTES:
        raise UntrustedBitstring("not a whole list")
    return bits
