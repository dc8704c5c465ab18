"""Children that left and came back, as the read side shows them: on which days, and who is gone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from domain.enrolment import Leaving, Returning
from domain.envelope import Role
from ledger.link_requests import LinkAnswer
from ledger.transfers import Pupil
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.ledger.test_corrections_of_closed_terms import close_the_term
from tests.ledger.test_link_requests import ask, attest
from tests.ledger.test_links_that_move import moved
from tests.ledger.test_transfers import PANYU
from tests.ledger_evening import attend
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


def test_hours_of_a_moved_link_that_come_after_the_closing_are_put_right_where_they_were_earned(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    pilot.book.sessions.open(pilot.session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST))
    asker = uuid4()
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    projector.catch_up()
    assert models.term_obstacles.of(SCHOOL, 2026, 1)[0].code == "link_waiting"

    moved(pilot, [(asker, link_id)])
    projector.catch_up()
    assert models.term_obstacles.of(SCHOOL, 2026, 1) == []  # the school cannot answer
    [came] = models.attendances.awaiting_link(asker, PANYU, link_id)

    close_the_term(pilot)
    [place] = pilot.book.learners.get(pilot.learners[0]).enrolments_at(PANYU, 2026)
    answer = LinkAnswer(place, None, "（示例）李梅", "62", MARCH)
    pilot.book.links.confirm(asker, link_id, answer, [came], envelope(LATER, Role.CLASS_TEACHER))
    projector.catch_up()
    assert [each.learner_id for each in models.links.to_correct(SCHOOL)] == [asker]
    assert models.links.to_correct(PANYU) == []
