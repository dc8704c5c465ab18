"""COSE_Sign1 is read strictly: second spellings, strange headers and extra bytes are refused."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import cbor, cose
from certificates.keys import FileSigner
from certificates.public_keys import PublicKey

PAYLOAD = cbor.encode({6: 1, 7: bytes(16)})


@pytest.fixture(scope="session")
def key(keys: dict[bytes, PublicKey]) -> PublicKey:
    return next(iter(keys.values()))


def test_what_was_signed_is_taken_apart_and_verified(signer: FileSigner, key: PublicKey) -> None:
    signed = cose.take_apart(cose.sign(PAYLOAD, signer))
    assert (signed.payload, signed.kid, signed.algorithm) == (PAYLOAD, key.kid, -8)
    assert signed.is_signed_by(key.public_bytes, key.algorithm)


def test_the_same_payload_gives_the_same_bytes(signer: FileSigner) -> None:
    assert cose.sign(PAYLOAD, signer) == cose.sign(PAYLOAD, signer)
    assert len(cose.sign(bytes(130), signer)) == 130 + cose.OVERHEAD


def test_the_algorithm_is_the_keys_and_not_the_headers(signer: FileSigner, key: PublicKey) -> None:
    signed = cose.take_apart(cose.sign(PAYLOAD, signer))
    assert not signed.is_signed_by(key.public_bytes, -7)


@given(bit=st.integers(min_value=0))
def test_no_bit_can_be_flipped(signer: FileSigner, key: PublicKey, bit: int) -> None:
    data = bytearray(cose.sign(PAYLOAD, signer))
    bit %= len(data) * 8
    data[bit >> 3] ^= 1 << (bit & 7)
    try:
        signed = cose.take_apart(bytes(data))
    except cose.MalformedCose:
        return
    assert signed.kid != key.kid or not signed.is_signed_by(key.public_bytes, key.algorithm)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(cose.MalformedCose):
        cose.take_apart(data)


def _spoiled(signer: FileSigner) -> dict[str, bytes]:
    whole = cose.sign(PAYLOAD, signer)
    protected, _, payload, signature = cbor2.loads(whole).value
    headers = cbor2.loads(protected)

    def tagged(*parts: Any, tag: int = 18) -> bytes:
        return cbor.encode(cbor2.CBORTag(tag, list(parts)))

    def with_headers(changed: Any) -> bytes:
        return tagged(cbor.encode(changed), {}, payload, signature)

    return {
        "trailing byte": whole + b"\0",
        "cut short": whole[:-1],
        "another tag": tagged(protected, {}, payload, signature, tag=17),
        "open header": tagged(protected, {1: -8}, payload, signature),
        "five parts": tagged(protected, {}, payload, signature, 0),
        "short signature": tagged(protected, {}, payload, signature[:-1]),
        "no key id": with_headers({1: -8}),
        "unknown header": with_headers({**headers, 3: 0}),
        "short key id": with_headers({1: -8, 4: b"k"}),
        "headers in a list": with_headers([1, -8]),
        "headers are text": with_headers("x"),
        "indefinite array": b"\xd2\x9f" + whole[2:] + b"\xff",
        "long spelling": b"\xd8\x12" + whole[1:],
        "payload is text": tagged(protected, {}, "x", signature),
    }


@pytest.mark.parametrize(
    "name",
    [
        "trailing byte",
        "cut short",
        "another tag",
        "open header",
        "five parts",
        "short signature",
        "no key id",
        "unknown header",
        "short key id",
        "headers in a list",
        "headers are text",
        "indefinite array",
        "long spelling",
        "payload is text",
    ],
)
def test_a_strange_form_is_refused(signer: FileSigner, name: str) -> None:
    with pytest.raises(cose.MalformedCose):
        cose.take_apart(_spoiled(signer)[name])


@pytest.mark.parametrize(
    "spelling",
    [
        "a201010102",
        "a202010101",
        "9f01ff",
        "5f4101ff",
        "1801",
        "190001",
        "f5",
        "f6",
        "fb3ff0000000000000",
        "0100",
        "a1",
        "c11a00000000",
        "c249010000000000000000",
        "81818181818181818181818100",
        "62c328",
        "d81c8100",
        "",
    ],
)
def test_cbor_with_a_second_spelling_or_a_strange_type_is_refused(spelling: str) -> None:
    with pytest.raises(cbor.MalformedCbor):
        cbor.decode(bytes.fromhex(spelling))


def test_cbor_beyond_any_certificate_is_not_even_read() -> None:
    with pytest.raises(cbor.MalformedCbor, match="too long"):
        cbor.decode(bytes(cbor.MAX_BYTES + 1))
