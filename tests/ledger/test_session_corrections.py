"""A session that was held otherwise than recorded: its learners are judged again, all of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.attendance import Attendance
from domain.correction import NothingToCorrect, SessionTimesOrder
from domain.identity import attendance_id
from domain.plan import EndsBeforeItBegins, HeldTimes
from domain.session import Session
from domain.session_refusals import ClassHoursOnlyLess
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.evenings import balance
from tests.ledger.test_corrections import ERROR, corrected, previewed, was_there
from tests.ledger_evening import hold


def held(pilot: Pilot, minutes: int, class_hours: int) -> SessionTimesOrder:
    closed_at = STARTS + timedelta(minutes=minutes)
    times = HeldTimes(opened_at=STARTS, closed_at=closed_at, class_hours=class_hours)
    return SessionTimesOrder(session_id=pilot.session_id, times=times, reason_code=ERROR)


def test_a_session_that_was_shorter_counts_for_less(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:2])

    corrected(pilot, held(pilot, 50, 200))

    assert [balance(pilot, learner) for learner in pilot.learners] == [100, 100, 0]


def test_a_session_cut_short_is_cut_once(pilot: Pilot) -> None:
    """Half of the time and half of the class hours: whoever stayed has all that was given."""
    hold(pilot, pilot.learners[:2])
    corrected(pilot, was_there(pilot, pilot.learners[1], 0, 20))

    corrected(pilot, held(pilot, 40, 100))

    assert [balance(pilot, learner) for learner in pilot.learners] == [100, 50, 0]
    judged = [
        event
        for event in pilot.book.ledger.events.get(
            attendance_id(pilot.session_id, pilot.learners[0])
        )
        if isinstance(event, Attendance.Assessed)
    ]
    assert (judged[-1].minutes, judged[-1].planned_minutes) == (40, 40)


def test_what_was_cut_twice_before_is_put_right_by_the_same_correction(pilot: Pilot) -> None:
    """Recorded while nobody said yet which part of the planned time was meant."""
    hold(pilot, pilot.learners[:1])
    times = held(pilot, 40, 100).times
    session = pilot.book.sessions.get(pilot.session_id)
    session.trigger_event(
        Session.Corrected, correction_id=uuid4(), opened_at=times.opened_at,
        closed_at=times.closed_at, class_hours=100, reason_code=ERROR,
        effective_term="2026-1", envelope=envelope(ENDS),
    )  # fmt: skip
    pilot.book.ledger.save(session)

    corrected(pilot, held(pilot, 40, 100))

    assert balance(pilot, pilot.learners[0]) == 100
    with pytest.raises(NothingToCorrect):
        previewed(pilot, held(pilot, 40, 100))


def test_class_hours_are_never_added_afterwards(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:1])

    with pytest.raises(ClassHoursOnlyLess):
        previewed(pilot, held(pilot, 80, 300))
    with pytest.raises(EndsBeforeItBegins):
        previewed(pilot, held(pilot, -1, 200))
    corrected(pilot, held(pilot, 80, 100))
    assert balance(pilot, pilot.learners[0]) == 100


def test_class_hours_taken_away_by_mistake_come_back_as_announced(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:1])

    corrected(pilot, held(pilot, 80, 100))
    corrected(pilot, held(pilot, 80, 200))

    assert balance(pilot, pilot.learners[0]) == 200


def test_what_is_recorded_already_corrects_nothing(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:1])
    corrected(pilot, held(pilot, 50, 200))
    with pytest.raises(NothingToCorrect):
        previewed(pilot, held(pilot, 50, 200))
