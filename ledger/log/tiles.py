"""C2SP tlog-tiles: a tree cut into tiles of 256 hashes, the edge that grows, and its proofs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from domain.refusals import Refused
from ledger.log.merkle import EMPTY_ROOT, HASH_BYTES, fold, node_hash, split

WIDTH = 256
HEIGHT = 8  # levels of the tree in one of tiles
TILE_BYTES = WIDTH * HASH_BYTES
HIGHEST_LEVEL = 63 // HEIGHT

_PATH = re.compile(r"(\d)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


class BadTilePath(Refused):
    """The path names no tile: level, index in groups of three digits, and a width below 256."""

    code: ClassVar[str] = "log_tile_path"


class BeyondTheTree(Refused):
    """The leaf, the tile or the size lies beyond the tree that is published."""

    code: ClassVar[str] = "log_beyond_the_tree"


class TileBroken(Refused):
    """A tile that the tree must have is missing or too short."""

    code: ClassVar[str] = "log_tile_broken"


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile by its place; `width` is how many of its hashes are meant."""

    level: int
    index: int
    width: int = WIDTH

    @classmethod
    def parsed(cls, path: str) -> Tile:
        """Raises BadTilePath."""
        match = _PATH.fullmatch(path)
        level, groups, width = match.groups() if match else (None, "", None)
        if level is None or int(level) > HIGHEST_LEVEL or int(width or 1) >= WIDTH:
            raise BadTilePath
        tile = cls(int(level), int(groups.replace("x", "").replace("/", "")), int(width or WIDTH))
        if tile.path != path:  # such as a group too many
            raise BadTilePath
        return tile

    @property
    def path(self) -> str:
        digits, groups = f"{self.index:03}", list[str]()
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{self.level}/{name}{partial}"

    def is_in(self, size: int) -> bool:
        """Whether a tree of that size has so much of the tile."""
        return self.index * WIDTH + self.width <= size >> (HEIGHT * self.level)


Read = Callable[[Tile], bytes]  # the hashes of a tile; raises TileBroken


@dataclass
class Edge:
    """The tiles of a tree that are not full yet, one a level: all that is needed to grow it."""

    size: int = 0
    open_tiles: list[bytearray] = field(default_factory=lambda: [bytearray()])
    written: dict[tuple[int, int], bytes] = field(default_factory=dict[tuple[int, int], bytes])

    @classmethod
    def of(cls, size: int, read: Read) -> Edge:
        """The edge of a tree whose tiles can be read. Raises TileBroken."""
        open_tiles: list[bytearray] = []
        for level in range(HIGHEST_LEVEL + 1):
            hashes = size >> (HEIGHT * level)
            if not hashes and level:
                break
            width = hashes % WIDTH
            tile = Tile(level, hashes // WIDTH, width)
            open_tiles.append(bytearray(read(tile) if width else b""))
        return cls(size, open_tiles)

    def add(self, leaf: bytes) -> None:
        """Take the hash of the next leaf."""
        tile = self.open_tiles[0]
        tile += leaf
        self.size += 1
        if len(tile) == TILE_BYTES:
            self._close(0)

    def changed(self) -> dict[tuple[int, int], bytes]:
        """The tiles that were written since this was asked last, by level and index."""
        found, self.written = self.written, {}
        for level, tile in enumerate(self.open_tiles):
            if tile:
                found[level, self.size >> (HEIGHT * (level + 1))] = bytes(tile)
        return found

    def root(self) -> bytes:
        """The root of the whole: perfect trees from the largest to the smallest, folded back."""
        parts = [part for tile in reversed(self.open_tiles) for part in perfect_parts(tile)]
        if not parts:
            return EMPTY_ROOT
        root = parts.pop()
        while parts:
            root = node_hash(parts.pop(), root)
        return root

    def _close(self, level: int) -> None:
        tile = bytes(self.open_tiles[level])
        self.written[level, (self.size >> (HEIGHT * (level + 1))) - 1] = tile
        self.open_tiles[level] = bytearray()
        if level + 1 == len(self.open_tiles):
            self.open_tiles.append(bytearray())
        above = self.open_tiles[level + 1]
        above += fold(tile)
        if len(above) == TILE_BYTES:
            self._close(level + 1)


def perfect_parts(tile: bytes | bytearray) -> list[bytes]:
    """The roots of the perfect trees that a part of a tile consists of, the largest first."""
    parts, at = list[bytes](), 0
    width = len(tile) // HASH_BYTES
    for height in range(HEIGHT - 1, -1, -1):
        if width >> height & 1:
            end = at + (HASH_BYTES << height)
            parts.append(fold(bytes(tile[at:end])))
            at = end
    return parts


class Tree:
    """A tree of a size whose tiles can be read: roots and proofs."""

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self._read = read
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """The root as it was at a size. Raises BeyondTheTree, TileBroken."""
        self._must_have(size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Raises BeyondTheTree, TileBroken."""
        self._must_have(index + 1)
        return self._perfect(0, index)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof of a leaf, from the bottom up. Raises BeyondTheTree, TileBroken."""
        self._must_have(size)
        if not 0 <= index < size:
            raise BeyondTheTree(index=index, size=size)
        low, high, parts = 0, size, list[tuple[int, int]]()
        while high - low > 1:
            middle = low + split(high - low)
            if index < middle:
                parts.append((middle, high))
                high = middle
            else:
                parts.append((low, middle))
                low = middle
        return [self._hash(*part) for part in reversed(parts)]

    def consistency(self, old_size: int, size: int) -> list[bytes]:
        """The proof that one tree begins the other. Raises BeyondTheTree, TileBroken."""
        self._must_have(size)
        if not 0 <= old_size <= size:
            raise BeyondTheTree(index=old_size, size=size)
        if old_size in {0, size}:
            return []
        low, high, parts = 0, size, list[tuple[int, int]]()
        while high != old_size:
            middle = low + split(high - low)
            if old_size <= middle:
                parts.append((middle, high))
                high = middle
            else:
                parts.append((low, middle))
                low = middle
        if low:
            parts.append((low, high))
        return [self._hash(*part) for part in reversed(parts)]

    def _must_have(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise BeyondTheTree(index=size, size=self.size)

    def _hash(self, low: int, high: int) -> bytes:
        """The root over the leaves from `low` up to `high`."""
        count = high - low
        if count & (count - 1) == 0 and low % count == 0:
            height = count.bit_length() - 1
            return self._perfect(height, low >> height)
        middle = low + split(count)
        return node_hash(self._hash(low, middle), self._hash(middle, high))

    def _perfect(self, height: int, index: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        first = index << rest
        place = level, first // WIDTH
        if place not in self._known:
            hashes = (self.size >> (HEIGHT * level)) - place[1] * WIDTH
            self._known[place] = self._read(Tile(*place, min(hashes, WIDTH)))
        start = first % WIDTH * HASH_BYTES
        return fold(self._known[place][start : start + (HASH_BYTES << rest)])
