"""Enrolment codes: one learner, one use, fourteen days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from api.access import codes
from api.access.codes import CodeExpired, CodeMalformed
from api.access.enrolment_codes import (
    LIFE,
    SAME_PHONE_AGAIN,
    CodeUnknown,
    CodeUsed,
    EnrolmentCodes,
)
from api.access.tickets import device_hash
from api.access.web_tables import WebTables

LIN = UUID("6a1f0a52-0000-4000-8000-000000000002")
WU = UUID("6a1f0a52-0000-4000-8000-000000000003")
AtOnce = Callable[[int, Callable[[], object]], list[object]]


@pytest.fixture
def enrolment(tables: WebTables) -> EnrolmentCodes:
    return EnrolmentCodes(tables, b"k" * 32)


def test_a_code_is_twelve_characters_and_a_check_in_groups(
    enrolment: EnrolmentCodes, at: datetime
) -> None:
    issued = {enrolment.issue(LIN, at) for _ in range(20)}
    assert len(issued) == 20
    letter = f"[{codes.ALPHABET}]"
    assert all(re.fullmatch(f"({letter}{{4}}-){{3}}{letter}", code) for code in issued)


def test_a_code_leads_to_its_learner_however_it_is_typed(
    enrolment: EnrolmentCodes, at: datetime
) -> None:
    first, second = enrolment.issue(LIN, at), enrolment.issue(WU, at)
    assert enrolment.redeem(second.lower().replace("-", " "), at) == WU
    assert enrolment.redeem(first, at) == LIN


def test_a_code_is_used_once(enrolment: EnrolmentCodes, at: datetime) -> None:
    code = enrolment.issue(LIN, at)
    enrolment.redeem(code, at)
    with pytest.raises(CodeUsed):
        enrolment.redeem(code, at)
    with pytest.raises(CodeUsed):  # still "used" after its time, not "expired"
        enrolment.redeem(code, at + LIFE)


def test_the_phone_that_used_a_code_may_use_it_again_for_ten_minutes(
    enrolment: EnrolmentCodes, at: datetime
) -> None:
    code, phone, other = enrolment.issue(LIN, at), device_hash("phone"), device_hash("other")
    soon = at + SAME_PHONE_AGAIN - timedelta(microseconds=1)
    assert enrolment.redeem(code, at, phone) == enrolment.redeem(code, soon, phone) == LIN
    for who, then in ((other, soon), (None, soon), (phone, at + SAME_PHONE_AGAIN)):
        with pytest.raises(CodeUsed):
            enrolment.redeem(code, then, who)


def test_every_use_of_a_code_is_the_same_redemption(
    enrolment: EnrolmentCodes, at: datetime
) -> None:
    code, other = enrolment.issue(LIN, at), enrolment.issue(LIN, at)
    assert enrolment.redemption_id(code) == enrolment.redemption_id(code.lower())
    assert enrolment.redemption_id(code) != enrolment.redemption_id(other)


def test_of_twelve_attempts_at_once_exactly_one_succeeds(
    enrolment: EnrolmentCodes, at: datetime, at_once: AtOnce
) -> None:
    code = enrolment.issue(LIN, at)
    results = at_once(12, lambda: enrolment.redeem(code, at))
    assert results.count(LIN) == 1
    assert sum(isinstance(result, CodeUsed) for result in results) == 11


def test_a_code_is_good_up_to_its_last_moment(enrolment: EnrolmentCodes, at: datetime) -> None:
    on_time, late = enrolment.issue(LIN, at), enrolment.issue(LIN, at)
    assert enrolment.redeem(on_time, at + LIFE - timedelta(microseconds=1)) == LIN
    with pytest.raises(CodeExpired) as refused:
        enrolment.redeem(late, at + LIFE)
    assert refused.value.facts == {"ended_at": at + timedelta(days=14)}


def test_a_well_formed_code_that_nobody_issued_is_unknown(
    enrolment: EnrolmentCodes, at: datetime
) -> None:
    body = "ABCDEFGHJKMN"
    with pytest.raises(CodeUnknown):
        enrolment.redeem(body + codes.check_character(body), at)


def test_what_is_no_code_is_malformed(enrolment: EnrolmentCodes, at: datetime) -> None:
    hostile = ("٣" * 13, "\x00" * 13, "\ud800" * 13, "A" * 10**6, "' or 1=1 --")
    for typed in ("", "ABCD", "ABCD-EFGH-JKMN", *hostile):
        with pytest.raises(CodeMalformed):
            enrolment.redeem(typed, at)


def test_a_slip_of_one_character_is_malformed_and_uses_nothing_up(
    enrolment: EnrolmentCodes, at: datetime
) -> None:
    code = enrolment.issue(LIN, at)
    slipped = ("1" if code[0] != "1" else "2") + code[1:]
    with pytest.raises(CodeMalformed):
        enrolment.redeem(slipped, at)
    assert enrolment.redeem(code, at) == LIN


def test_the_table_gives_no_code_away_and_another_key_knows_none(
    enrolment: EnrolmentCodes, tables: WebTables, at: datetime
) -> None:
    code = enrolment.issue(LIN, at)
    assert code.replace("-", "")[:12] not in str(
        tables.rows("select * from {web}.enrolment_code", {})
    )
    with pytest.raises(CodeUnknown):
        EnrolmentCodes(tables, b"j" * 32).redeem(code, at)


def test_withdrawn_codes_are_unknown(enrolment: EnrolmentCodes, at: datetime) -> None:
    code, other = enrolment.issue(LIN, at), enrolment.issue(WU, at)
    assert enrolment.withdraw(LIN) == 1
    with pytest.raises(CodeUnknown):
        enrolment.redeem(code, at)
    assert enrolment.redeem(other, at) == WU
