"""The worked examples 1 to 5 of the rulebook, as a school would tell them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.account import Account
from domain.assessing import Presence, Result, SessionTimes, assess
from domain.crediting import hours_for
from tests.domain.given import CHEN, EVENING, RULES, account, by, claim, news
from tests.domain.test_earned import class_claim


def at_clock(text: str) -> timedelta:
    """A time of that evening, counted from 19:00."""
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours) - 19, minutes=int(minutes))


def evening(came: str, left: str) -> tuple[int, Result, int]:
    """A primary session 19:00-20:20, two class hours of 40 minutes: minutes, result, hours."""
    times = SessionTimes(
        begins_at=EVENING,
        ends_at=EVENING + at_clock("20:20"),
        opened_at=EVENING - timedelta(minutes=30),
        closed_at=EVENING + at_clock("20:20"),
        class_hours=200,
    )
    presence = Presence(EVENING + at_clock(came), EVENING + at_clock(left))
    judged = assess(RULES.attendance, times, presence, EVENING + timedelta(days=1))
    hours = hours_for(RULES, "on_site", times.class_hours, judged.result)
    return judged.minutes, judged.result, hours


def test_example_1_in_at_19_12_out_at_20_20_is_68_of_80_minutes_and_counts_whole() -> None:
    assert evening("19:12", "20:20") == (68, Result.FULL, 200)


@pytest.mark.parametrize(
    ("came", "minutes", "result", "hours"),
    [("19:35", 45, Result.HALF, 100), ("19:50", 30, Result.NONE, 0)],
)
def test_example_2_in_at_19_35_counts_half_and_at_19_50_nothing(
    came: str, minutes: int, result: Result, hours: int
) -> None:
    assert evening(came, "20:20") == (minutes, result, hours)


def test_example_3_a_mother_of_children_in_grades_1_and_3_is_credited_once() -> None:
    through_each_child = claim()
    own = account(through_each_child, through_each_child)
    assert (own.balance, len(own.standing)) == (200, 1)


def test_example_4_a_fathers_4_hours_of_micro_class_and_4_on_site_count_8() -> None:
    classes = [class_claim(number, days=number) for number in range(2)]
    evenings = [claim(number) for number in (50, 51)]
    own = account(*classes, *evenings)
    assert own.totals().counted(RULES) == own.balance == 800


def test_example_4_six_hours_of_micro_class_are_impossible_and_said_twice() -> None:
    own = Account(learner_id=CHEN, envelope=by())
    for number in range(6):
        one_hour = class_claim(number, days=number, class_hours=100)
        own.award(one_hour, RULES, by())
    limited = [event for event in news(own) if isinstance(event, Account.CreditLimited)]
    assert own.balance == 400
    assert [event.limits[-1].cap_ref for event in limited] == ["modes.micro_class.cap_per_term"] * 2


def test_example_5_ninety_minutes_are_3_hours_in_a_kindergarten_and_2_in_a_junior_school() -> None:
    def worth(stage: str) -> int:
        class_hours = RULES.units.class_hours_in(stage, 90)
        return hours_for(RULES, "on_site", class_hours, Result.FULL)

    assert worth("kindergarten") == 300
    assert worth("junior") == 200
