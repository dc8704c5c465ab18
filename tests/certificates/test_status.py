"""The status list tells the state of every place, signed, and its places show no order."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import cbor, cose, status
from certificates.keys import FileSigner
from certificates.public_keys import KeyState, PublicKey
from certificates.status import Status, UntrustedStatusList

NOW = datetime(2026, 7, 10, 4, tzinfo=UTC)
URL = "https://example.cn"
places = st.integers(min_value=0, max_value=status.SIZE - 1)


@given(statuses=st.dictionaries(places, st.sampled_from(Status), max_size=20), other=places)
def test_each_place_tells_its_own_status(
    signer: FileSigner, keys: Mapping[bytes, PublicKey], statuses: dict[int, Status], other: int
) -> None:
    signed = status.sign_list(1, statuses, URL, signer, NOW)
    opened = status.open_list(signed, 1, URL, keys)
    assert {index: opened.at(index) for index in statuses} == statuses
    assert opened.at(other) == statuses.get(other, Status.VALID)


def test_the_entries_lie_as_in_a_token_status_list(signer: FileSigner) -> None:
    signed = status.sign_list(1, {0: Status.REVOKED, 1: Status.WITHDRAWN}, URL, signer, NOW)
    claims = cbor.decode(cose.take_apart(signed).payload)
    assert (claims[2], claims[65533]["bits"], claims[65534]) == (f"{URL}/status/1", 4, 300)
    assert zlib.decompress(claims[65533]["lst"])[0] == 0x41  # the first entry in the low bits


def test_a_list_is_small_and_the_same_for_the_same_facts(signer: FileSigner) -> None:
    statuses = {status.index_of(n, b"key"): Status.REVOKED for n in range(100)}
    signed = status.sign_list(1, statuses, URL, signer, NOW)
    assert signed == status.sign_list(1, statuses, URL, signer, NOW)
    assert len(signed) < 2000


def test_a_list_is_good_for_seven_days(signer: FileSigner, keys: Mapping[bytes, PublicKey]) -> None:
    opened = status.open_list(status.sign_list(1, {}, URL, signer, NOW), 1, URL, keys)
    assert opened.issued_at == NOW
    assert opened.is_fresh(NOW + timedelta(days=7, seconds=-1))
    assert not opened.is_fresh(NOW + timedelta(days=7))


@pytest.mark.parametrize(("number", "url"), [(2, URL), (1, "https://other.example")])
def test_another_list_is_not_believed(
    signer: FileSigner, keys: Mapping[bytes, PublicKey], number: int, url: str
) -> None:
    signed = status.sign_list(1, {}, URL, signer, NOW)
    with pytest.raises(UntrustedStatusList):
        status.open_list(signed, number, url, keys)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": KeyState.COMPROMISED},
        {"state": KeyState.RETIRED, "changed_at": NOW},
        {"signs_from": NOW + timedelta(seconds=1)},
        {"public": "00" * 32},
    ],
)
def test_a_list_of_a_key_that_may_not_sign_is_not_believed(
    signer: FileSigner, keys: Mapping[bytes, PublicKey], changes: dict[str, Any]
) -> None:
    signed = status.sign_list(1, {}, URL, signer, NOW)
    ((kid, key),) = keys.items()
    with pytest.raises(UntrustedStatusList):
        status.open_list(signed, 1, URL, {kid: key.model_copy(update=changes)})
    with pytest.raises(UntrustedStatusList):
        status.open_list(signed, 1, URL, {})


@pytest.mark.parametrize(
    "packed",
    [
        b"not zlib",
        zlib.compress(bytes(10)),
        zlib.compress(bytes(2**20)),
        zlib.compress(bytes(2**19))[:-4],
    ],
)
def test_a_list_that_does_not_unpack_whole_is_refused(
    signer: FileSigner, keys: Mapping[bytes, PublicKey], packed: bytes
) -> None:
    with pytest.raises(UntrustedStatusList):
        status.open_list(_signed(signer, packed), 1, URL, keys)


def test_a_status_that_nobody_knows_is_not_taken_for_valid(
    signer: FileSigner, keys: Mapping[bytes, PublicKey]
) -> None:
    opened = status.open_list(
        _signed(signer, zlib.compress(b"\xff" * (status.SIZE // 2))), 1, URL, keys
    )
    for index in (0, status.SIZE, -1):
        with pytest.raises(UntrustedStatusList):
            opened.at(index)


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(UntrustedStatusList):
        status.open_list(data, 1, URL, {})


def test_no_two_certificates_share_a_place_and_none_shows_order() -> None:
    indexes = [status.index_of(counter, b"an invented key") for counter in range(20_000)]
    assert len(set(indexes)) == len(indexes)
    assert all(0 <= index < status.SIZE for index in indexes)
    rising = sum(first < second for first, second in pairwise(indexes))
    assert 0.45 < rising / len(indexes) < 0.55


@given(first=places, second=places, key=st.binary(min_size=1, max_size=40))
def test_the_permutation_is_one_whatever_the_key(first: int, second: int, key: bytes) -> None:
    same = status.index_of(first, key) == status.index_of(second, key)
    assert same == (first == second)


def test_lists_fill_one_after_another() -> None:
    assert status.place_of(0, b"key").list_number == 1
    assert status.place_of(status.SIZE - 1, b"key").list_number == 1
    assert status.place_of(status.SIZE, b"key").list_number == 2
    assert status.place_of(0, b"key").index != status.place_of(status.SIZE, b"key").index


def test_a_counter_beyond_the_list_has_no_place() -> None:
    with pytest.raises(ValueError, match="places"):
        status.index_of(status.SIZE, b"key")


def _signed(signer: FileSigner, packed: bytes) -> bytes:
    issued = int(NOW.timestamp())
    claims = {2: f"{URL}/status/1", 6: issued, 4: issued + 60, 65533: {"bits": 4, "lst": packed}}
    return cose.sign(cbor.encode(claims), signer)
