"""No new star after confirmed fraud, for some terms; what is held stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from domain.account import Account
from domain.calendar import Term, whole_terms_since
from domain.completing import Condition, LearningRecord
from domain.crediting import CreditClaim
from domain.evaluation import Evaluation, StarNotDue
from domain.missing import missing
from domain.rules import ReversalReason
from domain.settling import Claimed
from domain.stars import StarJudgement, judge_stars
from domain.suspension import NO_STAR_TERMS, Fraud, Frauds
from tests.domain.given import (
    CHEN,
    RULES,
    a_full_year,
    account,
    by,
    changed,
    claim,
    credit,
    exam,
    news,
    record,
    ruled,
)

FRAUD, OTHER = ReversalReason.FRAUD_CONFIRMED, ReversalReason.NOT_PRESENT
CONFIRMED = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
DAYS = (date(2026, 9, 1), date(2027, 2, 22), date(2027, 8, 30), date(2028, 2, 20))
TERMS = [
    Term(school_year=2026 + n // 2, term_no=n % 2 + 1, begins=begins, ends=after - timedelta(1))
    for n, (begins, after) in enumerate(pairwise(DAYS))
]
COMPLETE = (*a_full_year(), credit(9))


def learned(terms_since_fraud: int | None) -> LearningRecord:
    return record(*COMPLETE, exams=(exam(),), terms_since_fraud=terms_since_fraud)


def reversed_for(reason: ReversalReason) -> Account:
    own = account(claim(), claim(1))
    own.reverse(claim().entry_id, reason, by(at=CONFIRMED))
    return own


@pytest.mark.parametrize(
    ("confirmed", "day", "whole"),
    [
        (date(2026, 10, 20), date(2026, 10, 20), 0),
        (date(2026, 10, 20), date(2027, 2, 21), 0),
        (date(2026, 10, 20), date(2027, 2, 22), 0),
        (date(2026, 10, 20), date(2027, 8, 29), 0),
        (date(2026, 10, 20), date(2027, 8, 30), 1),
        (date(2026, 10, 20), date(2030, 1, 1), 2),  # as far as terms are announced
        (date(2027, 2, 22), date(2027, 8, 30), 0),  # the first day of a term belongs to it
        (date(2027, 2, 22), date(2028, 2, 20), 1),
        (date(2027, 8, 29), date(2028, 2, 19), 0),  # and so does the last one
        (date(2027, 8, 29), date(2028, 2, 20), 1),
        (date(2026, 8, 1), date(2027, 2, 22), 1),
    ],
)
def test_terms_are_counted_as_they_are_announced(confirmed: date, day: date, whole: int) -> None:
    assert whole_terms_since(confirmed, day, TERMS) == whole


@pytest.mark.parametrize(("since", "level"), [(None, 1), (0, 0), (1, 1), (2, 1)])
def test_no_star_is_awarded_before_a_whole_term_is_over(since: int | None, level: int) -> None:
    assert judge_stars(learned(since), RULES, 0, held_level=0).level == level


def test_a_star_held_stays() -> None:
    assert judge_stars(learned(0), RULES, 1, held_level=1).level == 1


def test_the_reason_is_a_condition_with_value_and_threshold() -> None:
    waiting, over = (judge_stars(learned(since), RULES, 0, held_level=0) for since in (0, 1))
    assert suspended(waiting) == Condition(ref=NO_STAR_TERMS, value=0, threshold=1)
    assert suspended(over).met
    assert RULES.figure(NO_STAR_TERMS).value == 1


def suspended(judged: StarJudgement) -> Condition:
    [found] = [each for each in judged.conditions if each.ref == NO_STAR_TERMS]
    return found


def test_a_rulebook_without_such_a_term_suspends_nothing() -> None:
    rules = changed(NO_STAR_TERMS, 0)
    judged = judge_stars(learned(0), rules, 0, held_level=0)
    assert (judged.level, len(judged.conditions)) == (1, 15)


def test_no_star_can_be_proposed_meanwhile() -> None:
    rules = changed("stars.tracks.six_year.levels.1.needs_proposal", True)
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    assert own.proposable(learned(None), rules) == own.proposable(learned(1), rules) == 1
    with pytest.raises(StarNotDue):
        own.proposable(learned(0), rules)
    with pytest.raises(StarNotDue):
        own.grant_star(1, learned(0), ruled(rulebook=rules), by())


def test_the_evaluation_says_when_it_begins_and_awards_when_it_is_over() -> None:
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(learned(None), ruled(), by())
    news(own)

    own.evaluate(learned(0), ruled(), by())
    [said] = news(own)
    assert isinstance(said, Evaluation.StarEvaluated)
    assert (said.level_before, said.level_after) == (1, 1)
    own.evaluate(learned(0), ruled(), by())
    assert news(own) == []

    late = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    late.evaluate(learned(0), ruled(), by())
    late.evaluate(learned(1), ruled(), by())
    assert late.star_level == 1


def test_completions_are_reached_all_the_same() -> None:
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(learned(0), ruled(), by())
    assert own.completed_years == {2026}
    assert own.star_level == 0


def test_it_is_missing_for_the_next_star_and_for_nothing_after_the_last() -> None:
    assert [each.ref for each in missing(learned(0), RULES, 2026, {2026}).star] == [NO_STAR_TERMS]
    assert missing(learned(1), RULES, 2026, {2026}).star == ()
    assert missing(learned(0), RULES, 2026, {2026}, star_level=5).star == ()


def test_an_account_remembers_when_fraud_was_confirmed() -> None:
    assert account(claim()).frauds.latest is None
    assert reversed_for(OTHER).frauds.latest is None
    own = reversed_for(FRAUD)
    assert own.frauds.latest == CONFIRMED
    own.reverse(claim(1).entry_id, FRAUD, by(at=CONFIRMED + timedelta(days=9)))
    assert own.frauds.latest == CONFIRMED + timedelta(days=9)


def test_an_account_read_again_remembers_the_same() -> None:
    assert reversed_for(FRAUD).frauds == reversed_for(FRAUD).frauds != Frauds()


@pytest.mark.parametrize(("hours", "is_lifted"), [(200, True), (100, False)])
def test_hours_that_are_given_back_whole_were_no_fraud(hours: int, is_lifted: bool) -> None:
    own = reversed_for(FRAUD)
    own.award(claim(generation=1, hours=hours), RULES, by())
    assert (own.frauds.latest is None) == is_lifted


def test_what_is_found_untrue_twice_is_given_back_whole_or_not_at_all() -> None:
    own = reversed_for(FRAUD)
    half = claim(generation=1, hours=100)
    own.award(half, RULES, by())
    own.reverse(half.entry_id, FRAUD, by(at=CONFIRMED))
    own.award(claim(generation=2, hours=100), RULES, by())
    assert own.frauds.latest == CONFIRMED


def kept_out(own: Account) -> CreditClaim:
    """The second evening of a course: a limit leaves nothing of it."""
    again = claim(1, course_id=claim().course_id)
    assert own.award(again, RULES, by()).hours == 0
    return again


def test_fraud_in_what_a_limit_had_kept_out_is_fraud_as_well() -> None:
    own = account(claim())
    again = kept_out(own)
    own.settle({again.source_id: None}, lambda _: RULES, FRAUD, by(at=CONFIRMED))
    assert own.frauds.known == {again.source_id: Fraud.of(again, CONFIRMED)}


def test_what_is_claimed_whole_again_is_none_though_the_limit_keeps_it_out_again() -> None:
    own = account(claim())
    again = kept_out(own)
    own.settle({again.source_id: None}, lambda _: RULES, FRAUD, by(at=CONFIRMED))

    back = Claimed(again, RULES.version)
    own.settle({again.source_id: back}, lambda _: RULES, OTHER, by())

    assert (own.balance, own.frauds) == (200, Frauds())


def test_what_is_withdrawn_for_another_reason_is_no_fraud() -> None:
    own = account(claim())
    again = kept_out(own)
    own.settle({again.source_id: None}, lambda _: RULES, OTHER, by(at=CONFIRMED))
    assert own.frauds == Frauds()


@pytest.mark.parametrize(("hours", "is_lifted"), [(200, True), (100, False)])
def test_fraud_noted_before_anything_was_awarded_is_lifted_alike(
    hours: int, is_lifted: bool
) -> None:
    own = account()
    own.confirm_fraud(Fraud.of(claim(), CONFIRMED), by())
    assert own.frauds.latest == CONFIRMED

    own.award(claim(hours=hours), RULES, by())

    assert (own.frauds.latest is None) == is_lifted


@pytest.mark.parametrize(("hours", "is_lifted"), [(100, True), (50, False)])
def test_a_session_that_turns_out_shorter_is_given_back_whole_by_less(
    hours: int, is_lifted: bool
) -> None:
    own = reversed_for(FRAUD)
    own.award(claim(generation=1, class_hours=100, hours=hours), RULES, by())
    assert (own.frauds.latest is None) == is_lifted


@pytest.mark.parametrize(("hours", "is_lifted"), [(100, True), (50, False)])
def test_what_has_no_class_hours_is_compared_by_its_hours(hours: int, is_lifted: bool) -> None:
    noted = Fraud.of(claim(class_hours=0, hours=100), CONFIRMED)
    own = Frauds()
    own.confirmed(noted)
    own.claimed(claim(class_hours=0, hours=hours))
    assert (own.latest is None) == is_lifted


def test_fraud_found_again_counts_from_the_later_day() -> None:
    known, again = Fraud.of(claim(), CONFIRMED), CONFIRMED + timedelta(days=40)
    frauds = Frauds()
    frauds.confirmed(known)
    frauds.confirmed(known.model_copy(update={"confirmed_at": again, "hours": 50}))
    assert frauds.known == {known.source_id: known.model_copy(update={"confirmed_at": again})}

    frauds.left(known.source_id)
    frauds.left(known.source_id)
    assert frauds.latest is None
