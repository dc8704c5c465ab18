"""A verifier written from docs/verify-a-certificate.md alone: it shares no code with ours."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KINDS = ("annual_completion", "stage_completion", "star_level", "statement_of_hours")
STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "special")
STATES = ("valid", "revoked", "suspended", "replaced", "withdrawn")
Files = Mapping[str, bytes]
Said = tuple[str, str | None, dict[str, Any] | None]


class Forged(Exception):
    pass


class CannotCheck(Exception):
    pass


def require(condition: object, reason: str = "malformed") -> None:
    if not condition:
        raise Forged(reason)


def judge(text: str, keys: dict[str, Any], files: Files, now: int) -> Said:
    """State, reason and claims of a scanned text. `files`: what the issuer publishes, by path."""
    digits = re.match("[0-9]+", text if re.match("[0-9]", text) else text.partition("#")[2])
    if not digits or len(digits[0]) > 3000:
        return "not_found", "no_payload", None
    number = int(digits[0])
    message = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    try:
        signed = taken_apart(message)
        claims, place, expires = claims_of(signed[1])
        believe(message, signed, keys, files, now)
    except Forged as forged:
        return "forged", str(forged), None
    except CannotCheck:
        return "cannot_check", None, None
    return (*state_at(place, expires, keys, files, now), claims)


def cbor(data: bytes) -> Any:
    """The value, if this is its only spelling."""
    try:
        value = cbor2.loads(data, allow_indefinite=False, allow_duplicate_keys=False)
        require(cbor2.dumps(value, canonical=True) == data and plain(value))
    except (cbor2.CBORError, ValueError, TypeError) as error:
        raise Forged("malformed") from error
    return value


def plain(value: Any) -> bool:
    match value:
        case bool() | float() | None:
            return False
        case Mapping():
            return all(plain(each) for pair in value.items() for each in pair)
        case list() | tuple():
            return all(map(plain, value))
        case cbor2.CBORTag():
            return plain(value.value)
        case _:
            return isinstance(value, int | bytes | str)


def taken_apart(message: bytes) -> tuple[bytes, bytes, bytes, str, int]:
    tagged = cbor(message)
    require(isinstance(tagged, cbor2.CBORTag) and tagged.tag == 18 and len(tagged.value) == 4)
    protected, unprotected, payload, signature = tagged.value
    require(all(isinstance(each, bytes) for each in (protected, payload, signature)))
    require(unprotected == {} and len(signature) == 64)
    headers = cbor(protected)
    require(isinstance(headers, dict) and set(headers) == {1, 4} and isinstance(headers[1], int))
    require(isinstance(headers[4], bytes) and len(headers[4]) == 8)
    return protected, payload, signature, headers[4].hex(), headers[1]


def integer(value: Any, least: int = 0, most: int = 2**53 - 1) -> int:
    require(isinstance(value, int) and least <= value <= most)
    return int(value)


def packed(value: Any) -> str:
    require(isinstance(value, bytes))
    swapped = {0x1E3F: "\ue7c7", 0xE7C7: "\u1e3f"}  # Python has the edition of 2000
    try:
        return str(value.decode("gb18030")).translate(swapped)
    except UnicodeDecodeError as error:
        raise Forged("malformed") from error


def numbered(value: Any) -> str:
    digits, product = f"{integer(value, most=10**18 - 1):018d}", 10
    for digit in digits[:17]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    require((11 - product) % 10 == int(digits[17]))
    return f"{digits[:6]}-{digits[6:10]}-{digits[10:17]}-{digits[17]}"


def day(value: Any) -> str:
    return (date(1970, 1, 1) + timedelta(integer(value, most=2932896))).isoformat()


def second(value: Any) -> str:
    at = datetime.fromtimestamp(integer(value, most=253402300799), UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def claims_of(payload: bytes) -> tuple[dict[str, Any], tuple[int, int], int | None]:
    outer = cbor(payload)
    require(isinstance(outer, dict) and {6, 7, -65537} <= set(outer) <= {4, 6, 7, -65537})
    ours = outer[-65537]
    wanted = {1, 2, 3, 4, 5, 6, 7, 13, 15}
    require(isinstance(ours, dict) and wanted <= set(ours) <= wanted | {8, 9, 10, 11, 12, 14})
    for value, length in ((outer[7], 16), (ours[5], 12)):
        require(isinstance(value, bytes) and len(value) == length)
    for pair in (ours[6], ours.get(14, [0, 0])):
        require(isinstance(pair, list) and len(pair) == 2)
    require(isinstance(ours[15], str))
    period, days = ours.get(8), ours.get(14)
    year = isinstance(period, int)
    place = integer(ours[6][0], 1), integer(ours[6][1], most=2**20 - 1)
    raw = outer[7].hex()
    return {
        "certificate_id": "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:])),
        "number": numbered(ours[2]), "kind": KINDS[integer(ours[1], most=3)],
        "masked_holder": packed(ours[4]), "name_commitment": ours[5].hex(),
        "status_list": place[0], "status_index": place[1], "school_name": packed(ours[7]),
        "hours": integer(ours[3]), "issued_at": second(outer[6]), "awarded_on": day(ours[13]),
        "rulebook_version": ours[15], "expires_at": second(outer[4]) if 4 in outer else None,
        "period": f"{integer(period, 1000, 9999)}学年" if year else packed(ours.get(8, b"")),
        "days": None if days is None else [day(each) for each in days],
        "level": integer(ours[9], 1, 5) if 9 in ours else None,
        "stage": STAGES[integer(ours[10], most=5)] if 10 in ours else None,
        "face_to_face_hours": integer(ours[11], 1) if 11 in ours else 0,
        "exam_result": ("pass", "merit")[integer(ours[12], most=1)] if 12 in ours else None,
    }, place, outer.get(4)  # fmt: skip


def believe(
    message: bytes, signed: tuple[bytes, bytes, bytes, str, int], keys: Any, files: Files, now: int
) -> None:
    protected, payload, signature, kid, algorithm = signed
    key = keys.get(kid)
    require(key, "unknown_key")
    if key["state"] == "compromised":
        require("proved" in key, "compromised_key")
        require(
            is_proved(message, kid, key["proved"]["shards"], keys, files, now), "compromised_key"
        )
    to_verify = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    require(algorithm == key["alg"] == -8, "bad_signature")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["x"])).verify(signature, to_verify)
    except InvalidSignature as error:
        raise Forged("bad_signature") from error
    require(key["from"] <= cbor(payload)[6] < key["until"], "outside_key_window")


def published(path: str, keys: Any, files: Files, now: int) -> dict[int, Any]:
    """The claims of a file that the issuer signed about itself. Raises Forged."""
    require(path in files)
    signed = taken_apart(files[path])
    require(keys.get(signed[3], {"state": "compromised"})["state"] != "compromised")
    believe(files[path], signed, keys, files, now)
    claims: dict[int, Any] = cbor(signed[1])
    require(claims[2].endswith(path))
    return claims


def is_proved(message: bytes, kid: str, shards: int, keys: Any, files: Files, now: int) -> bool:
    digest = hashlib.sha256(message).digest()
    try:
        claims = published(f"/c/proved/{kid}/{digest[0] * shards >> 8}", keys, files, now)
        require(now < claims[4])
    except Forged as error:
        raise CannotCheck from error
    told = claims[-65538]
    return digest[:16] in {told[at : at + 16] for at in range(0, len(told), 16)}


def state_at(
    place: tuple[int, int], expires: int | None, keys: Any, files: Files, now: int
) -> tuple[str, None]:
    try:
        claims = published(f"/status/{place[0]}", keys, files, now)
        require(claims[65533]["bits"] == 4)
        inflating = zlib.decompressobj()
        packed_states = inflating.decompress(claims[65533]["lst"], 2**19 + 1)
        require(len(packed_states) == 2**19)
        code = packed_states[place[1] >> 1] >> 4 * (place[1] & 1) & 15
        require(code < len(STATES))
    except (Forged, zlib.error):
        claims, code = None, 0
    if code:
        return STATES[code], None
    if expires is not None and max(now, claims[6] if claims else 0) >= expires:
        return "expired", None
    return "valid" if claims and now < claims[4] else "status_unknown", None
