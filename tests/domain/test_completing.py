"""Conditions of an annual and of a stage completion, each with its value and threshold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.completing import (
    Condition,
    StageEnrolment,
    annual_conditions,
    stage_conditions,
    still_met,
)
from domain.judging import judge_stage
from tests.domain.given import RULES, a_full_year, changed, credit, exam, record, ruled


def unmet(conditions: tuple[Condition, ...]) -> set[str]:
    return {condition.ref for condition in conditions if not condition.met}


def test_eight_hours_two_families_and_an_exam_complete_a_year() -> None:
    conditions = annual_conditions(record(*a_full_year(), exams=(exam(),)), RULES, 2026)
    assert {c.ref: (c.value, c.threshold) for c in conditions} == {
        "completion.annual.min_hours": (800, 800),
        "completion.annual.min_face_to_face_hours": (800, 400),
        "course_families.required_for_completion": (3, 2),
        "course_families.must_include.mental_health": (2, 1),
        "completion.annual.exams_passed": (1, 1),
    }
    assert unmet(conditions) == set()
    assert all(RULES.figure(condition.ref) for condition in conditions)


@given(hours=st.integers(700, 900))
def test_a_year_takes_eight_hours(hours: int) -> None:
    credits = (credit(0, hours=hours - 300), credit(1, hours=300, family="life_education"))
    conditions = annual_conditions(record(*credits, exams=(exam(),)), RULES, 2026)
    assert (unmet(conditions) == set()) == (hours >= 800)


@given(in_person=st.integers(350, 450))
def test_half_of_it_in_person(in_person: int) -> None:
    credits = (
        credit(0, hours=in_person),
        credit(1, hours=900, mode="micro_class", family="life_education"),
    )
    conditions = annual_conditions(record(*credits, exams=(exam(),)), RULES, 2026)
    in_time = in_person >= 400
    assert ("completion.annual.min_face_to_face_hours" not in unmet(conditions)) == in_time
    assert conditions[0].value == 2 * in_person  # as much online as in person, and no more


@pytest.mark.parametrize(
    ("families", "lacking"),
    [
        (("mental_health", "mental_health"), {"course_families.required_for_completion"}),
        (("life_education", "crisis_response"), {"course_families.must_include.mental_health"}),
        (("mental_health", "alchemy"), {"course_families.required_for_completion"}),
        (("mental_health", "digital_literacy"), set()),
    ],
)
def test_two_families_one_of_them_mental_health(
    families: tuple[str, ...], lacking: set[str]
) -> None:
    credits = tuple(credit(n, hours=400, family=family) for n, family in enumerate(families))
    assert unmet(annual_conditions(record(*credits, exams=(exam(),)), RULES, 2026)) == lacking


def test_an_exam_of_another_year_does_not_complete_this_one() -> None:
    conditions = annual_conditions(record(*a_full_year(), exams=(exam(2025),)), RULES, 2026)
    assert unmet(conditions) == {"completion.annual.exams_passed"}


def test_a_year_counts_the_hours_of_every_stage() -> None:
    first, *others = a_full_year()
    elsewhere = first.model_copy(update={"stage": "kindergarten"})
    assert unmet(annual_conditions(record(elsewhere, *others, exams=(exam(),)), RULES, 2026)) == (
        set()
    )


@given(offered=st.one_of(st.none(), st.integers(700, 900), st.integers(1_500, 1_700)))
def test_no_parent_fails_because_the_school_offered_too_little(offered: int | None) -> None:
    hours, *_ = annual_conditions(
        record(offered={} if offered is None else {2026: offered}), RULES, 2026
    )
    if offered is None or offered >= 1600:
        assert hours.threshold == 800
    else:
        assert hours.threshold == max(offered // 2, 400)


def test_the_supply_guard_never_asks_for_more_than_the_rule() -> None:
    generous = changed("completion.annual.supply_guard.share_percent", 90)
    hours, *_ = annual_conditions(record(offered={2026: 1500}), generous, 2026)
    assert hours.threshold == 800


@pytest.mark.parametrize(
    ("enrolled", "completed", "lacking"),
    [
        (range(2026, 2032), (2026, 2027, 2028, 2031), set()),
        (range(2026, 2032), (2026, 2027, 2031), {"completion.stage.years_numerator"}),
        (range(2026, 2032), (2026, 2027, 2028, 2029), {"completion.stage.in_last_year"}),
        (range(2026, 2028), (2026, 2027), set()),
        (range(2026, 2028), (2027,), {"completion.stage.years_numerator"}),
        (range(2026, 2027), (2026,), set()),
        (range(2026, 2027), (2025,), {"completion.stage.years_numerator",
                                      "completion.stage.in_last_year"}),
    ],
)  # fmt: skip
def test_a_stage_takes_two_thirds_of_its_years_and_the_last(
    enrolled: range, completed: tuple[int, ...], lacking: set[str]
) -> None:
    enrolment = StageEnrolment("primary", tuple(enrolled), finished=(max(enrolled),))
    found = stage_conditions(
        replace(record(), enrolment=enrolment), RULES, completed, max(enrolled)
    )
    assert unmet(found) == lacking


def test_what_is_under_verification_is_left_out() -> None:
    credits = a_full_year()
    judged = record(*credits, held=frozenset({credits[0].entry_id}))
    assert judged.of_year(2026).hours == 800
    assert judged.free().of_year(2026).hours == 600
    assert judged.free() == record(*credits[1:])


def test_later_rules_change_nothing_about_what_was_reached() -> None:
    then = (Condition(ref="exam", value=1, threshold=1), Condition(ref="old", value=3, threshold=2))
    assert still_met(then, (Condition(ref="exam", value=1, threshold=5),))
    assert not still_met(then, (Condition(ref="exam", value=0, threshold=0),))


@pytest.mark.parametrize(
    ("completed", "lacking"),
    [
        ((2028, 2029), set()),
        ((2028, 2029, 2030), set()),
        ((2029, 2030), {"completion.stage.years_numerator", "completion.stage.in_last_year"}),
        ((2028, 2029, 2030, 2031), set()),
    ],
)
def test_a_stage_may_end_twice_and_is_completed_by_the_end_that_suffices(
    completed: tuple[int, ...], lacking: set[str]
) -> None:
    """The elder child left primary school in 2028-29, the younger one three years later."""
    enrolment = StageEnrolment("primary", tuple(range(2027, 2033)), finished=(2032, 2029))
    found = judge_stage(replace(record(), enrolment=enrolment), ruled(), completed, {})
    assert unmet(found.conditions) == lacking
    assert found.reaches == (not lacking)


def test_each_end_of_a_stage_is_judged_by_the_rules_in_force_then() -> None:
    """Later rules ask for a third of the years: that is no law of the elder child's last year."""
    enrolment = StageEnrolment("primary", tuple(range(2027, 2033)), finished=(2029, 2032))
    later = changed("completion.stage.years_numerator", 1)
    rules = replace(ruled(2032, rulebook=later), ends={2029: RULES, 2032: later})

    found = judge_stage(replace(record(), enrolment=enrolment), rules, (2029,), {})

    assert not found.reaches
    assert judge_stage(
        replace(record(), enrolment=replace(enrolment, finished=(2029,))),
        replace(rules, ends={2029: later}), (2029,), {},
    ).reaches  # fmt: skip


