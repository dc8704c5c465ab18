"""The tree: every small one against a naive one, and proofs that are good or touched."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.merkle import (
    EMPTY_ROOT,
    WrongProof,
    check_consistency,
    leaf_hash,
    node_hash,
    root_by_inclusion,
)
from ledger.log.tiles import BeyondTheTree, Edge, Tile, TileBroken, Tree

MOST = 66_000  # the smallest tree with a full tile of the second level has 65,536
LEAVES = [leaf_hash(b"%d" % number) for number in range(MOST)]
SIZES = [*range(70), 255, 256, 257, 300, 511, 512, 513, 767, 1024, 65_535, 65_536, 65_537, MOST]


@cache
def naive_root(low: int, high: int) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    count = high - low
    if count == 0:
        return sha256(b"").digest()
    if count == 1:
        return LEAVES[low]
    k = 1
    while k * 2 < count:
        k *= 2
    return node_hash(naive_root(low, low + k), naive_root(low + k, high))


@pytest.fixture(scope="module")
def stored() -> dict[tuple[int, int], bytes]:
    """Every tile of the largest tree; a smaller tree reads less of each."""
    edge, tiles = Edge(), dict[tuple[int, int], bytes]()
    for size, leaf in enumerate(LEAVES, start=1):
        edge.add(leaf)
        if size in SIZES:
            tiles |= edge.changed()
            assert edge.root() == naive_root(0, size), size
    return tiles


def read_from(stored: dict[tuple[int, int], bytes], size: int) -> Tree:
    def read(tile: Tile) -> bytes:
        return stored[tile.level, tile.index][: tile.width * 32]

    return Tree(size, read)


def test_every_small_tree_is_the_naive_one(stored: dict[tuple[int, int], bytes]) -> None:
    for size in SIZES:
        assert read_from(stored, size).root(size) == naive_root(0, size)


def test_a_tree_goes_on_from_its_stored_edge(stored: dict[tuple[int, int], bytes]) -> None:
    for size in SIZES[1:-1]:
        edge = Edge.of(size, lambda tile: stored[tile.level, tile.index][: tile.width * 32])
        edge.add(LEAVES[size])
        assert edge.root() == naive_root(0, size + 1)


def test_every_proof_of_small_trees_holds_and_no_other(
    stored: dict[tuple[int, int], bytes],
) -> None:
    for size in range(1, 33):
        tree, root = read_from(stored, size), naive_root(0, size)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert root_by_inclusion(LEAVES[index], index, size, proof) == root
            for wrong in {0, size - 1, index - 1, index + 1} - {index}:
                assert leads_elsewhere(LEAVES[index], wrong, size, proof, root)
            for broken in (proof[:-1], [*proof, root], [b"\0" * 32, *proof[1:]]):
                if broken != proof:
                    assert leads_elsewhere(LEAVES[index], index, size, broken, root)


def leads_elsewhere(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    try:
        return root_by_inclusion(leaf, index, size, proof) != root
    except WrongProof:
        return True


def test_every_consistency_of_small_trees_holds(stored: dict[tuple[int, int], bytes]) -> None:
    for size in range(34):
        tree, root = read_from(stored, size), naive_root(0, size)
        for old in range(size + 1):
            check_consistency(old, naive_root(0, old), size, root, tree.consistency(old, size))


@given(data=st.data())
def test_a_touched_consistency_proof_never_holds(
    stored: dict[tuple[int, int], bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, size - 1))
    proof = read_from(stored, size).consistency(old, size)
    place = data.draw(st.integers(0, len(proof) - 1))
    touched = [*proof]
    touched[place] = data.draw(st.sampled_from([b"\0" * 32, naive_root(0, old), EMPTY_ROOT]))
    if touched == proof:
        return
    with pytest.raises(WrongProof):
        check_consistency(old, naive_root(0, old), size, naive_root(0, size), touched)


@pytest.mark.parametrize(
    ("old", "size", "proof"), [(3, 2, []), (0, 5, [b"x" * 32]), (4, 4, [b"x" * 32]), (-1, 4, [])]
)
def test_sizes_that_no_proof_can_be_of_are_wrong(old: int, size: int, proof: list[bytes]) -> None:
    with pytest.raises(WrongProof):
        check_consistency(old, naive_root(0, max(old, 0)), size, naive_root(0, size), proof)


def test_large_proofs_hold(stored: dict[tuple[int, int], bytes]) -> None:
    tree, root = read_from(stored, MOST), naive_root(0, MOST)
    for index in (0, 255, 256, 65_535, 65_536, MOST - 1):
        assert root_by_inclusion(LEAVES[index], index, MOST, tree.inclusion(index, MOST)) == root
    for old in (1, 256, 65_536, 65_999):
        check_consistency(old, naive_root(0, old), MOST, root, tree.consistency(old, MOST))


def test_what_lies_beyond_the_tree_is_refused(stored: dict[tuple[int, int], bytes]) -> None:
    tree = read_from(stored, 10)
    for refused in (
        lambda: tree.inclusion(10, 10),
        lambda: tree.inclusion(-1, 10),
        lambda: tree.inclusion(3, 11),
        lambda: tree.consistency(11, 10),
        lambda: tree.consistency(3, 11),
        lambda: tree.root(11),
        lambda: tree.leaf(10),
    ):
        with pytest.raises(BeyondTheTree):
            refused()


def test_an_edge_without_its_tiles_is_broken() -> None:
    def nothing(tile: Tile) -> bytes:
        raise TileBroken(tile=tile.path)

    with pytest.raises(TileBroken):
        Edge.of(300, nothing)
    assert Edge.of(0, nothing).root() == EMPTY_ROOT


@pytest.mark.parametrize(
    ("path", "tile"),
    [
        ("0/000", Tile(0, 0)),
        ("1/067", Tile(1, 67)),
        ("0/x001/x234/067", Tile(0, 1_234_067)),
        ("0/x001/000.p/255", Tile(0, 1_000, 255)),
    ],
)
def test_the_paths_of_tiles(path: str, tile: Tile) -> None:
    assert Tile.parsed(path) == tile
    assert tile.path == path
