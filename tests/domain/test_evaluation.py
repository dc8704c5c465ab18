"""Completions reached and withdrawn, stars awarded, and silence where nothing changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.completing import LearningRecord, StageEnrolment
from domain.evaluation import CompletionKind, Evaluation
from domain.rulebook import Rulebook
from tests.domain.given import (
    CHEN,
    RULES,
    TERM_CLOSE,
    a_full_year,
    by,
    changed,
    credit,
    exam,
    history,
    news,
    record,
    ruled,
)

COMPLETE = record(*a_full_year(), exams=(exam(),))


def evaluation(*records: LearningRecord) -> Evaluation:
    opened = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    for judged in records:
        opened.evaluate(judged, ruled(), by())
    opened.collect_events()
    return opened


def evaluated(
    judged: LearningRecord, *before: LearningRecord, rulebook: Rulebook = RULES, year: int = 2026
) -> list[Any]:
    own = evaluation(*before)
    own.evaluate(judged, ruled(year, rulebook=rulebook), by())
    return news(own)


def test_an_evaluation_belongs_to_a_learner_and_a_stage() -> None:
    [opened] = news(Evaluation(learner_id=CHEN, stage="primary", envelope=by()))
    assert isinstance(opened, Evaluation.Opened)
    assert opened.originator_id == Evaluation.create_id(CHEN, "primary")
    assert opened.originator_id != Evaluation.create_id(CHEN, "junior")


def test_a_complete_year_is_a_completion_and_a_first_star() -> None:
    reached, judged, awarded = evaluated(COMPLETE)

    assert isinstance(reached, Evaluation.CompletionReached)
    assert (reached.kind, reached.period) == (CompletionKind.ANNUAL, "2026")
    assert (reached.hours, reached.face_to_face_hours) == (800, 800)
    assert all(condition.met for condition in reached.conditions)
    assert reached.envelope.rulebook_version == "2026.1"
    assert isinstance(judged, Evaluation.StarEvaluated)
    assert (judged.level_before, judged.level_after, judged.as_of) == (0, 1, TERM_CLOSE)
    assert len(judged.conditions) == 15
    assert isinstance(awarded, Evaluation.StarAwarded)
    assert (awarded.level, awarded.from_day) == (1, TERM_CLOSE)


def test_nothing_met_is_nothing_new() -> None:
    assert evaluated(record()) == []


def test_the_same_outcome_is_no_news() -> None:
    assert evaluated(COMPLETE, COMPLETE) == []


def test_a_few_hours_more_are_no_news() -> None:
    assert evaluated(record(*COMPLETE.credits, credit(9), exams=(exam(),)), COMPLETE) == []


def test_whoever_asks_is_answered_always() -> None:
    own = evaluation(COMPLETE)
    own.evaluate_on_request(COMPLETE, ruled(), by(CHEN))
    own.evaluate_on_request(COMPLETE, ruled(), by(CHEN))  # the same asking again
    [judged] = news(own)
    assert isinstance(judged, Evaluation.StarEvaluated)
    assert (judged.level_before, judged.level_after) == (1, 1)


def test_a_reversal_withdraws_the_completion_and_leaves_the_star() -> None:
    own = evaluation(COMPLETE)

    own.evaluate(record(*COMPLETE.credits[1:], exams=(exam(),)), ruled(), by())

    withdrawn, judged = news(own)
    assert isinstance(withdrawn, Evaluation.CompletionWithdrawn)
    assert (withdrawn.kind, withdrawn.period) == (CompletionKind.ANNUAL, "2026")
    assert isinstance(judged, Evaluation.StarEvaluated)
    assert (own.star_level, own.completed_years) == (1, frozenset())


def test_what_was_withdrawn_can_be_reached_again() -> None:
    short = record(*COMPLETE.credits[1:], exams=(exam(),))
    own = evaluation(COMPLETE, short, COMPLETE)
    assert own.completed_years == {2026}


def test_what_is_under_verification_reaches_nothing() -> None:
    held = frozenset({COMPLETE.credits[0].entry_id})
    found = evaluated(record(*COMPLETE.credits, exams=(exam(),), held=held))
    assert not any(isinstance(fact, Evaluation.CompletionReached) for fact in found)


def test_what_is_under_verification_withdraws_nothing() -> None:
    held = frozenset({COMPLETE.credits[0].entry_id})
    found = evaluated(record(*COMPLETE.credits, exams=(exam(),), held=held), COMPLETE)
    assert not any(isinstance(fact, Evaluation.CompletionWithdrawn) for fact in found)


@pytest.mark.parametrize(
    ("ref", "value"),
    [
        ("completion.annual.min_hours", 1000),
        ("completion.annual.exams_passed", 2),
        ("course_families.required_for_completion", 5),
    ],
)
def test_a_stricter_rulebook_withdraws_nothing(ref: str, value: int) -> None:
    own = evaluation(COMPLETE)
    own.evaluate(COMPLETE, ruled(rulebook=changed(ref, value)), by())
    assert own.completed_years == {2026}


def test_the_supply_guard_helps_only_when_the_year_is_closed() -> None:
    credits, exams = COMPLETE.credits[:3], (exam(),)
    assert evaluation(record(*credits, exams=exams)).completed_years == frozenset()
    assert evaluation(record(*credits, exams=exams, offered={2026: 1200})).completed_years == {2026}


def test_a_stage_is_completed_when_it_is_over() -> None:
    enrolment = StageEnrolment("primary", (2026,), finished=(2026,))
    annual, stage, *_ = evaluated(record(*COMPLETE.credits, exams=(exam(),), enrolment=enrolment))
    assert isinstance(annual, Evaluation.CompletionReached)
    assert isinstance(stage, Evaluation.CompletionReached)
    assert (stage.kind, stage.period, stage.hours) == (CompletionKind.STAGE, "primary", 800)


def test_years_are_judged_one_by_one() -> None:
    both = record(
        *a_full_year(2026),
        *a_full_year(2027),
        exams=(exam(2026), exam(2027)),
        enrolment=StageEnrolment("primary", (2026, 2027)),
    )
    own = evaluation(both)
    assert own.completed_years == {2026}
    own.evaluate(both, ruled(2027), by())
    assert own.completed_years == {2026, 2027}


def test_an_evaluation_comes_back_from_its_history() -> None:
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    for judged in (COMPLETE, record(*COMPLETE.credits[1:], exams=(exam(),)), COMPLETE):
        own.evaluate(judged, ruled(), by())

    again = history(news(own))

    assert isinstance(again, Evaluation)
    assert (again.completions, again.star_level) == (own.completions, own.star_level)
    again.evaluate(COMPLETE, ruled(), by())
    assert news(again) == []


@given(kept=st.lists(st.integers(0, 4), max_size=6))
def test_a_completion_stands_exactly_while_its_conditions_do(kept: list[int]) -> None:
    own = evaluation()
    stars = 0
    for count in kept:
        own.evaluate(record(*COMPLETE.credits[:count], exams=(exam(),)), ruled(), by())
        assert (2026 in own.completed_years) == (count == 4)
        assert own.star_level >= stars
        stars = own.star_level
