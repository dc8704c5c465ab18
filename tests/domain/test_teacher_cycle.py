"""The teachers' cycle: its years, what it asks, and how hours lie on days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.teacher_cycle import (
    Cycle,
    CycleRules,
    CycleStanding,
    Period,
    overfull,
)
from domain.teacher_service import Service
from tests.domain.given import RULES

PROGRAMME = RULES.teacher_programme
FIRST = Cycle(date(2024, 1, 1), date(2026, 12, 31))
JUDGED = CycleRules(FIRST, PROGRAMME, RULES.version)
SCHOOL = "4401040001"
ONE = timedelta(days=1)
WHOLE = [Service(SCHOOL, date(2010, 9, 1))]


def since(day: date, until: date | None = None) -> list[Service]:
    return [Service(SCHOOL, day, until)]


def test_a_cycle_has_whole_months() -> None:
    assert len(FIRST.months) == 36
    assert FIRST.months[1] == (date(2024, 2, 1), date(2024, 2, 29))
    assert FIRST.months[-1] == (date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("services", "hours"),
    [
        (WHOLE, 1800),
        (since(date(2024, 1, 31)), 1800),  # a month begun is a month
        (since(date(2025, 1, 1)), 1200),
        (since(date(2026, 9, 1)), 200),
        (since(date(2026, 10, 1)), 200),  # 1.5 is rounded up
        (since(date(2026, 12, 31)), 100),
        (since(date(2027, 1, 1)), 0),
        (since(date(2020, 9, 1), date(2023, 12, 31)), 0),
        (since(date(2020, 9, 1), date(2025, 6, 30)), 900),
        ([*since(date(2024, 1, 1), date(2024, 3, 31)), *since(date(2026, 11, 1))], 300),
        ([*since(date(2024, 1, 1), date(2025, 3, 9)), *since(date(2025, 3, 10))], 1800),
    ],
)
def test_newcomers_need_their_share_rounded_up_to_whole_hours(
    services: list[Service], hours: int
) -> None:
    assert JUDGED.required(services) == hours


@given(months=st.integers(0, 36))
def test_the_share_is_never_below_the_exact_one_and_never_an_hour_above(months: int) -> None:
    first = date(2024 + months // 12, months % 12 + 1, 1)
    exact, required = 1800 * (36 - months), JUDGED.required(since(first)) * 36
    assert exact <= required < exact + 3600
    assert JUDGED.required(since(first)) % 100 == 0


@pytest.mark.parametrize(
    ("hours", "today", "standing"),
    [
        (1800, date(2024, 2, 1), CycleStanding.MET),
        (0, date(2024, 1, 31), CycleStanding.ON_TRACK),
        (0, date(2024, 2, 1), CycleStanding.SHORT),
        (900, date(2025, 7, 1), CycleStanding.ON_TRACK),
        (899, date(2025, 7, 1), CycleStanding.SHORT),
        (1750, date(2026, 12, 31), CycleStanding.ON_TRACK),
        (1799, date(2027, 1, 1), CycleStanding.SHORT),
        (1800, date(2027, 1, 1), CycleStanding.MET),
    ],
)
def test_on_track_keeps_up_with_the_months_that_are_over(
    hours: int, today: date, standing: CycleStanding
) -> None:
    assert JUDGED.standing(hours, WHOLE, today) is standing


def test_a_cycle_closes_on_the_day_after_its_last_unless_the_rules_wait() -> None:
    waits = PROGRAMME.model_copy(update={"closes_days_after_end": 14})
    assert JUDGED.closes_on == date(2027, 1, 1)
    assert JUDGED._replace(programme=waits).closes_on == date(2027, 1, 15)


def test_minutes_become_hours_of_forty_five() -> None:
    assert [PROGRAMME.hours_in(minutes) for minutes in (44, 45, 90, 100)] == [97, 100, 200, 222]


DAY = date(2026, 3, 2)


def period(first: int, last: int, hours: int) -> Period:
    return Period(DAY + timedelta(days=first), DAY + timedelta(days=last), hours)


@pytest.mark.parametrize(
    ("periods", "full"),
    [
        ([period(0, 0, 800)], None),
        ([period(0, 0, 801)], (DAY, DAY)),
        ([period(0, 0, 400), period(0, 0, 400)], None),
        ([period(0, 0, 800), period(0, 1, 800)], None),  # the second one lies on the other day
        ([period(0, 0, 800), period(1, 1, 800), period(0, 1, 1)], (DAY, DAY + timedelta(days=1))),
        ([period(0, 120, 1000), period(30, 30, 800)], None),
        ([], None),
    ],
)
def test_hours_fit_where_no_day_must_hold_more_than_it_may(
    periods: list[Period], full: tuple[date, date] | None
) -> None:
    assert overfull(periods, 800) == full


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=4
    )
)
def test_what_fits_can_really_be_laid_on_days(drawn: list[tuple[int, int, int]]) -> None:
    periods = [period(first, first + more, hours) for first, more, hours in drawn]
    assert (overfull(periods, 3) is None) == laid(periods, {})


def laid(periods: list[Period], used: dict[date, int]) -> bool:
    """Whether hours find their days: the period that ends first takes its earliest days."""
    for each in sorted(periods, key=lambda p: (p.ends, p.begins)):
        left = each.hours
        for number in range(each.days):
            day = each.begins + timedelta(days=number)
            takes = min(left, 3 - used.get(day, 0))
            used[day] = used.get(day, 0) + takes
            left -= takes
        if left:
            return False
    return True


def test_a_cycle_holds_its_first_and_its_last_day_and_none_around_them() -> None:
    days = [FIRST.begins - ONE, FIRST.begins, FIRST.ends, FIRST.ends + ONE]
    assert [FIRST.holds(day) for day in days] == [False, True, True, False]


def test_periods_overlap_where_they_share_a_day() -> None:
    middle = period(2, 4, 1)
    around = [period(0, 1, 1), period(0, 2, 1), period(3, 3, 1), period(4, 6, 1), period(5, 6, 1)]
    assert [middle.overlaps(each) for each in around] == [False, True, True, True, False]


def test_the_last_day_in_service_is_served() -> None:
    service = Service(SCHOOL, date(2024, 1, 1), date(2024, 3, 1))
    assert len(JUDGED.months_served([service])) == 3
    assert service.meets(date(2024, 3, 1), date(2024, 3, 31))
    assert not service.meets(date(2024, 3, 2), date(2024, 3, 31))
