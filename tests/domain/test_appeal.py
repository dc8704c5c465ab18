"""An appeal: in time, decided by somebody apart and with reasons, reviewed once, then final."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.appeal import Appeal, Ground, Stands, ground_of
from domain.appeal_refusals import (
    AnswerAwaited,
    AppealAlreadyDecided,
    AppealIsFinal,
    AppealNotEscalated,
    AppealTooLate,
    DeciderTookPart,
)
from domain.dispute import ReasonsMissing
from domain.verdict import Outcome
from tests.domain.cases import (
    CORRECTION,
    DUE,
    HEAD,
    MONDAY,
    OFFICER,
    TEACHER,
    WORDS,
    appeal,
    dispute,
    turned_down,
    verdict,
)
from tests.domain.given import CHEN, by, news
from tests.domain.refusing import refused

NOBODY: frozenset[UUID] = frozenset()
LAST = DUE.last_day
DAY = timedelta(days=1)


def decided(outcome: Outcome = Outcome.PARTLY) -> Appeal:
    made = appeal()
    made.decide(verdict(outcome), NOBODY, DUE, by(HEAD))
    news(made)
    return made


def escalated() -> Appeal:
    made = decided()
    made.escalate(None, DUE, LAST, LAST, by(CHEN))
    news(made)
    return made


@given(st.integers(-2, 2))
def test_a_posting_or_an_answer_opens_a_window(days: int) -> None:
    today = MONDAY + days * DAY
    for case, ground in ((None, Ground.POSTING), (turned_down(), Ground.ANSWER)):
        if days <= 0:
            assert ground_of(case, MONDAY, MONDAY, today) is ground
        else:
            with pytest.raises(AppealTooLate) as refused:
                ground_of(case, MONDAY, MONDAY, today)
            assert refused.value.facts["last_day"] == MONDAY


@given(st.integers(-2, 2))
def test_no_answer_in_time_opens_it_at_once_and_without_a_last_day(days: int) -> None:
    today = LAST + days * DAY
    if days > 0:
        assert ground_of(dispute(), MONDAY, MONDAY, today) is Ground.NO_ANSWER
    else:
        with refused(AnswerAwaited, last_day=LAST):
            ground_of(dispute(), MONDAY, MONDAY, today)


def test_it_is_acknowledged_once() -> None:
    made = appeal()
    made.acknowledge(by(HEAD))
    made.acknowledge(by(TEACHER))
    assert len(news(made)) == 1


def test_whoever_took_part_does_not_decide() -> None:
    made = appeal()
    with pytest.raises(DeciderTookPart):
        made.decide(verdict(), frozenset({HEAD}), DUE, by(HEAD))
    assert news(made) == []


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_decision_is_explained(outcome: Outcome) -> None:
    made = appeal()
    with pytest.raises(ReasonsMissing):
        made.decide(verdict(outcome, None), NOBODY, DUE, by(HEAD))
    made.decide(verdict(outcome), NOBODY, DUE, by(HEAD))
    assert (made.stands, made.verdict) == (Stands.DECIDED, verdict(outcome))


def test_the_same_decision_again_is_no_news_and_another_is_refused() -> None:
    made = decided()
    made.decide(verdict(words_id=None), frozenset({HEAD}), DUE, by(HEAD))
    with refused(AppealAlreadyDecided, stands="decided"):
        made.decide(verdict(Outcome.UPHELD), NOBODY, DUE, by(HEAD))
    with refused(AppealAlreadyDecided, stands="decided"):
        made.decide(verdict(), NOBODY, DUE, by(TEACHER))
    assert news(made) == []


def test_the_school_is_done_once_the_district_has_it() -> None:
    with refused(AppealAlreadyDecided, stands="escalated"):
        escalated().decide(verdict(), NOBODY, DUE, by(TEACHER))


@given(st.integers(-2, 2))
def test_the_review_is_asked_for_in_time(days: int) -> None:
    made = decided()
    if days <= 0:
        made.escalate(WORDS, DUE, MONDAY, MONDAY + days * DAY, by(CHEN))
        assert made.stands is Stands.ESCALATED
    else:
        with refused(AppealTooLate, last_day=MONDAY):
            made.escalate(WORDS, DUE, MONDAY, MONDAY + days * DAY, by(CHEN))


@given(st.integers(-2, 2))
def test_no_decision_in_time_opens_the_review_at_once(days: int) -> None:
    made, today = appeal(), LAST + days * DAY
    if days > 0:
        made.escalate(None, DUE, today, today, by(CHEN))
        assert made.stands is Stands.ESCALATED
    else:
        with refused(AnswerAwaited, last_day=LAST):
            made.escalate(None, DUE, today, today, by(CHEN))


def test_asking_for_the_review_again_is_no_news() -> None:
    made = escalated()
    made.escalate(None, DUE, MONDAY, LAST + 30 * DAY, by(CHEN))
    assert news(made) == []


def test_the_review_is_final() -> None:
    made = escalated()
    made.review(verdict(Outcome.UPHELD), NOBODY, by(OFFICER))
    made.review(verdict(Outcome.UPHELD), NOBODY, by(OFFICER))
    assert len(news(made)) == 1
    with refused(AppealIsFinal, stands="reviewed"):
        made.review(verdict(Outcome.REFUSED), NOBODY, by(OFFICER))
    with refused(AppealIsFinal, stands="reviewed"):
        made.escalate(None, DUE, LAST, LAST, by(CHEN))
    with refused(AppealIsFinal, stands="reviewed"):
        made.withdraw(by(CHEN))


def test_the_district_reviews_what_was_brought_before_it() -> None:
    with refused(AppealNotEscalated, stands="decided"):
        decided().review(verdict(), NOBODY, by(OFFICER))


@pytest.mark.parametrize("took_part", [frozenset({OFFICER}), NOBODY])
def test_whoever_took_part_does_not_review(took_part: frozenset[UUID]) -> None:
    with pytest.raises(DeciderTookPart):
        escalated().review(verdict(), took_part, by(OFFICER if took_part else HEAD))


def test_a_review_is_explained() -> None:
    with pytest.raises(ReasonsMissing):
        escalated().review(verdict(words_id=None), NOBODY, by(OFFICER))


def test_a_parent_lets_it_rest() -> None:
    made = appeal()
    made.withdraw(by(CHEN))
    made.withdraw(by(CHEN))
    assert (len(news(made)), made.is_pending) == (1, False)
    with refused(AppealIsFinal, stands="withdrawn"):
        made.decide(verdict(), NOBODY, DUE, by(HEAD))
    with refused(AppealIsFinal, stands="withdrawn"):
        made.acknowledge(by(HEAD))


def test_a_decision_names_its_corrections_once_each() -> None:
    made = decided()
    made.link_correction(CORRECTION, by(HEAD))
    made.link_correction(CORRECTION, by(HEAD))
    assert (len(news(made)), made.corrections) == (1, (CORRECTION,))


def test_what_is_brought_before_the_district_keeps_its_words() -> None:
    made = decided()
    made.escalate(WORDS, DUE, LAST, LAST, by(CHEN))
    [brought] = news(made)
    assert isinstance(brought, Appeal.Escalated)
    assert (brought.learner_id, brought.words_id, brought.due) == (CHEN, WORDS, DUE)
