"""One-time codes: the window, hostile input, and secrets that open only where they belong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import totp

STAFF = UUID("6a1f0a52-0000-4000-8000-000000000001")
OTHER = UUID("6a1f0a52-0000-4000-8000-000000000002")
KEY = bytes(range(32))
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238's test vectors
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert totp.code_of(SECRET, datetime.fromtimestamp(second, UTC)) == code


@given(seconds=st.integers(min_value=-95, max_value=95))
def test_a_code_is_good_for_its_step_and_one_either_way(seconds: int) -> None:
    code = totp.code_of(SECRET, NOON)
    at = NOON + timedelta(seconds=seconds)
    distance = abs(totp.step_of(at) - totp.step_of(NOON))
    accepted = totp.accepted_step(SECRET, code, at, last_step=0)
    assert accepted == (totp.step_of(NOON) if distance <= 1 else None)


def test_a_used_step_and_every_earlier_one_is_refused() -> None:
    step = totp.step_of(NOON)
    code = totp.code_of(SECRET, NOON)
    earlier = totp.code_of(SECRET, NOON - timedelta(seconds=30))
    assert totp.accepted_step(SECRET, code, NOON, step - 1) == step
    assert totp.accepted_step(SECRET, code, NOON, step) is None
    assert totp.accepted_step(SECRET, earlier, NOON, step) is None


def test_a_space_in_the_middle_is_forgiven() -> None:
    code = totp.code_of(SECRET, NOON)
    assert totp.accepted_step(SECRET, f"{code[:3]} {code[3:]}", NOON, 0) is not None


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"])
def test_digits_of_other_scripts_are_refused(digits: str) -> None:
    code = "".join(digits[int(digit)] for digit in totp.code_of(SECRET, NOON))
    assert totp.accepted_step(SECRET, code, NOON, 0) is None


@given(st.text(max_size=12))
def test_no_text_is_an_error(typed: str) -> None:
    assert totp.accepted_step(SECRET, typed + "x", NOON, 0) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "\x00" * 6, "-12345", "1" * 1_000_000])
def test_what_is_not_six_digits_is_refused(typed: str) -> None:
    assert totp.accepted_step(SECRET, typed, NOON, 0) is None


def test_a_sealed_secret_opens_with_its_key_for_its_account() -> None:
    sealed = totp.seal_secret(SECRET, KEY, STAFF)
    assert SECRET.encode() not in sealed
    assert totp.open_secret(sealed, KEY, STAFF) == SECRET


def test_sealing_twice_gives_different_bytes() -> None:
    assert totp.seal_secret(SECRET, KEY, STAFF) != totp.seal_secret(SECRET, KEY, STAFF)


def test_a_sealed_secret_opens_nowhere_else() -> None:
    sealed = totp.seal_secret(SECRET, KEY, STAFF)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for bytes_, key, staff in (
        (sealed, KEY, OTHER),
        (sealed, bytes(32), STAFF),
        (changed, KEY, STAFF),
        (sealed[:10], KEY, STAFF),
        (b"", KEY, STAFF),
    ):
        with pytest.raises(totp.SecretUnreadable):
            totp.open_secret(bytes_, key, staff)


def test_a_new_secret_has_160_bits_and_is_never_the_same() -> None:
    secrets = {totp.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(secret) for secret in secrets} == {32}


def test_the_address_for_the_app_names_issuer_and_user() -> None:
    uri = totp.enrolment_uri(SECRET, "chen.dev", "家长学时账本")
    assert uri.startswith("otpauth://totp/")
    assert "chen.dev" in uri
    assert f"secret={SECRET}" in uri
