"""Assessing an attendance: presence against the planned time, grace, and the missing check-out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.assessing import Assessment, Presence, Result, SessionTimes, assess
from tests.domain.given import RULES

SEVEN = datetime(2026, 9, 11, 11, 0, tzinfo=UTC)  # 19:00 in Guangzhou
CONFIRM_BY = SEVEN + timedelta(minutes=80, days=7)


def at(clock: str) -> datetime:
    """The evening's instant of a local clock time, seconds allowed."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return SEVEN + timedelta(hours=hours - 19, minutes=minutes, seconds=sum(seconds))


def evening(
    minutes: int = 80, opened: str = "18:30", closed: str | None = None, class_hours: int = 200
) -> SessionTimes:
    ends_at = SEVEN + timedelta(minutes=minutes)
    return SessionTimes(SEVEN, ends_at, at(opened), at(closed) if closed else ends_at, class_hours)


def assessed(came: str, left: str | None = None, times: SessionTimes | None = None) -> Assessment:
    presence = Presence(at(came), at(left) if left else None)
    return assess(RULES.attendance, times or evening(), presence, as_of=at("23:00"))


@pytest.mark.parametrize(
    ("came", "minutes", "share", "result"),
    [
        ("19:12", 68, 85, Result.FULL),
        ("19:35", 45, 56, Result.HALF),
        ("19:50", 30, 37, Result.NONE),
    ],
)
def test_the_worked_examples_of_a_primary_evening(
    came: str, minutes: int, share: int, result: Result
) -> None:
    found = assessed(came, "20:20")
    assert (found.minutes, found.planned_minutes, found.share_percent) == (minutes, 80, share)
    assert found.result is result


@given(late=st.integers(13, 17))
def test_coming_fifteen_minutes_late_is_free(late: int) -> None:
    one_hour = evening(minutes=40, class_hours=100)
    found = assessed(f"19:{late}", "19:40", one_hour)
    free = late <= RULES.attendance.late_grace_minutes
    assert found.late is not free
    assert found.forgiven_minutes == (late if free else 0)
    assert found.result is (Result.FULL if free else Result.HALF)


@given(early=st.integers(8, 12))
def test_leaving_ten_minutes_early_is_free(early: int) -> None:
    one_hour = evening(minutes=40, class_hours=100)
    found = assessed("19:00", f"19:{40 - early}", one_hour)
    free = early <= RULES.attendance.early_leave_grace_minutes
    assert found.left_early is not free
    assert found.forgiven_minutes == (early if free else 0)
    assert found.result is (Result.FULL if early <= 10 else Result.HALF)


def test_grace_makes_no_presence_out_of_absence() -> None:
    found = assessed("19:15", "19:20", evening(minutes=30, class_hours=100))
    assert (found.minutes, found.forgiven_minutes) == (5, 25)
    assert found.result is Result.NONE


@example(minutes=39)
@example(minutes=40)
@example(minutes=59)
@example(minutes=60)
@given(minutes=st.integers(36, 64))
def test_three_quarters_is_full_and_a_half_is_half(minutes: int) -> None:
    found = assessed("19:00", f"19:{minutes:02}" if minutes < 60 else f"20:{minutes - 60:02}")
    expected = Result.FULL if minutes >= 60 else Result.HALF if minutes >= 40 else Result.NONE
    assert found.result is expected
    figure = {
        Result.FULL: "attendance.full_credit_min_percent",
        Result.HALF: "attendance.half_credit_min_percent",
        Result.NONE: "attendance.half_credit_min_percent",
    }
    assert found.rule_ref == figure[expected]
    assert RULES.figure(found.rule_ref)


@given(seconds=st.integers(0, 59))
def test_times_are_read_to_the_minute_to_the_learners_advantage(seconds: int) -> None:
    found = assessed(f"19:15:{seconds}", "20:00:01")
    assert (found.minutes, found.late) == (46, False)


