"""Hours for an attendance, and the limits that keep an hour from counting twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessing import Result
from domain.crediting import Credit, Grant, Limit, Room, grant, hours_for, least_room
from domain.rulebook import UnknownMode
from tests.domain.given import EVENING, LIN, RULES, changed, claim, credit


@pytest.mark.parametrize(
    ("mode", "class_hours", "result", "hours"),
    [
        ("on_site", 200, Result.FULL, 200),
        ("on_site", 200, Result.HALF, 100),
        ("on_site", 300, Result.HALF, 150),
        ("on_site", 100, Result.HALF, 50),
        ("on_site", 150, Result.HALF, 50),
        ("on_site", 200, Result.NONE, 0),
        ("on_site", 200, Result.PENDING, 0),
        ("theme_activity", 300, Result.FULL, 300),
        ("parent_lecturer", 100, Result.FULL, 200),
        ("open_day_parent_child", 150, Result.FULL, 50),
        ("parent_meeting", 200, Result.FULL, 0),
    ],
)
def test_hours_follow_the_rate_and_the_step(
    mode: str, class_hours: int, result: Result, hours: int
) -> None:
    assert hours_for(RULES, mode, class_hours, result) == hours


def test_ninety_minutes_are_more_hours_in_a_kindergarten_than_in_a_junior_school() -> None:
    def worth(stage: str) -> int:
        class_hours = RULES.units.class_hours_in(stage, 90)
        return hours_for(RULES, "on_site", class_hours, Result.FULL)

    assert (worth("kindergarten"), worth("junior")) == (300, 200)


def test_an_unknown_mode_is_worth_nothing_but_a_refusal() -> None:
    with pytest.raises(UnknownMode):
        hours_for(RULES, "telepathy", 100, Result.FULL)


@given(class_hours=st.integers(0, 400), result=st.sampled_from(Result))
def test_an_award_is_a_multiple_of_the_step_and_never_more_than_the_class_hours(
    class_hours: int, result: Result
) -> None:
    hours = hours_for(RULES, "on_site", class_hours, result)
    assert type(hours) is int  # hundredths, and never a float
    assert hours % RULES.units.award_step == 0
    assert 0 <= hours <= class_hours


def test_a_claim_without_a_limit_counts_whole() -> None:
    assert grant(RULES, claim(), []) == Grant(200)


@given(hours=st.integers(350, 450))
def test_a_session_counts_four_hours_at_most(hours: int) -> None:
    given_hours = grant(RULES, claim(hours=hours), [])
    if hours <= 400:
        assert given_hours == Grant(hours)
    else:
        bit = Limit(cap_ref="modes.on_site.cap_per_session", would_be=hours, awarded=400)
        assert given_hours == Grant(400, (bit,))


@given(before=st.integers(0, 18))
def test_a_day_counts_eight_hours_of_a_mode_at_most(before: int) -> None:
    day = {"day": claim().day, "hours": 50}
    standing = [credit(n, **day, begins_at=EVENING + timedelta(days=n)) for n in range(1, before)]
    room = max(800 - 50 * len(standing), 0)
    assert grant(RULES, claim(), standing).hours == min(200, room)


@pytest.mark.parametrize(
    ("standing", "awarded", "cap_ref"),
    [
        ({"mode": "theme_activity", "hours": 700}, 100, "modes.theme_activity.cap_per_term"),
        ({"mode": "on_site", "hours": 1900}, 100, "no_double_credit.term_cap_total"),
        ({"mode": "on_site", "hours": 2050}, 0, "no_double_credit.term_cap_total"),
        ({"mode": "on_site", "hours": 1890}, 100, "no_double_credit.term_cap_total"),
        ({"mode": "theme_activity", "hours": 800, "term": "2025-2"}, 200, None),
        ({"mode": "on_site", "hours": 800}, 200, None),
    ],
)
def test_a_term_counts_so_much_of_a_mode_and_so_much_in_all(
    standing: dict[str, Any], awarded: int, cap_ref: str | None
) -> None:
    given_hours = grant(RULES, claim(mode="theme_activity"), [credit(1, **standing)])
    assert given_hours.hours == awarded
    assert [limit.cap_ref for limit in given_hours.limits] == ([cap_ref] if cap_ref else [])


def test_every_limit_that_bites_is_named_with_what_it_left() -> None:
    standing = [credit(1, mode="theme_activity", hours=750)]
    given_hours = grant(RULES, claim(mode="theme_activity", hours=500), standing)
    assert given_hours.limits == (
        Limit(cap_ref="modes.theme_activity.cap_per_session", would_be=500, awarded=400),
        Limit(cap_ref="modes.theme_activity.cap_per_term", would_be=400, awarded=50),
    )
    assert all(RULES.figure(limit.cap_ref) for limit in given_hours.limits)


@pytest.mark.parametrize(
    ("different", "cap_ref"),
    [
        ({"session_id": claim(1).session_id}, "no_double_credit.same_session"),
        ({"session_id": None, "source_id": claim(1).source_id}, "no_double_credit.same_session"),
        (
            {"course_id": claim(1).course_id, "mode": "micro_class"},
            "no_double_credit.same_course_same_school_year",
        ),
        (
            {"begins_at": claim(1).ends_at - timedelta(minutes=1)},
            "no_double_credit.overlapping_sessions",
        ),
    ],
)
def test_nothing_counts_twice(different: dict[str, Any], cap_ref: str) -> None:
    given_hours = grant(RULES, claim(**different), [credit(1)])
    assert given_hours.hours == 0
    assert given_hours.limits == (Limit(cap_ref=cap_ref, would_be=200, awarded=0),)
    assert RULES.figure(cap_ref)


def test_a_push_answered_under_two_records_counts_once() -> None:
    items = tuple(uuid5(NAMESPACE_OID, f"item {number}") for number in range(9))
    line = claim(1, mode="info_push", session_id=None, item_ids=items[4:], hours=50)
    before = credit(2, mode="info_push", session_id=None, item_ids=items[:5], hours=50)

    given_hours = grant(RULES, line, [before])

    once = "modes.info_push.per_item"
    assert given_hours == Grant(0, (Limit(cap_ref=once, would_be=50, awarded=0),))
    assert RULES.figure(once)


def test_a_course_counts_again_in_the_next_school_year() -> None:
    repeated = claim(course_id=claim(1).course_id, school_year=2027, term="2027-1")
    assert grant(RULES, repeated, [credit(1)]).hours == 200


def test_sessions_that_only_touch_do_not_overlap() -> None:
    assert grant(RULES, claim(begins_at=claim(1).ends_at), [credit(1)]) == Grant(200)


@given(minutes=st.integers(78, 82))
def test_of_sessions_that_overlap_the_longer_one_counts(minutes: int) -> None:
    standing = credit(1)
    begins_at = standing.begins_at + timedelta(minutes=5)
    other = claim(begins_at=begins_at, ends_at=begins_at + timedelta(minutes=minutes))
    given_hours = grant(RULES, other, [standing])
    if minutes > 80:
        assert given_hours == Grant(200, (), (standing.entry_id,))
    else:
        assert given_hours.hours == 0
        assert given_hours.replaces == ()


def test_a_longer_session_that_counts_nothing_leaves_the_shorter_one() -> None:
    standing = [credit(1), credit(2)]
    longer = claim(
        begins_at=claim(1).begins_at,
        ends_at=claim(1).ends_at + timedelta(hours=1),
        course_id=claim(2).course_id,
    )
    given_hours = grant(RULES, longer, standing)
    assert (given_hours.hours, given_hours.replaces) == (0, ())


def test_a_rescheduled_session_is_the_same_session_however_long() -> None:
    longer = claim(1, ends_at=claim(1).ends_at + timedelta(hours=1))
    given_hours = grant(RULES, longer, [credit(1)])
    assert (given_hours.hours, given_hours.replaces) == (0, ())


def test_a_cap_is_a_figure_of_the_rulebook_and_not_a_constant() -> None:
    generous = changed("modes.on_site.cap_per_session", None)
    assert grant(generous, claim(hours=500), []) == Grant(500)


EXACT = changed("units.award_step", 1)


@pytest.mark.parametrize(
    "standing",
    [
        credit(0, course_id=LIN, begins_at=EVENING + timedelta(days=9)),
        credit(1, course_id=claim().course_id),
        credit(1, item_ids=(LIN,)),
        credit(1, begins_at=EVENING),
        credit(1, hours=2000, mode="theme_activity"),
        credit(1, hours=2100, mode="theme_activity"),
        credit(1, hours=900, day=claim().day),
    ],
)
def test_where_nothing_is_left_not_even_a_hundredth_counts(standing: Credit) -> None:
    asked = claim(item_ids=(LIN,))
    assert grant(EXACT, asked, [standing]).hours == 0


def test_what_was_not_attended_is_worth_not_even_a_hundredth() -> None:
    assert hours_for(EXACT, "on_site", 200, Result.NONE) == 0


def test_the_cap_of_a_day_is_named() -> None:
    given_hours = grant(RULES, claim(), [credit(1, hours=700, day=claim().day)])
    assert given_hours == Grant(100, (Limit(cap_ref="modes.on_site.cap_per_day", would_be=200,
                                            awarded=100),))  # fmt: skip


def test_what_has_no_time_overlaps_nothing_from_either_side() -> None:
    whenever = credit(1, begins_at=EVENING, ends_at=EVENING)
    around = claim(2, begins_at=EVENING - timedelta(hours=1), ends_at=EVENING + timedelta(hours=1))
    assert not around.overlaps(whenever)
    assert not whenever.overlaps(around)


def test_the_cap_that_leaves_least_says_how_much_more_counts() -> None:
    """Two hours of micro-classes a day and four a term, in steps of a half."""
    today, day_after = (("2026-1", (EVENING + timedelta(days=n)).date()) for n in (0, 1))
    watched = [credit(0, mode="micro_class", day=today[1], hours=170)]
    full = [*watched, credit(1, mode="micro_class", day=day_after[1], hours=200)]
    by_day, by_term = (f"modes.micro_class.cap_per_{span}" for span in ("day", "term"))

    assert least_room(RULES, "micro_class", today, []) == Room(by_day, 200)
    assert least_room(RULES, "micro_class", today, watched) == Room(by_day, 0)  # 0.30 is no step
    assert least_room(RULES, "micro_class", ("2026-1", today[1]), full[1:]) == Room(by_day, 200)
    later = ("2026-1", (EVENING + timedelta(days=9)).date())
    assert least_room(RULES, "micro_class", later, full) == Room(by_term, 0)
