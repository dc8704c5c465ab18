"""RFC 6962: hashes of leaves and nodes, and the checking of proofs against roots."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32
LEAF, NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_HASHES = 63  # of a proof: a tree of more than 2**63 leaves does not exist


class WrongProof(Exception):
    """The hashes do not lead from what is claimed to the root."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def fold(hashes: bytes) -> bytes:
    """The root of a perfect tree over 2**n hashes that lie one after the other."""
    level = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    sha = hashlib.sha256
    while len(level) > 1:
        pairs = iter(level)
        level = [
            sha(NODE + left + right).digest() for left, right in zip(pairs, pairs, strict=True)
        ]
    return level[0]


def split(size: int) -> int:
    """Where a tree of more than one leaf parts: the largest power of two below its size."""
    return 1 << ((size - 1).bit_length() - 1)


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf's hash and its proof lead to. Raises WrongProof."""
    if not 0 <= index < size:
        raise WrongProof
    root, last = leaf, size - 1
    for sibling in proof:
        if last == 0:
            raise WrongProof
        if index % 2 or index == last:
            root = node_hash(sibling, root)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise WrongProof
    return root


def check_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """The older tree is a beginning of the newer one. Raises WrongProof."""
    if not 0 <= old_size <= size:
        raise WrongProof
    if old_size in {0, size}:
        expected = EMPTY_ROOT if old_size == 0 else root
        if proof or old_root != expected:
            raise WrongProof
        return
    if roots_by_consistency(old_size, old_root, size, proof) != (old_root, root):
        raise WrongProof


def roots_by_consistency(
    old_size: int, old_root: bytes, size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Both roots that a proof leads to, for 0 < old size < size. Raises WrongProof."""
    steps = iter(proof if old_size & (old_size - 1) else [old_root, *proof])
    index, last = old_size - 1, size - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    older = newer = next(steps, None)
    if older is None or newer is None:
        raise WrongProof
    for sibling in steps:
        if last == 0:
            raise WrongProof
        if index % 2 or index == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not index % 2 and index:
                index, last = index >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise WrongProof
    return older, newer
