"""Rotating codes: good as long as the rulebook says, for one session and one room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.check_in_codes import (
    EXPIRED_IS_TOLD_FOR,
    TOKEN_CHARACTERS,
    CodeWrong,
    Rhythm,
    RotatingCodes,
)
from api.access.codes import CodeExpired

READING = UUID("01937a52-0000-7000-8000-000000000001")
OTHER = UUID("01937a52-0000-7000-8000-000000000002")
SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
SCANNED = Rhythm(step=12 * SECOND, grace=18 * SECOND, early=2 * SECOND)
TYPED = Rhythm(step=60 * SECOND, grace=45 * SECOND, early=2 * SECOND)
CODES = RotatingCodes(b"k" * 32, SCANNED, TYPED)
BEGINS = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # a step of either rhythm begins here
TOKEN = CODES.codes_ahead(READING, "A301", BEGINS)[0]
DIGITS = CODES.typed_ahead(READING, "A301", BEGINS)[0]


def test_a_step_of_either_rhythm_begins_at_the_full_hour() -> None:
    assert TOKEN.begins_at == DIGITS.begins_at == BEGINS


@given(milliseconds=st.one_of(st.integers(-2005, -1995), st.integers(29_995, 30_005)))
def test_a_token_is_good_from_two_seconds_early_for_thirty(milliseconds: int) -> None:
    at = BEGINS + milliseconds * MILLISECOND
    if -2000 <= milliseconds < 30_000:
        assert CODES.redeem_token(READING, "A301", TOKEN.code, at) == TOKEN.step
    else:
        with pytest.raises(CodeExpired if milliseconds > 0 else CodeWrong):
            CODES.redeem_token(READING, "A301", TOKEN.code, at)


@given(milliseconds=st.one_of(st.integers(-2005, -1995), st.integers(104_995, 105_005)))
def test_a_typed_code_is_good_for_its_minute_and_45_seconds(milliseconds: int) -> None:
    at = BEGINS + milliseconds * MILLISECOND
    if -2000 <= milliseconds < 105_000:
        assert CODES.redeem_typed(READING, "A301", DIGITS.code, at) == DIGITS.step
    else:
        with pytest.raises(CodeExpired if milliseconds > 0 else CodeWrong):
            CODES.redeem_typed(READING, "A301", DIGITS.code, at)


@given(
    offset=st.integers(0, 10**7),
    step=st.integers(1, 90),
    grace=st.integers(0, 90),
    early=st.integers(0, 20),
)
def test_the_steps_accepted_are_those_whose_time_it_is(
    offset: int, step: int, grace: int, early: int
) -> None:
    rhythm = Rhythm(step * SECOND, grace * SECOND, early * SECOND)
    at = BEGINS + offset * MILLISECOND
    near = range(rhythm.current(at) - 200, rhythm.current(at) + 40)
    good = [
        n
        for n in near
        if rhythm.begins(n) - rhythm.early <= at < rhythm.begins(n + 1) + rhythm.grace
    ]
    assert list(rhythm.accepted(at)) == good


def test_an_old_token_is_expired_for_ten_minutes_and_then_wrong() -> None:
    with pytest.raises(CodeExpired):
        CODES.redeem_token(READING, "A301", TOKEN.code, BEGINS + EXPIRED_IS_TOLD_FOR)
    late = BEGINS + EXPIRED_IS_TOLD_FOR + SCANNED.step
    with pytest.raises(CodeWrong):
        CODES.redeem_token(READING, "A301", TOKEN.code, late)


@pytest.mark.parametrize(
    ("session", "room", "key"),
    [(OTHER, "A301", b"k"), (READING, "A302", b"k"), (READING, "", b"k"), (READING, "A301", b"j")],
)
def test_a_code_is_worth_nothing_elsewhere(session: UUID, room: str, key: bytes) -> None:
    elsewhere = RotatingCodes(key * 32, SCANNED, TYPED)
    with pytest.raises(CodeWrong):
        elsewhere.redeem_token(session, room, TOKEN.code, BEGINS)
    with pytest.raises(CodeWrong):
        elsewhere.redeem_typed(session, room, DIGITS.code, BEGINS)


def test_the_page_holds_25_codes_ahead_without_a_gap() -> None:
    ahead = CODES.codes_ahead(READING, "A301", BEGINS + 5 * SECOND)
    assert len(ahead) == 25
    assert ahead[0] == TOKEN
    assert len({shown.code for shown in ahead}) == 25
    assert {len(shown.code) for shown in ahead} == {TOKEN_CHARACTERS}
    for shown, following in pairwise(ahead):
        assert shown.ends_at == following.begins_at
        assert following.step == shown.step + 1
    for shown in ahead:
        assert CODES.redeem_token(READING, "A301", shown.code, shown.begins_at) == shown.step


def test_typed_codes_are_six_digits_and_differ() -> None:
    ahead = CODES.typed_ahead(READING, "A301", BEGINS, n=50)
    assert all(len(shown.code) == 6 and shown.code.isdigit() for shown in ahead)
    assert len({shown.code for shown in ahead}) > 40
    assert not {shown.code for shown in ahead} & {
        shown.code for shown in CODES.codes_ahead(READING, "A301", BEGINS)
    }


def test_typing_is_forgiven_spaces_width_and_dashes() -> None:
    code = DIGITS.code
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code)
    for typed in (f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", wide):
        assert CODES.redeem_typed(READING, "A301", typed, BEGINS) == DIGITS.step
    assert CODES.redeem_token(READING, "A301", TOKEN.code.lower(), BEGINS) == TOKEN.step


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345",
        "1234567",
        "٠" * 6,
        "१२३४५६",
        "\x00" * 6,
        "+12345",
        "1e5000",
        "①②③④⑤⑥⑦",
        "1" * 10**6,
        "\ud800",
        "abcdef",
    ],
)
def test_what_is_no_code_is_wrong(typed: str) -> None:
    with pytest.raises(CodeWrong):
        CODES.redeem_typed(READING, "A301", typed, BEGINS)
    with pytest.raises(CodeWrong):
        CODES.redeem_token(READING, "A301", typed, BEGINS)


@given(st.text(max_size=20))
def test_no_text_is_an_error(typed: str) -> None:
    for redeem in (CODES.redeem_token, CODES.redeem_typed):
        with pytest.raises(CodeWrong):
            redeem(READING, "A301", typed + "!", BEGINS)


@pytest.mark.parametrize("room", ["", "报告厅", "A\x00301", "\ud800", "x" * 10_000])
def test_any_text_names_a_room(room: str) -> None:
    shown = CODES.codes_ahead(READING, room, BEGINS, n=1)[0]
    assert CODES.redeem_token(READING, room, shown.code, BEGINS) == shown.step
