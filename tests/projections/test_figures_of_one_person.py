"""Figures in which a person whose records became one is one."""

from __future__ import annotations

from ledger.book import Book
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, Pilot
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.studies import answer, complete, micro_class, push
from tests.ledger.test_voided_later import MARCH, a_full_year
from tests.ledger_evening import hold


def test_a_year_completed_under_a_merged_record_counts_while_the_speaker_has_it(
    book: Book, models: ReadModels, projector: Projector
) -> None:
    def completed() -> int:
        projector.catch_up()
        return models.closings.results_of(SCHOOL, 2026).completed

    pilot = Pilot(book).set_up()
    year = a_full_year(pilot)
    survivor = pilot.learners[1]
    assert completed() == 1
    signed_by_two(pilot, merge_of(survivor, year.learner))
    assert completed() == 1
    year.void(year.sessions[0], MARCH)
    assert completed() == 0


def test_who_studied_under_two_records_is_one_person_on_the_school_s_page_while_they_are_one(
    book: Book, models: ReadModels, projector: Projector
) -> None:
    def done() -> list[int | None]:
        projector.catch_up()
        watched, read = models.studies.micro_classes_of(SCHOOL), models.studies.pushes_of(SCHOOL)
        return [*(each.completed for each in watched), *(each.answered for each in read)]

    pilot = Pilot(book).set_up()
    one, other, _ = pilot.learners
    watched, sent = micro_class(pilot), push(pilot)
    for learner in (one, other):
        complete(pilot, watched, learner)
        answer(pilot, sent, learner)
    assert done() == [2, 2]
    signed_by_two(pilot, merge_of(one, other))
    assert done() == [1, 1]
    signed_by_two(pilot, parting(one, other))
    assert done() == [2, 2]


def test_who_came_under_two_records_came_once_while_they_are_one(
    book: Book, models: ReadModels, projector: Projector
) -> None:
    pilot = Pilot(book).set_up()
    one, other, _ = pilot.learners
    hold(pilot, [one, other])

    def counted() -> tuple[int, ...]:
        projector.catch_up()
        facts = models.term_books.read(SCHOOL, 2026, 1)
        board = models.sessions.session(pilot.session_id)
        assert board is not None
        came = board.invited, board.checked_in, board.checked_out, board.full
        return sum(facts.attended.values()), *came

    assert counted() == (2, 3, 2, 2, 2)
    signed_by_two(pilot, merge_of(one, other))
    assert counted() == (1, 2, 1, 1, 1)
    signed_by_two(pilot, parting(one, other))
    assert counted() == (2, 3, 2, 2, 2)
