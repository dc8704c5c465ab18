"""The two kinds of private keys: Ed25519 for codes and credentials, P-256 for VC-JWT."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certificates.cose import EDDSA

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey
_LENGTH = 32


def generate(algorithm: int) -> PrivateKey:
    return Ed25519PrivateKey.generate() if algorithm == EDDSA else generate_private_key(SECP256R1())


def public_bytes(private: PrivateKey) -> bytes:
    """32 bytes of Ed25519, or the 65 of an uncompressed point."""
    if isinstance(private, Ed25519PrivateKey):
        return private.public_key().public_bytes_raw()
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def packed(private: PrivateKey) -> bytes:
    """The secret in 32 bytes."""
    if isinstance(private, Ed25519PrivateKey):
        return private.private_bytes_raw()
    return private.private_numbers().private_value.to_bytes(_LENGTH, "big")


def unpacked(secret: bytes, algorithm: int) -> PrivateKey:
    if algorithm == EDDSA:
        return Ed25519PrivateKey.from_private_bytes(secret)
    return derive_private_key(int.from_bytes(secret, "big"), SECP256R1())


def sign(private: PrivateKey, data: bytes) -> bytes:
    """64 bytes. P-256 signs by RFC 6979: no random number whose repetition gives the key away."""
    if isinstance(private, Ed25519PrivateKey):
        return private.sign(data)
    r, s = decode_dss_signature(private.sign(data, ECDSA(SHA256(), deterministic_signing=True)))
    return r.to_bytes(_LENGTH, "big") + s.to_bytes(_LENGTH, "big")
