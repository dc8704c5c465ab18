"""Codes that are not what they seem: touched after signing, or signed and still not allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2

from certificates import cbor, cose
from tools.vectors.issuer import ACTIVE, AT, FOREIGN, RETIRED, STOLEN, URL, KnownKey, claims

Bad = tuple[str, str, bytes]
_ORDER = 2**252 + 27742317777372353535851937790883648493


def touched() -> list[Bad]:
    """Change a good code: name, reason, bytes."""
    return [*_other_values(), *_other_forms()]


def _other_values() -> list[Bad]:
    protected, payload, signature = _parts(good())
    headers = cbor.decode(protected)
    beyond = int.from_bytes(signature[32:], "little") + _ORDER
    malleable = signature[:32] + beyond.to_bytes(32, "little")
    flipped = signature[:-1] + bytes([signature[-1] ^ 1])
    older = payload.replace(b"2026.1", b"2026.0")
    return [
        ("a bit of the signature", "bad_signature", whole(protected, payload, flipped)),
        ("a signature beyond the order of the curve", "bad_signature",
         whole(protected, payload, malleable)),
        ("a letter of the rulebook", "bad_signature", whole(protected, older, signature)),
        ("another algorithm in the header", "bad_signature",
         whole(cbor.encode({**headers, 1: -7}), payload, signature)),
        ("the new number of the same algorithm", "bad_signature",
         whole(cbor.encode({**headers, 1: -19}), payload, signature)),
        ("a key id that nobody has", "unknown_key",
         whole(cbor.encode({**headers, 4: bytes(8)}), payload, signature)),
        ("a payload of another shape", "malformed",
         whole(protected, b"\xa5" + payload[1:], signature)),
    ]  # fmt: skip


def _other_forms() -> list[Bad]:
    protected, payload, signature = _parts(good())
    headers = cbor.decode(protected)
    forms = {
        "a short key id": whole(cbor.encode({**headers, 4: headers[4][:7]}), payload, signature),
        "a third header": whole(cbor.encode({**headers, 3: 61}), payload, signature),
        "an unprotected header": whole(protected, payload, signature, {4: b"x"}),
        "a short signature": whole(protected, payload, signature[:-1]),
        "a payload that is not there": whole(protected, None, signature),
        "no tag": good()[1:],
        "the tag of another message": b"\xd8\x62" + good()[1:],
        "a byte too many": good() + b"\0",
        "a byte too few": good()[:-1],
        "an array of no told length": b"\xd2\x9f" + good()[2:] + b"\xff",
    }
    return [(name, "malformed", data) for name, data in forms.items()]


def wrongly_signed() -> list[Bad]:
    """Sign by a key that may not, or at a time when it might not."""
    early = claims(20, issued_at=AT - timedelta(days=365))
    return [
        ("a key that is not in the list", "unknown_key", sealed(claims(21), FOREIGN)),
        ("a foreign key under a known id", "bad_signature", _borrowed()),
        ("a key that was stolen", "compromised_key", sealed(claims(22), STOLEN)),
        ("a retired key, after it retired", "outside_key_window", sealed(claims(23), RETIRED)),
        ("before the key began to sign", "outside_key_window", sealed(early, ACTIVE)),
        ("when the key had ceased to sign", "outside_key_window",
         sealed(replace(early, issued_at=AT + timedelta(days=730)), ACTIVE)),
    ]  # fmt: skip


def signed_nonsense() -> list[Bad]:
    """Sign properly what is no certificate: strictness does not end at the signature."""
    outer = cbor.decode(claims(24).encode())
    ours = outer[-65537]
    spelled: dict[str, bytes] = {
        "a status list in place of a certificate": cbor.encode({2: f"{URL}/status/1", 6: 1}),
        "a text in place of claims": cbor.encode("certificate"),
        "a claim that nobody knows, outside": cbor.encode({**outer, 99: 1}),
        "keys out of order": cbor2.dumps({key: outer[key] for key in (7, 6, -65537)}),
        "a key twice": b"\xa4" + b"\x06\x00" + cbor.encode(outer)[1:],
        "a long spelling of a number": cbor.encode(outer).replace(b"\x01\x00", b"\x01\x18\x00", 1),
        "a fraction of hours": _canonical({**outer, -65537: {**ours, 3: 12.5}}),
    }
    for name, change in _CHANGES.items():
        spelled[name] = cbor.encode({**outer, -65537: _without({**ours, **change})})
    return [(name, "malformed", cose.sign(payload, ACTIVE)) for name, payload in spelled.items()]


_CHANGES: Mapping[str, Mapping[int, Any]] = {
    "a claim that nobody knows, inside": {16: 1},
    "no hours": {3: None},
    "no name commitment": {5: None},
    "a kind that there is not": {1: 4},
    "a number with a false check digit": {2: 440104202600001238},
    "hours below nothing": {3: -100},
    "hours as text": {3: "1250"},
    "a name as text": {4: "示*慧"},
    "a name in bytes that are no GB 18030": {4: b"\xff\xff"},
    "a commitment of 11 bytes": {5: bytes(11)},
    "a place beyond the list": {6: [1, 2**20]},
    "a place without an index": {6: [1]},
    "a place of two bytes": {6: b"\x01\x02"},
    "a level above five": {9: 6},
    "a stage that there is not": {10: 6},
    "a result that there is not": {12: 2},
    "three days": {14: [20332, 20644, 20645]},
}


def good() -> bytes:
    return sealed(claims(9), ACTIVE)


def sealed(facts: Any, key: KnownKey) -> bytes:
    return cose.sign(facts.encode(), key)


def whole(protected: bytes, payload: bytes | None, signature: bytes, header: Any = None) -> bytes:
    message = cbor2.CBORTag(18, [protected, header or {}, payload, signature])
    return cbor2.dumps(message, canonical=True)


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    signed = cose.take_apart(data)
    return signed.protected, signed.payload, signed.signature


def _borrowed() -> bytes:
    protected, payload, _ = _parts(good())
    message = cbor.encode(["Signature1", protected, b"", payload])
    return whole(protected, payload, FOREIGN.sign(message))


def _canonical(value: Any) -> bytes:
    return cbor2.dumps(value, canonical=True)


def _without(ours: Mapping[int, Any]) -> dict[int, Any]:
    return {key: value for key, value in ours.items() if value is not None}
