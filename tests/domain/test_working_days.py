"""Working days: weekends, holidays and made-up days; a deadline is fixed when it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.working_days import CalendarMalformed, CalendarYear, DaysOfYear, WorkingDays
from tests.domain.given import by, news
from tests.domain.refusing import refused

# The week of the invented National Day: off from Thursday to the next Wednesday, two days made up.
OFF = tuple(date(2026, 10, day) for day in range(1, 8))
MADE_UP = (date(2026, 9, 27), date(2026, 10, 10))
DAYS = DaysOfYear.of(2026, OFF, MADE_UP)
WEEK = WorkingDays.of([CalendarYear.publish(DAYS, by())])
PLAIN = WorkingDays()

around = st.integers(-12, 12).map(lambda days: date(2026, 10, 3) + timedelta(days=days))


@given(day=around, count=st.integers(1, 8))
def test_the_last_day_is_a_working_day_and_counts_so_many(day: date, count: int) -> None:
    last_day = WEEK.after(day, count)

    assert WEEK.is_working(last_day)
    assert WEEK.left(day, last_day) == count
    assert WEEK.left(day, last_day - timedelta(days=1)) == count - 1


@given(day=around)
def test_a_day_is_worked_unless_it_is_off(day: date) -> None:
    expected = day in MADE_UP or (day.weekday() < 5 and day not in OFF)

    assert WEEK.is_working(day) is expected
    assert PLAIN.is_working(day) is (day.weekday() < 5)


@given(days=st.integers(-3, 3))
def test_the_last_day_belongs_to_the_time_allowed(days: int) -> None:
    deadline = WEEK.deadline(date(2026, 9, 29), 3)

    assert deadline.is_over(deadline.last_day + timedelta(days=days)) is (days > 0)


@given(day=around, count=st.integers(0, 6))
def test_nothing_is_left_on_and_after_the_last_day(day: date, count: int) -> None:
    last_day = WEEK.after(day, count)

    assert WEEK.left(last_day, last_day) == 0
    assert WEEK.left(last_day + timedelta(days=3), last_day) == 0


def test_three_working_days_pass_over_the_holiday_week() -> None:
    assert WEEK.after(date(2026, 9, 29), 3) == date(2026, 10, 9)
    assert WEEK.after(date(2026, 9, 29), 4) == date(2026, 10, 10)  # a Saturday that is worked
    assert PLAIN.after(date(2026, 9, 29), 3) == date(2026, 10, 2)


def test_a_deadline_names_the_revisions_it_was_counted_in() -> None:
    known = WEEK.deadline(date(2026, 9, 29), 3)
    across = WEEK.deadline(date(2026, 12, 30), 5)

    assert (known.calendar, known.is_estimated) == ("2026.1", False)
    assert (across.calendar, across.is_estimated) == ("2026.1,2027.0", True)


def test_a_later_holiday_adds_to_a_parents_window_and_a_lost_one_takes_nothing() -> None:
    told, generous = PLAIN.deadline(date(2026, 9, 29), 3), WEEK.deadline(date(2026, 9, 29), 3)

    assert WEEK.no_earlier(told) == date(2026, 10, 9)
    assert PLAIN.no_earlier(generous) == date(2026, 10, 9)


def test_a_year_is_published_once_and_revised_by_a_later_fact() -> None:
    year = CalendarYear.publish(DAYS, by())
    news(year)
    year.revise(DAYS, by())
    assert news(year) == []

    year.revise(DaysOfYear.of(2026, OFF[1:], MADE_UP), by())

    [revised] = news(year)
    assert isinstance(revised, CalendarYear.YearRevised)
    assert (revised.revision, year.revision) == (2, 2)
    assert WorkingDays.of([year]).is_working(OFF[0])


@pytest.mark.parametrize(
    ("off", "extra", "row", "rule"),
    [
        ([*OFF[:2], date(2027, 1, 1)], [], 3, "other_year"),
        ([], [date(2025, 12, 28)], 1, "other_year"),
        ([date(2026, 10, 10)], MADE_UP, 2, "on_both_lists"),
        ([], [*MADE_UP, date(2026, 10, 12)], 3, "works_anyway"),
        ([], [date(2026, 10, 9), *MADE_UP], 2, "works_anyway"),
    ],
)
def test_a_day_that_cannot_stand_there_is_named(
    off: Sequence[date], extra: Sequence[date], row: int, rule: str
) -> None:
    """By its row, in the order of the days."""
    column, days = ("extra_working_days", extra) if extra else ("days_off", off)
    wrong = sorted(days)[row - 1]
    with refused(CalendarMalformed, row=row, column=column, day=wrong, rule=rule):
        DaysOfYear.of(2026, off, extra)


def test_days_are_taken_in_order_and_each_once() -> None:
    handed_in = DaysOfYear.of(2026, (OFF[1], OFF[0], OFF[0]), reversed(MADE_UP))
    assert handed_in == DaysOfYear(2026, OFF[:2], MADE_UP)


def test_the_city_s_calendar_is_that_of_all_its_years() -> None:
    this, next_one = CalendarYear.publish(DAYS, by()), date(2027, 1, 1)
    this.revise(DaysOfYear.of(2026, OFF[1:], MADE_UP), by())
    years = (this, CalendarYear.publish(DaysOfYear.of(2027, [next_one], []), by()))

    assert WorkingDays.of(iter(years)) == WorkingDays(
        frozenset({*OFF[1:], next_one}), frozenset(MADE_UP), {2026: 2, 2027: 1}
    )
