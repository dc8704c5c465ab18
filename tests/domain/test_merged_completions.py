"""What a record that was merged into another one had completed: reached there, where it holds."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from domain.completing import Completion, Completions, Condition, LearningRecord, StageEnrolment
from domain.evaluation import CompletionKind, Evaluation
from domain.judging import RulesOfDay
from tests.domain.given import (
    CHEN,
    LIN,
    RULES,
    a_full_year,
    by,
    changed,
    credit,
    exam,
    news,
    record,
    ruled,
)

LATER = "2026.2"
YEAR = (CompletionKind.ANNUAL, "2026")
STAGE = (CompletionKind.STAGE, "primary")
# Half of it online: the rules of their school allowed it, those of today do not.
ONLINE = (
    *(credit(number, mode="micro_class", session_id=None, family=family)
      for number, family in enumerate(("mental_health", "life_education"))),
    *a_full_year()[2:],
)  # fmt: skip
HALF_ONLINE = record(*ONLINE, exams=(exam(),))


def stricter(ref: str, value: int, *years: int) -> RulesOfDay:
    """A new edition, that knows the one before."""
    rulebook = changed(ref, value).model_copy(update={"version": LATER})
    return replace(ruled(*years, rulebook=rulebook), then={RULES.version: RULES})


LESS_ONLINE = stricter("no_double_credit.online_max_percent", 30)


def judged(known: LearningRecord, rules: RulesOfDay, learner: UUID = CHEN) -> Evaluation:
    made = Evaluation(learner_id=learner, stage="primary", envelope=by())
    made.evaluate(known, rules, by())
    return made


def theirs(known: LearningRecord = HALF_ONLINE, *years: int) -> Completions:
    return judged(known, ruled(*years), LIN).completions


def reached(own: Evaluation) -> list[Evaluation.CompletionReached]:
    return [fact for fact in news(own) if isinstance(fact, Evaluation.CompletionReached)]


def test_a_merged_record_s_completion_is_reached_as_it_was() -> None:
    assert reached(judged(HALF_ONLINE, LESS_ONLINE)) == []

    whole = replace(HALF_ONLINE, merged=(theirs(),))
    own = judged(whole, LESS_ONLINE)
    [fact] = reached(own)

    assert (fact.learner_id, fact.kind, fact.period) == (CHEN, *YEAR)
    assert fact.conditions == theirs()[YEAR].conditions
    assert (fact.hours, fact.face_to_face_hours, fact.last_year) == (800, 400, None)
    assert fact.envelope.rulebook_version == RULES.version

    own.evaluate(whole, LESS_ONLINE, by())
    assert [f for f in news(own) if isinstance(f, Evaluation.CompletionWithdrawn)] == []


def test_it_is_told_with_what_the_person_has_now() -> None:
    more = record(*ONLINE, credit(9, family="life_education"), exams=(exam(),))
    [fact] = reached(judged(replace(more, merged=(theirs(),)), stricter(
        "no_double_credit.online_max_percent", 10)))  # fmt: skip
    assert (fact.hours, fact.conditions[0].value, fact.conditions[0].threshold) == (1000, 1000, 800)


def test_what_asked_for_by_name_only_then_holds_and_stays() -> None:
    """A condition that no rules at hand know any more is taken as met, then and ever after."""
    gone = Condition(ref="completion.annual.gone", value=1, threshold=1)
    known = Completion((theirs()[YEAR].conditions[0], gone), "")
    whole = replace(record(*ONLINE), merged=({YEAR: known},))

    [fact] = reached(own := judged(whole, ruled()))
    own.evaluate(whole, ruled(), by())

    assert fact.conditions == known.conditions
    assert fact.envelope.rulebook_version == RULES.version
    assert own.completed_years == {2026}


def test_what_holds_no_more_is_not_reached() -> None:
    """A session that both were at counts once."""
    less = record(*ONLINE[1:], exams=(exam(),), merged=(theirs(),))
    assert reached(judged(less, LESS_ONLINE)) == []


def test_what_is_under_verification_brings_nothing() -> None:
    held = frozenset({ONLINE[0].entry_id})
    whole = replace(HALF_ONLINE, merged=(theirs(),), held=held)
    assert reached(judged(whole, LESS_ONLINE)) == []


def test_a_year_without_a_place_brings_nothing() -> None:
    nowhere = replace(HALF_ONLINE, merged=(theirs(),), enrolment=StageEnrolment("primary", (2025,)))
    assert reached(judged(nowhere, LESS_ONLINE)) == []


def test_one_s_own_completion_that_fell_stands_by_another_record_s_while_they_are_one() -> None:
    """Two evenings would have sufficed there; what is under verification withdraws nothing."""
    easier = changed("completion.annual.min_hours", 400).model_copy(update={"version": LATER})
    rules = replace(ruled(), then={RULES.version: RULES, LATER: easier})
    whole = record(*a_full_year(), exams=(exam(),))
    fewer = replace(whole, credits=whole.credits[1:])
    fell = replace(fewer, merged=(judged(fewer, ruled(rulebook=easier), LIN).completions,))
    own = judged(whole, rules)

    own.evaluate(fell, rules, by())
    own.evaluate(replace(fell, held=frozenset(c.entry_id for c in fell.credits)), rules, by())
    assert own.completed_years == {2026}

    own.evaluate(fewer, rules, by())
    assert own.completed_years == frozenset()


def test_what_today_s_rules_give_is_reached_by_them() -> None:
    complete = record(*a_full_year(), exams=(exam(),), merged=(theirs(),))
    [fact] = reached(judged(complete, LESS_ONLINE))
    assert fact.envelope.rulebook_version == LATER


def test_of_several_records_the_one_whose_completion_holds_is_taken() -> None:
    """One had completed nothing, one more than is left, the third what still holds."""
    strict = Condition(ref="completion.annual.min_hours", value=9900, threshold=9900)
    others: tuple[Completions, ...] = ({}, {YEAR: Completion((strict,), RULES.version)}, theirs())
    [fact] = reached(judged(replace(HALF_ONLINE, merged=others), LESS_ONLINE))
    assert fact.conditions == theirs()[YEAR].conditions


def three_years_of_four(*finished: int) -> LearningRecord:
    years = (2024, 2025, 2026)
    return record(
        *(each for year in years for each in a_full_year(year)),
        exams=tuple(map(exam, years)),
        enrolment=StageEnrolment("primary", (2023, *years), finished=finished),
    )


def test_a_merged_record_s_stage_is_completed_at_the_end_where_it_was() -> None:
    known, years = three_years_of_four(2026), (2023, 2024, 2025, 2026)
    rules = stricter("completion.stage.years_numerator", 3, *years)
    completed = theirs(known, *years)
    assert STAGE in completed
    assert STAGE not in judged(known, rules).completions

    own = judged(replace(known, merged=(completed,)), rules)

    assert own.completions[STAGE] == completed[STAGE]
    [fact] = [each for each in reached(own) if each.kind is CompletionKind.STAGE]
    assert (fact.last_year, fact.hours) == (2026, 2400)
    assert (
        STAGE not in judged(replace(three_years_of_four(), merged=(completed,)), rules).completions
    )


def test_a_completed_stage_of_which_a_year_fell_stands_by_another_record_s() -> None:
    known, years = three_years_of_four(2026), (2023, 2024, 2025, 2026)
    rules = stricter("completion.stage.years_numerator", 3, *years)
    credits, exams = (*known.credits, *a_full_year(2023)), (*known.exams_passed, exam(2023))
    own = judged(replace(known, credits=credits, exams_passed=exams), rules)

    own.evaluate(replace(known, merged=(theirs(known, *years),)), rules, by())
    assert own.completed_years == {2024, 2025, 2026}
    assert STAGE in own.completions

    own.evaluate(known, rules, by())
    assert STAGE not in own.completions


@pytest.mark.parametrize(("last_year", "stands"), [(2026, True), (None, True), (2025, False)])
def test_a_stage_that_ended_elsewhere_is_not_completed_here(
    last_year: int | None, stands: bool
) -> None:
    """An older fact that names no end is measured at the one at hand."""
    known, years = three_years_of_four(2026), (2023, 2024, 2025, 2026)
    rules = stricter("completion.stage.years_numerator", 3, *years)
    completed = theirs(known, *years)
    whole = {**completed, STAGE: completed[STAGE]._replace(last_year=last_year)}

    own = judged(replace(known, merged=(whole,)), rules)

    assert [each.last_year for each in reached(own) if each.kind is CompletionKind.STAGE] == (
        [2026] if stands else []
    )
