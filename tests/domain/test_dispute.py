"""A dispute: one for each learner and subject, answered once, a no with its reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dispute import (
    AnswerReason,
    Dispute,
    DisputeAlreadyAnswered,
    DisputeAlreadyOpen,
    DisputeReason,
    DisputeTooLate,
    ReasonsMissing,
    must_be_in_time,
)
from tests.domain.cases import (
    CORRECTION,
    DUE,
    HEAD,
    MONDAY,
    SUBJECT,
    TEACHER,
    WORDS,
    dispute,
    turned_down,
)
from tests.domain.given import CHEN, by, news
from tests.domain.refusing import refused


def test_the_same_tap_again_is_the_same_dispute() -> None:
    made = dispute()
    made.again(DisputeReason.WRONG_HOURS)
    assert news(made) == []


def test_another_reason_waits_until_the_first_is_answered() -> None:
    with refused(DisputeAlreadyOpen, case_id=Dispute.create_id(CHEN, SUBJECT)):
        dispute().again(DisputeReason.OTHER)


def test_an_answered_dispute_is_not_opened_again() -> None:
    with refused(DisputeAlreadyAnswered, case_id=Dispute.create_id(CHEN, SUBJECT)):
        turned_down().again(DisputeReason.WRONG_HOURS)


def test_a_yes_names_the_correction_that_follows() -> None:
    made = dispute()
    made.uphold(AnswerReason.RECORD_WRONG, None, CORRECTION, DUE, by(TEACHER))
    [answered] = news(made)
    assert isinstance(answered, Dispute.Answered)
    assert (answered.upheld, made.corrections, made.is_open) == (True, (CORRECTION,), False)


def test_a_yes_may_come_before_its_correction() -> None:
    made = dispute()
    made.uphold(AnswerReason.RECORD_WRONG, None, None, DUE, by(TEACHER))
    made.link_correction(CORRECTION, by(TEACHER))
    made.link_correction(CORRECTION, by(TEACHER))
    assert len(news(made)) == 2
    assert made.corrections == (CORRECTION,)


def test_a_no_is_explained() -> None:
    made = dispute()
    with pytest.raises(ReasonsMissing):
        made.turn_down(AnswerReason.RECORD_RIGHT, None, DUE, by(TEACHER))
    assert news(made) == []


def test_the_same_answer_again_is_no_news_and_another_is_refused() -> None:
    made = turned_down()
    made.turn_down(AnswerReason.RECORD_RIGHT, None, DUE, by(TEACHER))
    with refused(DisputeAlreadyAnswered, case_id=made.id):
        made.turn_down(AnswerReason.RECORD_RIGHT, WORDS, DUE, by(HEAD))
    with refused(DisputeAlreadyAnswered, case_id=made.id):
        made.uphold(AnswerReason.RECORD_WRONG, None, None, DUE, by(TEACHER))
    assert news(made) == []


def test_a_repeated_yes_is_no_news() -> None:
    made = dispute()
    for _ in range(2):
        made.uphold(AnswerReason.RECORD_WRONG, None, None, DUE, by(TEACHER))
    assert len(news(made)) == 1


@given(st.integers(-2, 2))
def test_the_last_day_belongs_to_the_time_for_a_dispute(days: int) -> None:
    today = MONDAY + timedelta(days=days)
    if days <= 0:
        must_be_in_time(MONDAY, today)
    else:
        with pytest.raises(DisputeTooLate) as refused:
            must_be_in_time(MONDAY, today)
        assert refused.value.facts["last_day"] == MONDAY


def test_an_answer_keeps_its_words_its_reason_and_how_long_it_may_be_appealed() -> None:
    yes, no = dispute(), dispute()
    yes.uphold(AnswerReason.RECORD_WRONG, WORDS, CORRECTION, DUE, by(TEACHER))
    no.turn_down(AnswerReason.RECORD_RIGHT, WORDS, DUE, by(TEACHER))
    for made, upheld, reason in (
        (yes, True, AnswerReason.RECORD_WRONG),
        (no, False, AnswerReason.RECORD_RIGHT),
    ):
        [answered] = news(made)
        assert isinstance(answered, Dispute.Answered)
        assert (answered.learner_id, answered.upheld) == (CHEN, upheld)
        assert (answered.reason_code, answered.words_id) == (reason, WORDS)
        assert answered.appeal_until == made.appeal_until == DUE
