"""No bytes of a stranger make a reader fall over, or say "valid" of what was not signed."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.fuzzing.targets import TARGETS

_TRIED = {"shown_file": 30, "status_list": 50, "bits": 40, "credential": 60}


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    return tuple(TARGETS[name].seeds())


@st.composite
def touched(draw: DrawFn, known: tuple[bytes, ...]) -> bytes:
    """A seed after a few changes: bits, bytes, cuts, repeats, another seed's end."""
    data = bytearray(draw(st.sampled_from(known)))
    for _ in range(draw(st.integers(min_value=0, max_value=4))):
        at = draw(st.integers(min_value=0, max_value=len(data)))
        match draw(st.integers(min_value=0, max_value=5)):
            case 0 if at < len(data):
                data[at] ^= 1 << draw(st.integers(min_value=0, max_value=7))
            case 1:
                data[at:at] = draw(st.binary(min_size=1, max_size=4))
            case 2:
                del data[at : at + draw(st.integers(min_value=1, max_value=40))]
            case 3:
                data[at:at] = data[at : at + draw(st.integers(min_value=1, max_value=40))]
            case 4:
                del data[at:]
            case _:
                data[at:] = draw(st.sampled_from(known))[at:]
    return bytes(data)


def shown_to(name: str) -> SearchStrategy[bytes]:
    return touched(seeds(name)) | st.binary(max_size=300)


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_shown_nothing_falls_over_and_nothing_false_is_valid(name: str) -> None:
    target = TARGETS[name]

    @given(shown_to(name))
    @settings(max_examples=_TRIED.get(name, 150))
    def holds(data: bytes) -> None:
        target.holds(data)

    holds()