def test_nobody_completes_a_stage_without_a_year_in_it() -> None:
    nowhere = replace(record(), enrolment=StageEnrolment("primary", ()))
    found = judge_stage(nowhere, ruled(), (2026,), {})
    assert unmet(found.conditions) == {"completion.stage.in_last_year"}


@pytest.mark.parametrize("own", [400, 350])
def test_hours_from_elsewhere_make_at_most_half_of_what_a_year_asks_for(own: int) -> None:
    lines = (credit(0, hours=own), credit(1, hours=900, mode="external_recognised"))
    hours, in_person, *_ = annual_conditions(record(*lines), RULES, 2026)
    assert (hours.value, hours.threshold) == (own + 400, 800)
    assert (in_person.value, in_person.threshold) == (own + 200, 400)


def test_what_was_reached_with_hours_from_elsewhere_is_measured_as_it_was_then() -> None:
    """The guard asks for less at the close: half of less is less, and takes nothing away."""
    elsewhere = credit(1, hours=400, mode="external_recognised", family="life_education")
    lines, exams = (credit(0, hours=400), elsewhere), (exam(),)
    reached = annual_conditions(record(*lines, exams=exams), RULES, 2026)
    closed = record(*lines, exams=exams, offered={2026: 1000})

    now = annual_conditions(closed, RULES, 2026, reached)

    assert annual_conditions(closed, RULES, 2026)[0].value == 650
    assert still_met(reached, now)


def test_a_school_that_offered_just_what_it_must_is_no_excuse() -> None:
    mean = changed("completion.annual.supply_guard.share_percent", 40)
    hours = [annual_conditions(record(offered={2026: n}), mean, 2026)[0] for n in (1599, 1600)]
    assert [each.threshold for each in hours] == [639, 800]


def test_what_was_asked_in_person_then_is_asked_now() -> None:
    lines, stricter = a_full_year(), changed("completion.annual.min_face_to_face_hours", 500)
    reached = annual_conditions(record(*lines), RULES, 2026)
    _, in_person, *_ = annual_conditions(record(*lines), stricter, 2026, reached)
    assert in_person.threshold == 400
