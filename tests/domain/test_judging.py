"""Whether what was completed still stands: by which rules, at which end of a stage, where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.completing import LearningRecord, StageEnrolment
from domain.crediting import Credit
from domain.evaluation import CompletionKind, Evaluation
from domain.judging import RulesOfDay
from tests.domain.given import (
    CHEN,
    RULES,
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
from tests.domain.test_evaluation import COMPLETE, evaluated, evaluation


def test_a_completion_stands_where_what_is_asked_now_is_enough() -> None:
    """Reached with eight hours; the year is closed, the guard asks for five, and five are left."""
    left = record(*COMPLETE.credits[:2], credit(2, hours=100), exams=(exam(),))
    closed = replace(left, offered={2026: 1000})
    own = evaluation(COMPLETE)

    for _ in range(2):
        own.evaluate(closed, ruled(), by())

    assert not any(isinstance(f, Evaluation.CompletionWithdrawn) for f in news(own))
    assert own.completed_years == {2026}


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


def test_what_was_reached_asks_for_no_more_of_recognised_hours_than_it_did() -> None:
    """The guard asks for less at the close, half of which is less; today's rules ask for more."""
    elsewhere = credit(9, hours=400, mode="external_recognised", family="life_education")
    half = record(credit(0, hours=400), elsewhere, exams=(exam(),))
    own = evaluation(half)
    assert own.completed_years == {2026}

    later = of_later_rules("course_families.required_for_completion", 5)
    own.evaluate(replace(half, offered={2026: 1000}), later, by())

    assert own.completed_years == {2026}


def test_a_completion_says_all_its_hours_and_those_in_person() -> None:
    online = replace_mode(credit(7, hours=400, family="life_education"))
    [reached, *_] = evaluated(record(credit(0, hours=400), online, exams=(exam(),)))
    assert isinstance(reached, Evaluation.CompletionReached)
    assert (reached.hours, reached.face_to_face_hours) == (800, 400)


def test_a_stage_is_completed_by_the_rules_of_its_last_year() -> None:
    ended = replace(COMPLETE, enrolment=StageEnrolment("primary", (2026,), finished=(2026,)))
    today = RULES.model_copy(update={"version": "2027.1"})
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(ended, replace(ruled(), rulebook=today, ends={2026: RULES}), by())

    told = {type(fact).__name__: fact.envelope.rulebook_version for fact in news(own)}

    assert told["CompletionReached"] == RULES.version
    assert told["StarEvaluated"] == told["StarAwarded"] == "2027.1"


@pytest.mark.parametrize("names_its_end", [True, False])
def test_a_stage_stands_under_stricter_rules_until_its_years_are_taken_back(
    names_its_end: bool,
) -> None:
    """Two of three years were enough; later rules ask for all of them."""
    two = years_of_two_children(2025, 2026, ends=(2026,))
    two = replace(two, enrolment=replace(two.enrolment, school_years=(2024, 2025, 2026)))
    one = replace(two, credits=two.credits[4:])
    own = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    own.evaluate(two, ruled(2024, 2025, 2026), by())
    if not names_its_end:
        kept = {key: done._replace(last_year=None) for key, done in own.completions.items()}
        own.completions = kept
    stricter = changed("completion.stage.years_numerator", 3)
    later = ruled(2024, 2025, 2026, rulebook=stricter)

    own.evaluate(two, later, by())
    assert (CompletionKind.STAGE, "primary") in own.completions

    own.evaluate(one, later, by())
    assert (CompletionKind.STAGE, "primary") not in own.completions
