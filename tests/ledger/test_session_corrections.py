"""A session that was held otherwise than recorded: its learners are judged again, all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.correction import NothingToCorrect, SessionTimesOrder
from domain.plan import EndsBeforeItBegins, HeldTimes
from domain.session_refusals import ClassHoursOnlyLess
from tests.acting import STARTS, Pilot
from tests.ledger.evenings import balance
from tests.ledger.test_corrections import ERROR, corrected, previewed
from tests.ledger_evening import hold


def held(pilot: Pilot, minutes: int, class_hours: int) -> SessionTimesOrder:
    closed_at = STARTS + timedelta(minutes=minutes)
    times = HeldTimes(opened_at=STARTS, closed_at=closed_at, class_hours=class_hours)
    return SessionTimesOrder(session_id=pilot.session_id, times=times, reason_code=ERROR)


def test_a_session_that_was_shorter_counts_for_less(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:2])

    corrected(pilot, held(pilot, 50, 200))

    assert [balance(pilot, learner) for learner in pilot.learners] == [100, 100, 0]


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
