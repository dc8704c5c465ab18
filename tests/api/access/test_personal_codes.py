"""A personal code says who its holder is, cannot be invented, and dies when its slip is lost."""

from __future__ import annotations

import hmac
import re
from uuid import UUID

import pytest

from api.access import codes
from api.access.personal_codes import PersonalCodes, PersonalCodeVoid, ScanCodeUnknown

CHEN, LIN = UUID(int=7), UUID(int=8)


@pytest.fixture
def editions() -> dict[UUID, int]:
    """What the ledger would answer; each begins with its first edition."""
    return {CHEN: 1, LIN: 1}


@pytest.fixture
def personal(editions: dict[UUID, int]) -> PersonalCodes:
    return made(b"k" * 32, editions)


def made(key: bytes, editions: dict[UUID, int]) -> PersonalCodes:
    return PersonalCodes(key, lambda wanted: {each: editions.get(each, 1) for each in wanted})


def test_a_code_is_short_and_capital_and_the_same_when_printed_again(
    personal: PersonalCodes,
) -> None:
    code = personal.of([CHEN])[CHEN]

    assert re.fullmatch(r"PC1\.[0-9A-Z]{46}", code)
    assert personal.of([LIN, CHEN])[CHEN] == code
    assert personal.learner_of(code) == CHEN


@pytest.mark.parametrize(
    "typed",
    ["  {}\r\n", "{lower}", "ＰＣ１．{body}", "PC1。{body}"],
    ids=["spaces", "lower", "wide", "IME"],
)
def test_a_code_is_read_as_wedge_scanners_type_it(personal: PersonalCodes, typed: str) -> None:
    code = personal.of([CHEN])[CHEN]

    said = typed.format(code, lower=code.lower(), body=code[4:])

    assert personal.learner_of(said) == CHEN


def test_a_lost_slip_is_void_and_the_next_one_counts(
    personal: PersonalCodes, editions: dict[UUID, int]
) -> None:
    first, other = personal.of([CHEN])[CHEN], personal.of([LIN])[LIN]
    editions[CHEN] = 2

    with pytest.raises(PersonalCodeVoid):
        personal.learner_of(first)
    assert personal.learner_of(personal.of([CHEN])[CHEN]) == CHEN
    assert personal.learner_of(other) == LIN


def test_every_changed_character_makes_a_code_that_is_not_ours(personal: PersonalCodes) -> None:
    code = personal.of([CHEN])[CHEN]
    for place in range(4, len(code)):
        other = codes.ALPHABET[codes.ALPHABET.index(code[place]) ^ 1]
        with pytest.raises(ScanCodeUnknown):
            personal.learner_of(code[:place] + other + code[place + 1 :])


def test_a_code_of_another_key_or_purpose_is_not_ours(
    personal: PersonalCodes, editions: dict[UUID, int]
) -> None:
    fields = CHEN.bytes + (1).to_bytes(2)
    other_purpose = hmac.digest(b"k" * 32, b"enrolment-code/1|" + fields, "sha256")[:11]
    for foreign in (
        made(b"o" * 32, editions).of([CHEN])[CHEN],
        "PC1." + codes.encode(fields + other_purpose, 46),
    ):
        with pytest.raises(ScanCodeUnknown):
            personal.learner_of(foreign)


@pytest.mark.parametrize(
    "hostile",
    ["", "PC1.", "PC1." + "0" * 46, "PC1." + "U" * 46, "PC2." + "0" * 46, "https://示例.example/x",
     "PC1." + "0" * 100_000, "PC1.\x00" + "0" * 45, "PC1." + "١" * 46, "ﷺ" * 60, "' OR 1=1 --"],
)  # fmt: skip
def test_a_hostile_code_is_refused_and_nothing_else_happens(
    personal: PersonalCodes, hostile: str
) -> None:
    with pytest.raises(ScanCodeUnknown):
        personal.learner_of(hostile)
