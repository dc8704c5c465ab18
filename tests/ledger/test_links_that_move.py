"""A link that waits goes with the child that it names: the new school answers, hours follow."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.enrolment import ClassPlace
from domain.envelope import Role
from domain.identity import attendance_id
from domain.links import Links
from ledger.book import Book
from ledger.link_requests import LinkAnswer
from tests.acting import SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.test_link_requests import CLASS as ASKED
from tests.ledger.test_link_requests import TEACHER, ask, attest, hours
from tests.ledger.test_roster_doubts import bring
from tests.ledger.test_transfers import CLASS, IN_MARCH, MARCH, PANYU, pupil_of
from tests.ledger_evening import attend

THERE = ASKED.model_copy(update={"school_code": PANYU, "class_group": "1班"})


@pytest.fixture
def pilot(book: Book) -> Pilot:
    made = Pilot(book).set_up()
    book.sessions.open(made.session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST))
    return made


def moved(pilot: Pilot, waiting: list[tuple[UUID, UUID]]) -> None:
    pupil, transfers = pupil_of(pilot, pilot.learners[0]), pilot.book.transfers
    transfer_id = transfers.announce(pupil, MARCH, None, envelope(IN_MARCH))
    transfers.claim(transfer_id, CLASS, envelope(IN_MARCH))
    transfers.confirm(transfer_id, pupil.adults, envelope(IN_MARCH), waiting)


def place_now(pilot: Pilot, asker: UUID, link_id: UUID) -> ClassPlace:
    links = pilot.book.ledger.find(Links, Links.create_id(asker))
    assert links is not None
    return links.link(link_id).place


def test_the_new_school_answers_and_the_evening_before_the_move_earns_its_hours(
    pilot: Pilot,
) -> None:
    asker = uuid4()
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)

    moved(pilot, [(asker, link_id)])

    assert place_now(pilot, asker, link_id) == THERE
    [place] = pilot.book.learners.get(pilot.learners[0]).enrolments_at(PANYU, 2026)
    answer = LinkAnswer(place, None, "（示例）李梅", "62", begins_on=MARCH)
    came = attendance_id(pilot.session_id, asker)
    pilot.book.links.confirm(asker, link_id, answer, [came], envelope(IN_MARCH, TEACHER))
    pilot.book.awards.award_attendance(came, IN_MARCH, uuid4())
    assert hours(pilot, asker) == 200
    assert [*pilot.book.learners.get(asker).enrolments.begun.values()] == [MARCH]


def test_a_link_to_another_child_or_class_stays(pilot: Pilot) -> None:
    bring(
        pilot, entry(2, class_group="3班", student_no="20239999", phone=None, name="（示例）林远")
    )
    askers = [uuid4(), uuid4()]
    other_class = ASKED.model_copy(update={"class_group": "3班"})
    elsewhere = ask(pilot, askers[0], other_class)
    answered = ask(pilot, askers[1])
    moved(pilot, [(askers[0], elsewhere)])
    assert place_now(pilot, askers[0], elsewhere) == other_class
    assert place_now(pilot, askers[1], answered) == ASKED


def test_with_a_namesake_in_the_class_the_old_school_says_who_is_meant(pilot: Pilot) -> None:
    bring(pilot, entry(2, student_no="20239999", phone=None, name="（示例）林远"))
    asker = uuid4()
    link_id = ask(pilot, asker)
    moved(pilot, [(asker, link_id)])
    assert place_now(pilot, asker, link_id).school_code == SCHOOL
