"""Three verifiers that share no code give one answer to whatever the issuer's key might sign."""

from __future__ import annotations

import base64
from typing import Any

import cbor2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from certificates import cose, qr
from tests.interop import stranger
from tests.interop.foreign import Foreign
from tests.interop.test_codes import KEYS_FILE, LISTS, ours
from tests.interop.test_document import read
from tools.vectors import issuer
from tools.vectors.codes import Code

KINDS = [claims.encode() for claims in issuer.each_kind().values()]
_EDGES: list[Any] = [
    -1, 0, 1, 5, 6, 999, 1000, 9999, 10_000, 2**20 - 1, 2**20, 2_932_896, 2_932_897,
    253_402_300_799, 253_402_300_800, 2**53 - 1, 2**53, 10**18, 2**64 - 1, 440104202600000017,
    1.5, None, True, "", "ḿ", b"", b"a", b"\xff", b"\xa8\xbc", b"\x81\x35\xf4\x37", bytes(12),
    bytes(16), [], [1], [1, 2], [1, 2, 3], [1, 2**20], {}, cbor2.undefined, cbor2.CBORTag(1, 5),
]  # fmt: skip


@st.composite
def payloads(draw: DrawFn) -> bytes:
    """Claims of ours with a value or two that lie on an edge, or are not there."""
    outer: dict[int, Any] = cbor2.loads(draw(st.sampled_from(KINDS)))
    for _ in range(draw(st.integers(min_value=1, max_value=2))):
        inner = outer.get(-65537)
        said = inner if isinstance(inner, dict) and draw(st.booleans()) else outer
        key = draw(st.sampled_from([4, 6, 7, -65537]) if said is outer else st.integers(1, 16))
        said[key] = draw(st.sampled_from(_EDGES))
        if draw(st.booleans()) and draw(st.booleans()):
            del said[key]
    return cbor2.dumps(outer, canonical=True)


@pytest.mark.npm
@given(payload=payloads())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ours_the_pages_and_the_strangers_agree(foreign: Foreign, payload: bytes) -> None:
    text = qr.link(issuer.URL, cose.sign(payload, issuer.ACTIVE))
    keys, listed = read("keys.json")["keys"], LISTS["fresh"]
    strangers = stranger.judge(text, keys, {"/status/1": listed}, int(issuer.AT.timestamp()))
    files = {"/c/keys.json": KEYS_FILE, "/status/1": listed}
    pages = foreign.ask(
        "page", "judged", text=text.partition("#")[2], now=issuer.AT.timestamp(),
        files={path: base64.b64encode(content).decode() for path, content in files.items()},
    )  # fmt: skip
    told = ours(Code("", text, ""))[:2]
    assert told == strangers[:2] == (pages["state"], pages["reason"])
