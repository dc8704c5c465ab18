"""What is proved of a stolen key, in shards that any verifier can ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import cbor, cose, proved
from certificates.public_keys import KeyState, PublicKey
from certificates.status import Status
from certificates.verifying import Reason, State, verify

GIVEN_UP = datetime(2026, 8, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 10, 4, tzinfo=UTC)
SHARDS = st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128, 256])


@given(signed=st.binary(max_size=40), shards=SHARDS)
def test_a_code_lies_in_the_bounds_of_its_shard_alone(signed: bytes, shards: int) -> None:
    sha256 = hashlib.sha256(signed).hexdigest()
    at = proved.shard_of(signed, shards)
    inside = [
        first <= sha256 <= last
        for first, last in (proved.bounds(shard, shards) for shard in range(shards))
    ]
    assert inside == [shard == at for shard in range(shards)]


@pytest.mark.parametrize(
    ("count", "shards"),
    [(1, 1), (1999, 1), (2000, 2), (3999, 2), (4000, 4), (255_999, 128), (9_000_000, 256)],
)
def test_a_shard_holds_a_thousand_or_more(count: int, shards: int) -> None:
    assert proved.shards_for(count) == shards


def test_a_shard_says_where_it_belongs_how_long_it_holds_and_what_is_proved(
    signer: cose.Signer, keys: Mapping[bytes, PublicKey]
) -> None:
    hashes = [hashlib.sha256(each).hexdigest() for each in (b"a", b"b", b"c")]
    url = proved.shard_url("https://示例.cn/", signer.kid, 3)
    signed = cose.take_apart(proved.sign_shard(reversed(hashes), url, signer, NOW))
    assert signed.is_signed_by(keys[signer.kid].public_bytes, cose.EDDSA)
    at = int(NOW.timestamp())
    assert cbor.decode(signed.payload) == {
        2: f"https://示例.cn/c/proved/{signer.kid.hex()}/3",
        4: at + 7 * 86400,
        6: at,
        -65538: b"".join(sorted(bytes.fromhex(each)[:16] for each in hashes)),
    }


def test_only_what_is_proved_older_is_judged_on(
    snapshot: Callable[..., Any],
    seal: Callable[..., bytes],
    keys: Mapping[bytes, PublicKey],
) -> None:
    stolen = {
        kid: key.model_copy(update={"state": KeyState.COMPROMISED, "changed_at": GIVEN_UP})
        for kid, key in keys.items()
    }
    data = seal(snapshot())

    def judged(status: Status, is_older: bool) -> tuple[State, Reason | None, datetime | None]:
        verdict = verify(data, stolen, lambda _: status, NOW, lambda _, __: is_older)
        return verdict.state, verdict.reason, verdict.key_given_up_at

    assert judged(Status.VALID, True) == (State.VALID, None, GIVEN_UP)
    assert judged(Status.REVOKED, True) == (State.REVOKED, None, GIVEN_UP)
    assert judged(Status.VALID, False) == (State.FORGED, Reason.COMPROMISED_KEY, None)
    forged = data[:-1] + bytes([data[-1] ^ 1])
    verdict = verify(forged, stolen, lambda _: Status.VALID, NOW, lambda _, __: True)
    assert verdict.reason is Reason.BAD_SIGNATURE
