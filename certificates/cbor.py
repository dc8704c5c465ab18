"""CBOR with one spelling per value: what is not the canonical encoding of itself is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cbor2

MAX_BYTES = 1 << 21
_MAX_DEPTH = 8
_LONGEST_INTEGER = 64


class MalformedCbor(ValueError):
    """These bytes are not the canonical encoding of one value made of the few types we use."""


def encode(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> Any:
    """Decode integers, bytes, text, arrays, maps and unknown tags. Raises MalformedCbor."""
    if len(data) > MAX_BYTES:
        raise MalformedCbor("too long")
    try:
        value = cbor2.loads(
            data, max_depth=_MAX_DEPTH, allow_indefinite=False, allow_duplicate_keys=False
        )
        _plain(value)
        canonical = encode(value)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as error:
        raise MalformedCbor(str(error)) from error
    # Encoding again finds every second spelling: long integers, unsorted keys, trailing bytes.
    if canonical != data:
        raise MalformedCbor("not canonical")
    return value


def _plain(value: Any) -> None:
    # Inside a tag arrays are read as tuples and maps as frozen maps.
    match value:
        case bool() | None:
            raise MalformedCbor("a simple value")
        case int() if value.bit_length() > _LONGEST_INTEGER:
            raise MalformedCbor("a large integer")
        case int() | bytes() | str():
            pass
        case list() | tuple():
            for item in value:  # pyright: ignore[reportUnknownVariableType]
                _plain(item)
        case Mapping():
            for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
                _plain(key)
                _plain(item)
        case cbor2.CBORTag():
            _plain(value.value)
        case _:
            raise MalformedCbor(f"a {type(value).__name__}")
