"""A session that was held otherwise than recorded: its learners are judged again, all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.correction import SessionTimesOrder
from domain.plan import EndsBeforeItBegins, HeldTimes
from domain.session_refusals import ClassHoursOnlyLess
from tests.acting import STARTS, Pilot
from tests.ledger.evenings import balance
from tests.ledger.test_corrections import ERROR, corrected, previewed
from tests.ledger_evening import hold


def test_a_session_that_was_shorter_counts_for_less(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:2])
    times = HeldTimes(opened_at=STARTS, closed_at=STARTS + timedelta(minutes=50), class_hours=200)
    order = SessionTimesOrder(session_id=pilot.session_id, times=times, reason_code=ERROR)

    corrected(pilot, order)

    assert [balance(pilot, learner) for learner in pilot.learners] == [100, 100, 0]


def test_class_hours_are_never_added_afterwards(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:1])

    def held(minutes: int, class_hours: int) -> SessionTimesOrder:
        times = HeldTimes(
            opened_at=STARTS, closed_at=STARTS + timedelta(minutes=minutes),
            class_hours=class_hours,
        )  # fmt: skip
        return SessionTimesOrder(session_id=pilot.session_id, times=times, reason_code=ERROR)

    with pytest.raises(ClassHoursOnlyLess):
        previewed(pilot, held(80, 300))
    with pytest.raises(EndsBeforeItBegins):
        previewed(pilot, held(-1, 200))
    corrected(pilot, held(80, 100))
    assert balance(pilot, pilot.learners[0]) == 100
