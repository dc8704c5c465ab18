"""Stars of a learner in a stage: what each level asks for, and for whom it asks less."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.completing import StageEnrolment
from domain.crediting import Credit
from domain.rules import UnknownStage
from domain.stars import judge_stars, star_conditions, terms_remaining
from tests.domain.given import RULES, credit, exam, record
from tests.domain.refusing import refused

FAMILIES = tuple(RULES.course_families.core)


def lines(hours: int, families: int = 1, mode: str = "on_site") -> tuple[Credit, ...]:
    share = hours // families
    extra = hours - share * families
    return tuple(
        credit(n, hours=share + (extra if n == 0 else 0), family=FAMILIES[n], mode=mode)
        for n in range(families)
    )


@pytest.mark.parametrize(
    ("hours", "families", "exams", "completions", "level"),
    [
        (799, 1, 1, 0, 0),
        (800, 1, 0, 0, 0),
        (800, 1, 1, 0, 1),
        (2000, 1, 1, 0, 1),
        (2000, 1, 1, 1, 2),
        (3600, 3, 1, 2, 2),
        (3600, 4, 1, 2, 3),
        (5600, 5, 1, 3, 3),
    ],
)
def test_a_level_takes_its_conditions_and_those_below(
    hours: int, families: int, exams: int, completions: int, level: int
) -> None:
    judged = record(*lines(hours, families), exams=(exam(),) * exams)
    assert judge_stars(judged, RULES, completions, held_level=0).level == level


def test_the_fourth_star_takes_two_theme_activities() -> None:
    credits = lines(5600, 5)
    themed = tuple(
        line.model_copy(update={"mode": "theme_activity"}) if n < 2 else line
        for n, line in enumerate(credits)
    )
    assert judge_stars(record(*themed, exams=(exam(),)), RULES, 3, held_level=0).level == 4


def test_the_fifth_star_waits_for_a_proposal_of_the_school() -> None:
    modes = ("theme_activity", "theme_activity", "parent_lecturer", "parent_lecturer")
    credits = lines(8000, 6)
    varied = tuple(
        line.model_copy(update={"mode": modes[n]}) if n < len(modes) else line
        for n, line in enumerate(credits)
    )
    judged = judge_stars(record(*varied, exams=(exam(),)), RULES, 4, held_level=4)
    assert (judged.level, judged.needs_proposal) == (4, True)
    decided = judge_stars(record(*varied, exams=(exam(),)), RULES, 4, held_level=5)
    assert (decided.level, decided.needs_proposal) == (5, False)


def test_every_condition_is_a_figure_of_the_rulebook() -> None:
    conditions = star_conditions(record(), RULES, annual_completions=0)
    refs = [condition.ref for asked in conditions.values() for condition in asked]
    assert len(refs) == len(set(refs)) == 15
    assert all(RULES.figure(ref) for ref in refs)


def test_a_three_year_stage_asks_for_less() -> None:
    kindergarten = StageEnrolment("kindergarten", (2026,))
    line = credit(hours=600, stage="kindergarten")
    judged = record(line, exams=(exam(),), enrolment=kindergarten)
    assert judge_stars(judged, RULES, 0, held_level=0).level == 1


def test_hours_of_another_stage_and_exams_of_another_time_count_nothing() -> None:
    elsewhere = record(credit(hours=800, stage="junior"), exams=(exam(2020),))
    assert judge_stars(elsewhere, RULES, 0, held_level=0).level == 0


def test_online_hours_count_as_far_as_those_in_person() -> None:
    judged = record(*lines(400), *lines(800, mode="micro_class"))
    [hours, _] = star_conditions(judged, RULES, 0)[1]
    assert hours.value == 800


@given(held=st.integers(0, 5), hours=st.integers(0, 9_000))
def test_a_star_is_never_lowered(held: int, hours: int) -> None:
    judged = record(credit(hours=hours), exams=(exam(),))
    assert judge_stars(judged, RULES, 4, held_level=held).level >= held


def test_a_stage_without_stars_is_refused() -> None:
    stranger = record(enrolment=StageEnrolment("university", (2026,)))
    with refused(UnknownStage, stage="university"):
        star_conditions(stranger, RULES, 0)


@pytest.mark.parametrize(
    ("stage", "year", "term_no", "remaining"),
    [("primary", 1, 1, 12), ("primary", 4, 2, 5), ("primary", 6, 2, 1), ("junior", 3, 1, 2)],
)
def test_terms_remaining_count_the_one_of_entry(
    stage: str, year: int, term_no: int, remaining: int
) -> None:
    assert terms_remaining(RULES, stage, year, term_no) == remaining


@pytest.mark.parametrize(
    ("remaining", "hours"),
    [
        (None, [800, 2000, 3600, 5600, 8000]),
        (12, [800, 2000, 3600, 5600, 8000]),
        (6, [800, 1000, 1800, 2800, 4000]),
        (5, [800, 900, 1500, 2400, 3400]),
        (0, [800, 800, 800, 800, 800]),
    ],
)
def test_whoever_joins_late_needs_the_part_that_is_left(
    remaining: int | None, hours: list[int]
) -> None:
    enrolment = StageEnrolment("primary", (2026,), terms_remaining_at_entry=remaining)
    conditions = star_conditions(record(enrolment=enrolment), RULES, 0)
    assert [asked[0].threshold for asked in conditions.values()] == hours


@given(remaining=st.integers(0, 14), stage=st.sampled_from(["primary", "kindergarten"]))
def test_joining_late_never_costs_more_and_never_less_than_one_star(
    remaining: int, stage: str
) -> None:
    enrolment = StageEnrolment(stage, (2026,), terms_remaining_at_entry=remaining)
    asked = [
        c[0].threshold for c in star_conditions(record(enrolment=enrolment), RULES, 0).values()
    ]
    _, track = RULES.stars.track_of(stage)
    assert all(lower <= higher for lower, higher in pairwise(asked))
    assert all(
        track.levels[1].hours <= hours <= track.levels[n].hours for n, hours in enumerate(asked, 1)
    )


def test_hours_from_elsewhere_make_at_most_half_of_what_a_star_asks() -> None:
    lines_of = (credit(0, hours=400), credit(1, hours=5000, mode="external_recognised"))
    conditions = star_conditions(record(*lines_of), RULES, 0)
    assert [conditions[level][0].value for level in (1, 2)] == [800, 1400]
