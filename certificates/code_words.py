"""The code words of a QR code: what its library does bit by bit, done on whole numbers.

The library still lays them out; a test holds both to the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import zip_longest

from qrcode.base import gexp, glog, rs_blocks
from qrcode.LUT import rsPoly_LUT
from qrcode.util import BitBuffer, QRData, length_in_bits

_PADDING = b"\xec\x11"
_TERMINATOR = 4
_FIELD = 255  # the numbers of the field but zero


class _Bits(BitBuffer):
    """What the library's segments write themselves into."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def put(self, num: int, length: int) -> None:
        self.text += f"{num:0{length}b}"


def bits_of(segments: Iterable[QRData], version: int) -> str:
    """The data bits, each segment behind its mode and its length."""
    bits = _Bits()
    for segment in segments:
        bits.put(segment.mode, 4)
        bits.put(len(segment), length_in_bits(segment.mode, version))
        segment.write(bits)
    return bits.text


def code_words(bits: str, version: int, error_correction: int) -> list[int]:
    """Data and error correction, interleaved by blocks as they lie in the code."""
    blocks = rs_blocks(version, error_correction)
    room = sum(block.data_count for block in blocks)
    bits += "0" * min(_TERMINATOR, 8 * room - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    data += (_PADDING * room)[: room - len(data)]
    parts, checks, start = list[bytes](), list[bytes](), 0
    for block in blocks:
        parts.append(data[start : start + block.data_count])
        checks.append(_remainder(parts[-1], block.total_count - block.data_count))
        start += block.data_count
    return [*_interleaved(parts), *_interleaved(checks)]


def _interleaved(parts: Sequence[bytes]) -> list[int]:
    return [each for column in zip_longest(*parts) for each in column if each is not None]


def _remainder(data: bytes, count: int) -> bytes:
    """Of the division by the generator polynomial: `count` bytes of error correction."""
    multiples, highest, mask = _multiples(count), 8 * (count - 1), (1 << 8 * count) - 1
    rest = 0
    for each in data:
        factor = each ^ (rest >> highest)
        rest = ((rest << 8) & mask) ^ multiples[factor]
    return rest.to_bytes(count, "big")


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """The generator polynomial without its first term, times each number of the field."""
    generator = rsPoly_LUT[count][1:]
    return tuple(
        int.from_bytes(bytes(_product(factor, term) for term in generator), "big")
        for factor in range(_FIELD + 1)
    )


def _product(one: int, other: int) -> int:
    return gexp((glog(one) + glog(other)) % _FIELD) if one and other else 0
