"""A rulebook that contradicts itself is refused, with the figure that is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contradictions import contradictions
from domain.rulebook import Rulebook
from tests.domain.given import RULES, changed

LEVELS = RULES.model_dump(mode="json")["stars"]["tracks"]["six_year"]["levels"]


def test_the_rules_of_the_project_are_sound() -> None:
    assert contradictions(RULES) == ()


@pytest.mark.parametrize(
    ("ref", "value", "code", "wrong"),
    [
        ("retroactivity.basis", "", "basis_missing", "retroactivity.notice_days"),
        ("retroactivity.basis", "HEARSAY", "basis_missing", "retroactivity.notice_days"),
        ("exam.cool_down_hours", -1, "negative", "exam.cool_down_hours"),
        (
            "school_term_compliance.short_days_left",
            -1,
            "negative",
            "school_term_compliance.short_days_left",
        ),
        (
            "calendar.forced_close_days_after_late_posting",
            -1,
            "negative",
            "calendar.forced_close_days_after_late_posting",
        ),
        ("units.award_step", 0, "step_not_positive", "units.award_step"),
        (
            "units.class_hour_minutes.primary",
            0,
            "length_not_positive",
            "units.class_hour_minutes.primary",
        ),
        (
            "attendance.half_credit_min_percent",
            75,
            "half_not_below_full",
            "attendance.half_credit_min_percent",
        ),
        (
            "attendance.full_credit_min_percent",
            101,
            "share_above_whole",
            "attendance.full_credit_min_percent",
        ),
        (
            "attendance.rotating_code_accept_seconds",
            11,
            "code_dies_on_screen",
            "attendance.rotating_code_accept_seconds",
        ),
        (
            "modes.on_site.cap_per_session",
            49,
            "cap_below_award_step",
            "modes.on_site.cap_per_session",
        ),
        ("modes.on_site.cap_per_day", 399, "cap_below_shorter_span", "modes.on_site.cap_per_day"),
        (
            "other_activities.parent_lecturer.cap_per_term",
            1,
            "cap_below_award_step",
            "other_activities.parent_lecturer.cap_per_term",
        ),
        (
            "school_term_compliance.modes_counted",
            ["telepathy"],
            "mode_unknown",
            "school_term_compliance.modes_counted",
        ),
        (
            "no_double_credit.online_max_percent",
            101,
            "share_above_whole",
            "no_double_credit.online_max_percent",
        ),
        (
            "no_double_credit.term_cap_total",
            49,
            "cap_below_award_step",
            "no_double_credit.term_cap_total",
        ),
        (
            "course_families.required_for_completion",
            13,
            "unreachable",
            "course_families.required_for_completion",
        ),
        (
            "course_families.must_include",
            {"alchemy": 1},
            "family_unknown",
            "course_families.must_include",
        ),
        ("exam.merit_mark", 59, "marks_not_rising", "exam.merit_mark"),
        ("exam.pass_mark", 101, "marks_not_rising", "exam.merit_mark"),
        ("exam.attempts_max", 0, "unreachable", "exam.attempts_max"),
        ("exam.questions", 61, "part_above_whole", "exam.questions"),
        (
            "completion.annual.min_face_to_face_hours",
            801,
            "part_above_whole",
            "completion.annual.min_face_to_face_hours",
        ),
        ("completion.annual.min_hours", 1601, "unreachable", "completion.annual.min_hours"),
        (
            "completion.annual.supply_guard.floor",
            801,
            "floor_above_threshold",
            "completion.annual.supply_guard.floor",
        ),
        (
            "completion.annual.supply_guard.share_percent",
            101,
            "share_above_whole",
            "completion.annual.supply_guard.share_percent",
        ),
        (
            "completion.stage.years_numerator",
            4,
            "unreachable",
            "completion.stage.years_numerator",
        ),
        (
            "stars.tracks.six_year.stages",
            ["primary", "junior"],
            "named_twice",
            "stars.tracks",
        ),
        ("stars.tracks.six_year.stages", [], "stage_without_track", "stars.tracks"),
        ("stars.late_joiner_rounding", 0, "step_not_positive", "stars.late_joiner_rounding"),
        (
            "stars.tracks.six_year.levels",
            {"1": LEVELS["1"]},
            "levels_not_one_to_five",
            "stars.tracks.six_year.levels",
        ),
        (
            "stars.tracks.six_year.levels.3.hours",
            2000,
            "thresholds_not_rising",
            "stars.tracks.six_year.levels.3.hours",
        ),
        (
            "stars.tracks.six_year.levels.3.annual_completions",
            0,
            "thresholds_not_rising",
            "stars.tracks.six_year.levels.3.annual_completions",
        ),
        (
            "stars.tracks.six_year.levels.5.hours",
            9601,
            "unreachable",
            "stars.tracks.six_year.levels.5.hours",
        ),
        (
            "stars.tracks.three_year.levels.5.annual_completions",
            4,
            "unreachable",
            "stars.tracks.three_year.levels.5.annual_completions",
        ),
        (
            "stars.tracks.six_year.levels.5.families",
            13,
            "unreachable",
            "stars.tracks.six_year.levels.5.families",
        ),
        (
            "teacher_programme.cycle_begins",
            "2024-09-01",
            "cycle_not_calendar_years",
            "teacher_programme.cycle_begins",
        ),
        (
            "teacher_programme.hour_minutes",
            0,
            "length_not_positive",
            "teacher_programme.hour_minutes",
        ),
        (
            "teacher_programme.max_hours_per_day",
            0,
            "unreachable",
            "teacher_programme.max_hours_per_day",
        ),
    ],
)
def test_a_contradiction_names_the_figure(ref: str, value: Any, code: str, wrong: str) -> None:
    assert (code, wrong) in contradictions(changed(ref, value))


@pytest.mark.parametrize(
    ("ref", "fits"),
    [
        ("units.award_step", 1),
        ("units.class_hour_minutes.primary", 1),
        ("attendance.half_credit_min_percent", 1),
        ("attendance.full_credit_min_percent", 100),
        ("attendance.rotating_code_accept_seconds", 12),
        ("modes.on_site.cap_per_session", 50),
        ("no_double_credit.online_max_percent", 100),
        ("no_double_credit.term_cap_total", 50),
        ("course_families.required_for_completion", 12),
        ("exam.merit_mark", 60),
        ("exam.merit_mark", 100),
        ("exam.attempts_max", 1),
        ("exam.questions", 60),
        ("completion.annual.min_face_to_face_hours", 800),
        ("completion.annual.min_hours", 1600),
        ("completion.annual.supply_guard.floor", 800),
        ("completion.annual.supply_guard.share_percent", 100),
        ("completion.stage.years_numerator", 1),
        ("completion.stage.years_numerator", 3),
        ("stars.late_joiner_rounding", 1),
        ("teacher_programme.hour_minutes", 1),
    ],
)
def test_a_figure_that_just_fits_contradicts_nothing(ref: str, fits: int) -> None:
    assert ref not in {wrong for _, wrong in contradictions(changed(ref, fits))}


@pytest.mark.parametrize(
    "ref", ["attendance.half_credit_min_percent", "completion.stage.years_numerator"]
)
def test_nothing_at_all_is_no_condition(ref: str) -> None:
    assert ref in {wrong for _, wrong in contradictions(changed(ref, 0))}


def test_what_a_school_must_offer_is_whole_hundredths_a_term() -> None:
    """Two terms of 8.01 class hours at half a rate are two times 4.00 hours."""
    rules = RULES.model_dump(mode="json")
    for mode in rules["modes"].values():
        mode["rate_per_class_hour"] = min(mode["rate_per_class_hour"], 50)
    rules["school_term_compliance"]["min_class_hours"] = 801
    for asked, unreachable in ((800, False), (801, True)):
        rules["completion"]["annual"]["min_hours"] = asked
        wrong = {ref for _, ref in contradictions(Rulebook.model_validate(rules))}
        assert ("completion.annual.min_hours" in wrong) is unreachable


def test_a_mode_is_not_another_activity_as_well() -> None:
    lecturer = RULES.model_dump(mode="json")["other_activities"]["parent_lecturer"]
    doubled = changed("modes.parent_lecturer", lecturer)
    assert ("named_twice", "other_activities.parent_lecturer") in contradictions(doubled)


def test_an_edition_without_a_teacher_programme_is_sound() -> None:
    assert contradictions(changed("teacher_programme.cycle_years", 0)) == ()


@given(half=st.integers(73, 77))
def test_half_a_credit_takes_less_presence_than_a_whole_one(half: int) -> None:
    found = contradictions(changed("attendance.half_credit_min_percent", half))
    assert bool(found) == (half >= RULES.attendance.full_credit_min_percent)


@given(hours=st.integers(9_550, 9_650))
def test_the_highest_star_lies_within_what_a_school_must_offer(hours: int) -> None:
    found = contradictions(changed("stars.tracks.six_year.levels.5.hours", hours))
    assert bool(found) == (hours > 12 * 800)
