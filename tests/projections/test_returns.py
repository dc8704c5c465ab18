"""Children that left and came back, as the read side shows them: on which days, and who is gone."""

from __future__ import annotations

from datetime import date, timedelta

from domain.enrolment import Leaving, Returning
from ledger.transfers import Pupil
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, Pilot, envelope
from tests.projections.test_people import LATER, MARCH, child_of, move, reached

APRIL = date(2027, 4, 1)
A_DAY = timedelta(days=1)


def gone(pilot: Pilot) -> Pupil:
    father = pilot.learners[0]
    pupil = Pupil(child_of(pilot, father), SCHOOL, 2026, [father])
    pilot.book.transfers.leave(pupil, MARCH, Leaving.LEFT, envelope(LATER))
    return pupil


def test_a_child_that_returned_counts_on_the_days_on_which_it_was_there(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    pupil = gone(pilot)
    pilot.book.transfers.take_back(pupil, APRIL, Returning.RETURNED, envelope(LATER))
    projector.catch_up()

    days = (MARCH - A_DAY, MARCH, APRIL - A_DAY, APRIL)
    found = [reached(models, on=day)["三年级", "2班"][0] for day in days]
    assert found == [3, 2, 2, 3]
    assert reached(models)["三年级", "2班"][0] == 3
    assert models.roster.left_in(SCHOOL, 2026) == []


def test_who_left_for_no_school_here_may_be_taken_back(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    pupil = gone(pilot)
    move(pilot, pilot.learners[1])
    projector.catch_up()
    [place] = models.roster.left_in(SCHOOL, 2026)
    assert (place.child_id, place.ended_on) == (pupil.child_id, MARCH)
    assert models.roster.left_in(SCHOOL, 2025) == []
