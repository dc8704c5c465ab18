"""Plan check: what a parent who comes to everything can reach, by the rules that award it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.account import Account
from domain.assessing import Result
from domain.calendar import local_day
from domain.completing import annual_conditions
from domain.crediting import CreditClaim, hours_for
from domain.plan_check import (
    GradeOutlook,
    Offered,
    StarOutlook,
    Supply,
    credits_of,
    is_offered,
    plan_check,
)
from domain.rulebook import Rulebook
from domain.standing import Standing
from tests.domain.given import CHEN, EVENING, RULES, by, changed, claim, exam, record
from tests.domain.sessions import plan

FAMILIES = tuple(RULES.course_families.core)


def offered(number: int = 0, rules: Rulebook = RULES, **different: object) -> Offered:
    """A two-hour evening for the third grade: another course, a week later each time."""
    begins_at = different.pop("begins_at", EVENING + timedelta(days=7 * number))
    assert isinstance(begins_at, datetime)
    facts: dict[str, object] = {
        "course_id": uuid5(NAMESPACE_OID, f"course {number}"),
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(minutes=80),
        **different,
    }
    return Offered(uuid5(NAMESPACE_OID, f"session {number}"), plan(**facts), rules)


def check(
    *sessions: Offered,
    grade: str = "三年级",
    exams: tuple[int, ...] = (2026,),
    rules: Rulebook = RULES,
) -> GradeOutlook:
    [found] = plan_check(Supply(2026, sessions, frozenset(exams)), [grade], rules)
    return found


def star(found: GradeOutlook, level: int) -> StarOutlook:
    return found.stars[level - 1]


def lacks(found: GradeOutlook) -> dict[str, int]:
    return {each.ref.rpartition(".")[2]: each.threshold - each.value for each in found.missing}


def test_an_empty_plan_lacks_everything() -> None:
    assert lacks(check(exams=())) == {
        "min_hours": 800,
        "min_face_to_face_hours": 400,
        "required_for_completion": 2,
        "mental_health": 1,
        "exams_passed": 1,
    }
    assert check().highest_star == 0


def test_four_evenings_in_two_families_and_an_exam_suffice_for_the_year() -> None:
    families = ("mental_health", "life_education", "mental_health", "life_education")
    four = [offered(n, family=family) for n, family in enumerate(families)]

    assert check(*four).missing == ()
    assert lacks(check(*four[:3])) == {"min_hours": 200}
    assert lacks(check(*four, exams=(2025,))) == {"exams_passed": 1}
    without = [offered(n, family="life_education") for n in range(4)]
    assert lacks(check(*without)) == {"required_for_completion": 1, "mental_health": 1}


def test_a_grade_has_what_is_open_to_it() -> None:
    school_wide, theirs = offered(0, grades=()), offered(1, grades=("四年级",))

    assert lacks(check(school_wide, theirs))["min_hours"] == 600
    assert lacks(check(school_wide, theirs, grade="四年级"))["min_hours"] == 400


def test_a_course_counts_once_a_year_by_its_longest_run() -> None:
    again = offered(5, course_id=offered(0).course_id, class_hours=100)

    assert (
        lacks(check(offered(0), again))
        == lacks(check(again, offered(0)))
        == lacks(check(offered(0)))
    )


def test_of_two_sessions_at_once_the_longer_one_counts() -> None:
    at_once = offered(
        1, begins_at=EVENING, ends_at=EVENING + timedelta(minutes=160), class_hours=400
    )

    assert lacks(check(offered(0), at_once))["min_hours"] == 400


@pytest.mark.parametrize(
    ("ref", "value", "hours"),
    [
        ("modes.on_site.cap_per_session", 100, 300),
        ("modes.on_site.cap_per_term", 350, 350),
        ("no_double_credit.term_cap_total", 450, 450),
        ("modes.on_site.rate_per_class_hour", 50, 300),
    ],
)
def test_what_a_limit_takes_is_not_promised(ref: str, value: int, hours: int) -> None:
    rules = changed(ref, value)
    three = [offered(n, rules) for n in range(3)]

    assert lacks(check(*three, rules=rules))["min_hours"] == 800 - hours


def test_three_long_sessions_of_one_day_stay_below_the_days_cap() -> None:
    three = [
        offered(n, begins_at=EVENING + timedelta(hours=2 * n), class_hours=400) for n in range(3)
    ]

    assert sum(each.hours for each in credits_of(Supply(2026, tuple(three)), 2026, "三年级")) == 800


def test_hours_online_count_no_more_than_their_share() -> None:
    online = [offered(n, mode="micro_class") for n in range(2)]

    assert lacks(check(*online))["min_hours"] == 800
    assert lacks(check(*online, offered(2)))["min_hours"] == 400


def school_wide(school_year: int = 2026) -> list[Offered]:
    """Seven evenings for everybody: fourteen hours in all seven families, two theme activities."""
    first = (school_year - 2026) * 60
    return [
        offered(
            first + number,
            school_year=school_year,
            grades=(),
            family=family,
            mode="theme_activity" if number < 2 else "on_site",
        )
        for number, family in enumerate(FAMILIES)
    ]


def test_a_star_takes_the_whole_stage_at_the_pace_of_this_year() -> None:
    found = check(*school_wide(), grade="一年级")

    assert [each.missing for each in found.stars] == [()] * 5
    assert found.highest_star == 5
    assert star(found, 5).conditions[0].value == 6 * 1400
    assert [each.ref for each in star(found, 5).beyond] == ["stars.tracks.six_year.levels.5.shares"]
    assert [each.needs_proposal for each in found.stars] == [False, False, False, False, True]


def test_what_a_star_lacks_is_said_and_the_levels_below_it_stand() -> None:
    plain = [
        replace(each, plan=each.plan.model_copy(update={"mode": "on_site"}))
        for each in school_wide()
    ]
    found = check(*plain, grade="一年级")

    assert [each.ref for each in star(found, 4).missing] == [
        "stars.tracks.six_year.levels.4.theme_activities"
    ]
    assert (found.highest_star, star(found, 5).missing) == (3, ())


def test_without_an_exam_no_star_is_reached_for_none_is_published_in_the_years_to_come() -> None:
    found = check(*school_wide(), grade="一年级", exams=())

    assert [len(each.missing) for each in found.stars] == [1, 1, 1, 1, 1]
    assert found.highest_star == 0


def test_years_before_count_as_they_were_held_for_these_children() -> None:
    before = school_wide(2025)
    found = check(*before, *school_wide(), grade="二年级", exams=(2025, 2026))
    sparse = check(*before[:1], *school_wide(), grade="二年级", exams=(2025, 2026))

    assert star(found, 5).conditions[0].value == 6 * 1400
    assert star(sparse, 5).conditions[0].value == 5 * 1400 + 200
    assert check(*before, grade="一年级").completion == check(grade="一年级").completion


def test_a_school_new_to_the_ledger_asks_what_it_asks_of_those_who_join_late() -> None:
    last_year = star(check(*school_wide(), grade="六年级"), 5)

    assert last_year.conditions[0].threshold == 1400  # 80 hours of 12 terms, two of them left
    assert last_year.conditions[0].met


def test_a_class_of_no_year_of_its_own_goes_through_no_stage() -> None:
    found = check(*school_wide(), grade="启智班")

    assert (found.missing, found.stars, found.highest_star) == ((), (), 0)


@pytest.mark.parametrize(
    ("standing", "minutes", "counts"),
    [
        (Standing.SCHEDULED, -1, True),
        (Standing.SCHEDULED, 0, False),
        (Standing.OPENED, 1, True),
        (Standing.CLOSED, 1, True),
        (Standing.ATTESTED, 1, True),
        (Standing.CANCELLED, -1, False),
        (Standing.VOIDED, 1, False),
    ],
)
def test_what_is_off_or_was_never_held_is_not_offered(
    standing: Standing, minutes: int, counts: bool
) -> None:
    assert is_offered(standing, EVENING, EVENING + timedelta(minutes=minutes)) is counts


EVENINGS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["on_site", "theme_activity", "micro_class", "open_day_parent_child"]),
        st.sampled_from(FAMILIES),
        st.integers(1, 5),
        st.integers(1, 2),
    ),
    max_size=14,
    unique_by=lambda each: each[0],
)


def drawn(evenings: list[tuple[int, str, str, int, int]]) -> tuple[Offered, ...]:
    return tuple(
        offered(
            day,
            begins_at=EVENING + timedelta(hours=7 * day),
            ends_at=EVENING + timedelta(hours=7 * day, minutes=40 * hours),
            mode=mode,
            family=family,
            class_hours=hours * 100,
            term_no=term_no,
        )
        for day, mode, family, hours, term_no in sorted(evenings)
    )


@given(EVENINGS)
def test_the_account_of_who_came_to_everything_says_the_same(
    evenings: list[tuple[int, str, str, int, int]],
) -> None:
    sessions = drawn(evenings)
    account = Account(learner_id=CHEN, envelope=by())
    for each in sessions:
        facts = each.plan.model_dump(include=set(CreditClaim.model_fields))
        worth = hours_for(RULES, each.plan.mode, each.plan.class_hours, Result.FULL)
        facts |= {"source_id": each.session_id, "session_id": each.session_id}
        day = local_day(each.begins_at, RULES.time_zone)
        account.award(claim(**facts, term=each.plan.term, day=day, hours=worth), RULES, by())
    truth = record(*account.standing, exams=(exam(),))

    assert check(*sessions).completion == annual_conditions(truth, RULES, 2026)


@given(EVENINGS, st.integers(41, 60), st.sampled_from(FAMILIES))
def test_one_more_evening_never_takes_an_hour_away(
    evenings: list[tuple[int, str, str, int, int]], day: int, family: str
) -> None:
    before = check(*drawn(evenings))
    after = check(*drawn([*evenings, (day, "on_site", family, 1, 1)]))

    assert all(
        new.value >= old.value for old, new in zip(before.completion, after.completion, strict=True)
    )
    assert after.highest_star >= before.highest_star
