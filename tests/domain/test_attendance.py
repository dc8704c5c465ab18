"""An attendance: in once, out once, and the first answer to a scan that comes again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.assessing import Presence
from domain.attendance import (
    AHEAD_ALLOWED,
    AlreadyCheckedIn,
    AlreadyCheckedOut,
    Attendance,
    FromTheFuture,
    NotCheckedIn,
    ScanIdReused,
    Stay,
    StayMalformed,
    ahead_of,
)
from domain.identity import attendance_id
from tests.domain.given import CHEN, EVENING, LIN, by, history, news
from tests.domain.refusing import refused

SESSION, SCAN, OUT = uuid4(), uuid4(), uuid4()


def attendance(scan_id: UUID = SCAN) -> Attendance:
    made = Attendance(
        session_id=SESSION,
        learner_id=CHEN,
        school_code="4401040001",
        child_ids=(LIN,),
        scan_id=scan_id,
        envelope=by(CHEN),
    )
    news(made)
    return made


def test_its_id_is_made_of_session_and_learner() -> None:
    assert attendance().id == attendance_id(SESSION, CHEN)


def test_one_that_begins_fast_is_the_one_that_is_called() -> None:
    said: dict[str, Any] = {
        "session_id": SESSION, "learner_id": CHEN, "school_code": "4401040001",
        "child_ids": (LIN,), "scan_id": SCAN, "device_hash": "d", "envelope": by(CHEN),
    }  # fmt: skip
    called = Attendance(**said)
    begun = Attendance.begin(Attendance.CheckedIn, called.id, **said)
    assert begun == called
    assert begun.collect_events() == called.collect_events()
    with pytest.raises(ValidationError):
        Attendance.begin(Attendance.CheckedIn, called.id, **said | {"scan_id": "x"})


def test_a_stream_knows_the_latest_moment_that_it_tells_of() -> None:
    there = attendance()
    leaves = by(CHEN, EVENING + timedelta(hours=2))
    there.check_out(OUT, leaves)
    there.assess("full", 80, 80, "rule", by())
    assert there.latest_at == leaves.at


def test_the_same_scan_gets_the_first_answer_and_another_hears_since_when() -> None:
    there = attendance()
    assert there.answer(SCAN) == EVENING
    with pytest.raises(AlreadyCheckedIn) as said:
        there.answer(uuid4())
    assert said.value.facts == {"checked_in_at": EVENING}


def test_a_learner_leaves_once() -> None:
    there = attendance()
    leaves = by(CHEN, EVENING + timedelta(minutes=80))
    for _ in range(2):
        there.check_out(OUT, leaves)
    with refused(AlreadyCheckedOut, checked_out_at=leaves.at):
        there.check_out(uuid4(), leaves)
    assert len(news(there)) == 1
    assert there.checked_out_at == leaves.at


def test_the_scan_that_came_in_does_not_go_out() -> None:
    there = attendance()
    with pytest.raises(ScanIdReused):
        there.check_out(SCAN, by(CHEN, EVENING + timedelta(minutes=80)))
    assert news(there) == []


@example(-1)
@example(0)
@given(st.integers(-120, 120))
def test_nobody_leaves_before_they_came(seconds: int) -> None:
    there = attendance()
    leaves = by(CHEN, EVENING + timedelta(seconds=seconds))
    if seconds < 0:
        with pytest.raises(NotCheckedIn):
            there.check_out(OUT, leaves)
        assert news(there) == []
    else:
        there.check_out(OUT, leaves)
        assert there.checked_out_at == leaves.at


def test_an_assessment_is_news_when_it_says_something_else() -> None:
    there = attendance()
    for result, minutes in (("pending", 80), ("pending", 80), ("full", 80), ("full", 79)):
        there.assess(result, minutes, 80, "attendance.full_credit_min_percent", by())
    assert len(news(there)) == 3
    assert there.assessment == ("full", 79)


@pytest.mark.parametrize("settled", ["half", "full"])
def test_what_is_settled_is_never_pending_again(settled: str) -> None:
    """A run asked again at its own moment sees a missing check-out that has been answered since."""
    there = attendance()
    for result in ("pending", settled, "pending", settled):
        there.assess(result, 80, 80, "attendance.missing_check_out_confirm_days", by())
    assert len(news(there)) == 2
    assert there.assessment == (settled, 80)


@example(301)
@example(300)
@given(st.integers(-90, 360))
def test_a_clock_ahead_is_flagged_and_beyond_five_minutes_refused(seconds: int) -> None:
    at = EVENING + timedelta(seconds=seconds)
    if at > EVENING + AHEAD_ALLOWED:
        with refused(FromTheFuture, now=EVENING):
            ahead_of(at, EVENING)
    else:
        assert ahead_of(at, EVENING) == (seconds > 0)


def test_an_attendance_is_the_same_after_a_reload() -> None:
    there = Attendance(
        session_id=SESSION, learner_id=CHEN, school_code="4401040001", child_ids=(LIN,),
        scan_id=SCAN, code_step=7, device_hash="abc", ahead_of_clock=True, envelope=by(CHEN),
    )  # fmt: skip
    there.check_out(OUT, by(CHEN, EVENING + timedelta(hours=1)))
    there.assess("full", 60, 80, "rule", by())
    again = history(news(there))
    assert again is not None
    assert vars(again) == vars(there)


CAME = EVENING + timedelta(minutes=10)
LEFT = EVENING + timedelta(minutes=70)


@pytest.mark.parametrize("stay", [Stay(begins=CAME, ends=LEFT), None])
def test_a_correction_says_how_long_the_learner_was_there_or_that_they_were_not(
    stay: Stay | None,
) -> None:
    there = attendance()
    assert not there.says(stay)

    there.correct(stay, "host_confirmed", OUT, "2026-1", by())

    [corrected] = news(there)
    assert isinstance(corrected, Attendance.Corrected)
    assert (corrected.session_id, corrected.learner_id) == (SESSION, CHEN)
    assert (corrected.correction_id, corrected.effective_term) == (OUT, "2026-1")
    assert corrected.reason_code == "host_confirmed"
    times = (CAME, LEFT) if stay else (None, None)
    assert (corrected.present_from, corrected.present_to) == times
    counts = (CAME, LEFT) if stay else (EVENING, EVENING)
    assert there.presence == Presence(*counts, stay_confirmed=True)
    assert there.says(stay)
    assert not there.says(Stay(begins=CAME, ends=LEFT + timedelta(minutes=1)))


def test_without_a_correction_the_check_in_and_the_check_out_count() -> None:
    there = attendance()
    there.check_out(OUT, by(CHEN, LEFT))
    assert there.presence == Presence(EVENING, LEFT)
    assert there.says(Stay(begins=EVENING, ends=LEFT))
    assert not there.says(Stay(begins=CAME, ends=LEFT))


def test_who_came_and_went_at_once_was_there_all_the_same() -> None:
    there = attendance()
    there.check_out(OUT, by(CHEN))
    assert not there.says(None)


@pytest.mark.parametrize(
    ("begins", "ends", "is_sound"),
    [
        (-5, 1, True),
        (79, 90, True),
        (-5, 0, False),
        (80, 90, False),
        (40, 40, False),
        (41, 40, False),
    ],
)
def test_a_stay_has_some_time_within_the_session(begins: int, ends: int, is_sound: bool) -> None:
    opened, closed = EVENING, EVENING + timedelta(minutes=80)
    first, last = (EVENING + timedelta(minutes=minutes) for minutes in (begins, ends))
    stay = Stay(begins=first, ends=last)
    if is_sound:
        stay.must_lie_within(opened, closed)
    else:
        with refused(StayMalformed, opened_at=opened, closed_at=closed):
            stay.must_lie_within(opened, closed)


def test_a_corrected_attendance_may_be_pending_again() -> None:
    there = attendance()
    there.assess("full", 80, 80, "rule", by())
    assert there.is_settled
    there.correct(None, "not_there", OUT, "2026-1", by())
    there.assess("pending", 0, 80, "rule", by())
    assert there.assessment == ("pending", 0)
    assert not there.is_settled
