"""Verifying gives one of nine words, whatever is shown to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import cbor, cose, qr
from certificates.claims import Claims
from certificates.keys import FileKeyStore, FileSigner
from certificates.public_keys import KeyState, PublicKey
from certificates.snapshot import Snapshot
from certificates.status import Status
from certificates.verifying import Reason, State, verify

NOW = datetime(2026, 7, 10, 4, tzinfo=UTC)
Keys = Mapping[bytes, PublicKey]
Make = Callable[..., Any]


def listed_valid(_: Claims) -> Status | None:
    return Status.VALID


def test_a_good_certificate_is_valid_with_all_its_facts(
    snapshot: Make, qr_text: Make, keys: Keys
) -> None:
    verdict = verify(qr_text(snapshot()), keys, listed_valid, NOW)
    assert (verdict.state, verdict.key_id, verdict.reason) == (State.VALID, "k2026a", None)
    assert verdict.checked_at == NOW
    assert verdict.claims is not None
    assert (verdict.claims.hours, verdict.claims.masked_holder) == (1250, "示*慧")


def test_the_signed_bytes_are_as_good_as_the_text(snapshot: Make, seal: Make, keys: Keys) -> None:
    assert verify(seal(snapshot()), keys, listed_valid, NOW).state is State.VALID


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.VALID, State.VALID),
        (Status.REVOKED, State.REVOKED),
        (Status.SUSPENDED, State.SUSPENDED),
        (Status.REPLACED, State.REPLACED),
        (Status.WITHDRAWN, State.WITHDRAWN),
        (None, State.STATUS_UNKNOWN),
    ],
)
def test_the_list_has_the_last_word_on_a_good_signature(
    snapshot: Make, seal: Make, keys: Keys, status: Status | None, state: State
) -> None:
    asked: list[Claims] = []

    def status_of(claims: Claims) -> Status | None:
        asked.append(claims)
        return status

    verdict = verify(seal(snapshot(), 4711), keys, status_of, NOW)
    assert verdict.state is state
    assert [(claims.status_list, claims.status_index) for claims in asked] == [(1, 4711)]


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_certificate_expires_at_the_end_of_its_last_day(
    snapshot: Make, seal: Make, keys: Keys, seconds: int
) -> None:
    at = datetime(2028, 8, 31, 16, tzinfo=UTC) + timedelta(seconds=seconds)
    verdict = verify(seal(snapshot("star")), keys, listed_valid, at)
    assert verdict.state is (State.VALID if seconds < 0 else State.EXPIRED)


def test_revoked_outweighs_expired_and_expired_outweighs_unknown(
    snapshot: Make, seal: Make, keys: Keys
) -> None:
    at, data = datetime(2030, 1, 1, tzinfo=UTC), seal(snapshot("star"))
    assert verify(data, keys, lambda _: Status.REVOKED, at).state is State.REVOKED
    assert verify(data, keys, lambda _: None, at).state is State.EXPIRED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"public": "00" * 32}, Reason.BAD_SIGNATURE),
        ({"state": KeyState.COMPROMISED, "changed_at": NOW}, Reason.COMPROMISED_KEY),
        ({"signs_from": NOW + timedelta(seconds=1)}, Reason.OUTSIDE_KEY_WINDOW),
        ({"signs_until": NOW}, Reason.OUTSIDE_KEY_WINDOW),
        ({"state": KeyState.RETIRED, "changed_at": NOW}, Reason.OUTSIDE_KEY_WINDOW),
        ({"state": KeyState.RETIRED, "changed_at": NOW + timedelta(seconds=1)}, None),
    ],
)
def test_a_key_vouches_only_for_its_own_time(
    snapshot: Make, seal: Make, keys: Keys, changes: dict[str, Any], reason: Reason | None
) -> None:
    ((kid, key),) = keys.items()
    changed = {kid: key.model_copy(update=changes)}
    verdict = verify(seal(snapshot()), changed, listed_valid, NOW)
    assert verdict.state is (State.FORGED if reason else State.VALID)
    assert verdict.reason is reason
    assert (verdict.claims is None) == bool(reason)


def test_a_key_that_is_not_ours_makes_a_forgery(
    snapshot: Make, seal: Make, store: FileKeyStore
) -> None:
    assert store.public_keys()
    verdict = verify(seal(snapshot()), {}, listed_valid, NOW)
    assert (verdict.state, verdict.reason) == (State.FORGED, Reason.UNKNOWN_KEY)


@given(bit=st.integers(min_value=0))
def test_no_bit_of_a_certificate_can_be_changed(
    snapshot: Make, seal: Make, keys: Keys, bit: int
) -> None:
    data = bytearray(seal(snapshot()))
    bit %= len(data) * 8
    data[bit >> 3] ^= 1 << (bit & 7)
    assert verify(bytes(data), keys, listed_valid, NOW).state is State.FORGED


def test_a_signed_status_list_is_no_certificate(signer: FileSigner, keys: Keys) -> None:
    data = cose.sign(cbor.encode({2: "https://example.cn/status/1", 6: 1}), signer)
    assert verify(data, keys, listed_valid, NOW).reason is Reason.MALFORMED


@pytest.mark.parametrize("text", ["", "https://example.cn/c", "hello", b""])
def test_where_nothing_is_shown_nothing_is_found(text: str | bytes, keys: Keys) -> None:
    verdict = verify(text, keys, listed_valid, NOW)
    assert (verdict.state, verdict.reason) == (State.NOT_FOUND, Reason.NO_PAYLOAD)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_anything_at_all_gets_a_verdict(presented: str | bytes) -> None:
    assert verify(presented, {}, listed_valid, NOW).state in {State.FORGED, State.NOT_FOUND}


def test_junk_behind_the_code_changes_nothing(
    snapshot: Callable[..., Snapshot], qr_text: Make, keys: Keys
) -> None:
    text = qr_text(snapshot()) + "&appinstall=0"
    assert verify(text, keys, listed_valid, NOW).state is State.VALID
    assert qr.data_of(text) is not None