def test_only_the_time_between_opening_and_closing_counts() -> None:
    found = assessed("18:31", "20:20", evening(opened="19:20", closed="20:00"))
    assert (found.minutes, found.planned_minutes, found.result) == (40, 80, Result.HALF)


def test_time_beyond_the_plan_counts_nothing() -> None:
    found = assessed("18:40", "21:00", evening(closed="21:00"))
    assert (found.minutes, found.share_percent, found.late, found.left_early) == (
        80,
        100,
        False,
        False,
    )


@pytest.mark.parametrize(("came", "left"), [("18:31", "18:50"), ("20:30", "20:40")])
def test_whoever_left_before_or_came_after_was_not_there(came: str, left: str) -> None:
    found = assessed(came, left, evening(closed="21:00"))
    assert (found.minutes, found.result) == (0, Result.NONE)


def test_one_class_hour_needs_no_check_out() -> None:
    found = assessed("19:00", None, evening(minutes=40, class_hours=100))
    assert (found.minutes, found.result) == (40, Result.FULL)


@given(seconds=st.integers(-2, 2))
def test_a_missing_check_out_waits_seven_days_and_then_counts_half(seconds: int) -> None:
    as_of = CONFIRM_BY + timedelta(seconds=seconds)
    found = assess(RULES.attendance, evening(), Presence(SEVEN), as_of)
    assert found.result is (Result.PENDING if seconds < 0 else Result.HALF)
    assert found.pending_until == (CONFIRM_BY if seconds < 0 else None)
    assert found.rule_ref == "attendance.missing_check_out_confirm_days"


def test_a_confirmed_stay_is_as_good_as_a_check_out() -> None:
    presence = Presence(SEVEN, stay_confirmed=True)
    found = assess(RULES.attendance, evening(), presence, CONFIRM_BY)
    assert (found.minutes, found.result) == (80, Result.FULL)


def test_nothing_is_pending_where_no_check_out_could_help() -> None:
    found = assessed("19:50")
    assert (found.result, found.pending_until) == (Result.NONE, None)


def test_a_session_without_minutes_counts_nothing() -> None:
    found = assessed("19:00", "19:00", evening(minutes=0, closed="19:30"))
    assert (found.minutes, found.share_percent, found.result) == (0, 0, Result.NONE)


@given(
    came=st.integers(-40, 100),
    stayed=st.integers(0, 120),
    opened=st.integers(-30, 30),
    closed=st.integers(40, 110),
)
def test_minutes_never_exceed_presence_nor_plan(
    came: int, stayed: int, opened: int, closed: int
) -> None:
    instant = [SEVEN + timedelta(minutes=m) for m in (came, came + stayed, opened, closed)]
    times = SessionTimes(SEVEN, SEVEN + timedelta(minutes=80), instant[2], instant[3], 200)
    found = assess(RULES.attendance, times, Presence(instant[0], instant[1]), SEVEN)
    true = max(0, min(came + stayed, closed, 80) - max(came, opened, 0))
    assert found.minutes == true
    assert found.forgiven_minutes <= 25
    assert found.result is not Result.PENDING


def test_a_plan_is_of_whole_minutes() -> None:
    """Half of a session of 80 minutes and a half is 40 minutes."""
    times = SessionTimes(SEVEN, SEVEN + timedelta(minutes=80.5), at("18:30"), at("21:00"), 200)
    found = assessed("19:00", "19:40", times)
    assert (found.planned_minutes, found.result) == (80, Result.HALF)


def test_a_missing_hundredth_of_the_half_is_missing() -> None:
    """99 of 199 minutes are less than a half; a percent more of them would be enough."""
    found = assessed("19:00", "20:39", evening(minutes=199, closed="23:00"))
    assert found.result is Result.NONE
    found = assessed("19:00", "21:29", evening(minutes=200, closed="23:00"))
    assert found.result is Result.HALF
