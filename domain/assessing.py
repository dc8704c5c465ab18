"""Assessing an attendance: how much of the planned time somebody was there, and what that counts.

Times are read to the minute, to the learner's advantage: beginnings are rounded down, ends up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.rules import AttendanceRules

_MINUTE = timedelta(minutes=1)


class Result(StrEnum):
    """What an attendance counts: the whole session, half of it, nothing, or not known yet."""

    FULL = "full"
    HALF = "half"
    NONE = "none"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When a session was planned, and when its host really opened and closed it."""

    begins_at: datetime
    ends_at: datetime
    opened_at: datetime
    closed_at: datetime
    class_hours: int


@dataclass(frozen=True, slots=True)
class Presence:
    """What is recorded of one learner. Staff may confirm a stay that has no check-out."""

    checked_in_at: datetime
    checked_out_at: datetime | None = None
    stay_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """`minutes` of `planned_minutes` were really spent there; `forgiven_minutes` came free on top.

    `pending_until` is set while a missing check-out can still be confirmed. `rule_ref` names the
    figure that decided.
    """

    minutes: int
    forgiven_minutes: int
    planned_minutes: int
    result: Result
    late: bool
    left_early: bool
    rule_ref: str
    pending_until: datetime | None = None

    @property
    def share_percent(self) -> int:
        return self.minutes * 100 // max(self.planned_minutes, 1)


@dataclass(frozen=True, slots=True)
class _Stay:
    """A presence laid over the planned time, in minutes: missed, there, missed."""

    planned: int
    missed_before: int
    minutes: int
    missed_after: int


def assess(
    rules: AttendanceRules, times: SessionTimes, presence: Presence, as_of: datetime
) -> Assessment:
    """What one attendance counts, as far as it can be known at `as_of`.

    Minutes count where presence, the time between opening and closing, and the planned time meet.
    Coming up to 15 minutes late or leaving up to 10 minutes early is free: those minutes count as
    spent there. But they only lift what is there already: whoever really was there for less than
    half of the planned time gets nothing, and above that half the counted minutes decide between
    half and full. From two class hours on, a missing check-out is pending until staff confirm the
    stay, and after seven days counts half at most.
    """
    stay = _stay(times, presence)
    deadline = times.closed_at + timedelta(days=rules.missing_check_out_confirm_days)
    unproved = _lacks_check_out(rules, times, presence)
    result, rule_ref = _result(rules, stay)
    if result is not Result.NONE and unproved:
        pending = as_of < deadline
        result = Result.PENDING if pending else Result.HALF
        rule_ref = "attendance.missing_check_out_confirm_days"
    return Assessment(
        minutes=stay.minutes,
        forgiven_minutes=_forgiven(rules, stay),
        planned_minutes=stay.planned,
        result=result,
        late=stay.missed_before > rules.late_grace_minutes,
        left_early=stay.missed_after > rules.early_leave_grace_minutes,
        rule_ref=rule_ref,
        pending_until=deadline if result is Result.PENDING else None,
    )


def _stay(times: SessionTimes, presence: Presence) -> _Stay:
    left_at = presence.checked_out_at or times.closed_at
    planned = (times.ends_at - times.begins_at) // _MINUTE
    came = max(presence.checked_in_at, times.opened_at) - times.begins_at
    left = min(left_at, times.closed_at) - times.begins_at
    first = min(max(came // _MINUTE, 0), planned)
    last = min(max(-(-left // _MINUTE), first), planned)
    return _Stay(planned, first, last - first, planned - last)


def _lacks_check_out(rules: AttendanceRules, times: SessionTimes, presence: Presence) -> bool:
    required = times.class_hours >= rules.check_out_required_from_class_hours
    return required and presence.checked_out_at is None and not presence.stay_confirmed


def _forgiven(rules: AttendanceRules, stay: _Stay) -> int:
    late, early = stay.missed_before, stay.missed_after
    return (late if late <= rules.late_grace_minutes else 0) + (
        early if early <= rules.early_leave_grace_minutes else 0
    )


def _result(rules: AttendanceRules, stay: _Stay) -> tuple[Result, str]:
    counted = stay.minutes + _forgiven(rules, stay)
    if not stay.minutes or stay.minutes * 100 < rules.half_credit_min_percent * stay.planned:
        return Result.NONE, "attendance.half_credit_min_percent"
    if counted * 100 < rules.full_credit_min_percent * stay.planned:
        return Result.HALF, "attendance.half_credit_min_percent"
    return Result.FULL, "attendance.full_credit_min_percent"
