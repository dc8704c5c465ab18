"""Completions reached and withdrawn, stars awarded, and silence where nothing changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.completing import LearningRecord, StageEnrolment
from domain.crediting import Credit
from domain.evaluation import CompletionKind, Evaluation
from domain.judging import RulesOfDay
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


def test_a_completion_stands_where_what_is_asked_now_is_enough() -> None:
    """Reached with eight hours; the year is closed, the guard asks for five, and five are left."""
    left = record(*COMPLETE.credits[:2], credit(2, hours=100), exams=(exam(),))
    closed = replace(left, offered={2026: 1000})
    own = evaluation(COMPLETE)

    for _ in range(2):
        own.evaluate(closed, ruled(), by())

    assert not any(isinstance(f, Evaluation.CompletionWithdrawn) for f in news(own))
    assert own.completed_years == {2026}


def test_a_stage_is_completed_when_it_is_over() -> None:
    enrolment = StageEnrolment("primary", (2026,), finished=(2026,))
    annual, stage, *_ = evaluated(record(*COMPLETE.credits, exams=(exam(),), enrolment=enrolment))
    assert isinstance(annual, Evaluation.CompletionReached)
    assert isinstance(stage, Evaluation.CompletionReached)
    assert (stage.kind, stage.period, stage.hours) == (CompletionKind.STAGE, "primary", 800)


def test_a_year_without_a_place_in_the_stage_completes_nothing_in_it() -> None:
    nowhere = replace(COMPLETE, enrolment=StageEnrolment("primary", (2025,)))
    assert evaluation(nowhere).completed_years == frozenset()


def test_a_completion_falls_with_the_places_it_stands_on() -> None:
    """A merge is undone: the child was another person's, and so was the end of its stage."""
    ended = StageEnrolment("primary", (2026,), finished=(2026,))
    own = evaluation(replace(COMPLETE, enrolment=ended))
    assert len(own.completions) == 2

    own.evaluate(replace(COMPLETE, enrolment=replace(ended, finished=())), ruled(), by())
    assert own.completions.keys() == {(CompletionKind.ANNUAL, "2026")}
    own.evaluate(replace(COMPLETE, enrolment=StageEnrolment("primary", ())), ruled(), by())
    assert own.completions == {}


def test_a_stage_completion_falls_with_the_years_it_stands_on() -> None:
    enrolment = StageEnrolment("primary", (2026,), finished=(2026,))
    whole = record(*COMPLETE.credits, exams=(exam(),), enrolment=enrolment)
    short = record(*COMPLETE.credits[1:], exams=(exam(),), enrolment=enrolment)
    kinds = [
        f.kind for f in evaluated(short, whole) if isinstance(f, Evaluation.CompletionWithdrawn)
    ]
    assert kinds == [CompletionKind.ANNUAL, CompletionKind.STAGE]


def years_of_two_children(*completed: int, ends: tuple[int, ...]) -> LearningRecord:
    """The elder child leaves in 2026-27; the younger one leaves in 2030-31."""
    years = tuple(range(2023, 1 + max(ends)))
    return record(
        *(credit for year in completed for credit in a_full_year(year)),
        exams=tuple(exam(year) for year in completed),
        enrolment=StageEnrolment("primary", years, finished=ends),
    )


def stage_after(*records: LearningRecord) -> bool:
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    for judged in records:
        own.evaluate(judged, ruled(*judged.enrolment.school_years), by())
    return (CompletionKind.STAGE, "primary") in own.completions


def test_a_stage_completion_falls_where_no_end_of_it_suffices() -> None:
    """Reached with three years of four; with two of them left five of eight are too few."""
    whole = years_of_two_children(2024, 2025, 2026, ends=(2026,))
    both = years_of_two_children(2024, 2025, 2026, ends=(2026, 2030))
    short = years_of_two_children(2024, 2026, 2028, 2029, 2030, ends=(2026, 2030))
    assert stage_after(whole, both)
    assert not stage_after(whole, short)


def test_a_stage_completion_stands_where_another_end_suffices() -> None:
    whole = years_of_two_children(2024, 2025, 2026, ends=(2026,))
    later = years_of_two_children(2024, *range(2026, 2031), ends=(2026, 2030))
    assert stage_after(whole, later)


def test_an_older_fact_that_names_no_end_is_measured_at_the_one_at_hand() -> None:
    """The field came later; what was reached before it stands as it did."""
    enrolment = StageEnrolment("primary", (2026,), finished=(2026,))
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(replace(COMPLETE, enrolment=enrolment), ruled(), by())
    facts = [
        fact.model_copy(update={"last_year": None})
        if isinstance(fact, Evaluation.CompletionReached)
        else fact
        for fact in news(own)
    ]
    again = history(facts)
    assert isinstance(again, Evaluation)

    both = replace(enrolment, school_years=(2026, 2027, 2028), finished=(2026, 2028))
    again.evaluate(replace(COMPLETE, enrolment=both), ruled(), by())

    assert (CompletionKind.STAGE, "primary") in again.completions


def of_later_rules(ref: str, value: int) -> RulesOfDay:
    """A new edition, that knows the one before."""
    rulebook = changed(ref, value).model_copy(update={"version": "2026.2"})
    return replace(ruled(rulebook=rulebook), then={RULES.version: RULES})


def test_what_was_reached_is_counted_by_the_rules_it_was_reached_under() -> None:
    """Half of it online was allowed, then less: nothing was lost. What is taken back counts."""
    stricter = of_later_rules("no_double_credit.online_max_percent", 30)
    online = tuple(replace_mode(each) for each in COMPLETE.credits[:2])
    half = record(*online, *COMPLETE.credits[2:], exams=(exam(),))
    own = evaluation(half)
    assert own.completed_years == {2026}

    own.evaluate(half, stricter, by())
    assert own.completed_years == {2026}

    own.evaluate(record(*half.credits[1:], exams=(exam(),)), stricter, by())
    withdrawn = [f for f in news(own) if isinstance(f, Evaluation.CompletionWithdrawn)]
    assert [f.envelope.rulebook_version for f in withdrawn] == [RULES.version]


def replace_mode(line: Credit) -> Credit:
    return line.model_copy(update={"mode": "micro_class", "face_to_face": False})


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
