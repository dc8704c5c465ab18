"""Records of whose children have left for good, or whose person was erased."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.enrolment import Leaving
from domain.erasure import PersonErased, Scope
from domain.learner import UnknownLearner
from ledger.book import Book
from ledger.transfers import Pupil
from tests.acting import SCHOOL, Pilot, envelope
from tests.domain.refusing import refused
from tests.ledger.evenings import balance
from tests.ledger.merging import LATER, merge_of, parting, signed_by_two
from tests.ledger_evening import hold


@pytest.fixture
def pilot(book: Book) -> Pilot:
    return Pilot(book).set_up()


def graduate(pilot: Pilot, adult: UUID) -> None:
    by = envelope(LATER - timedelta(days=1))
    for child in list(pilot.book.learners.get(adult).guardianships):
        pupil = Pupil(child, SCHOOL, 2026, [adult])
        pilot.book.transfers.leave(pupil, by.at.date(), Leaving.GRADUATED, by)


def test_a_wrong_merge_is_undone_after_the_children_have_graduated(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [other])
    signed_by_two(pilot, merge_of(one, other))
    graduate(pilot, one)
    signed_by_two(pilot, parting(one, other))
    assert (balance(pilot, one), balance(pilot, other)) == (0, 200)


def test_two_records_of_a_graduates_mother_are_merged_at_the_last_school(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [other])
    graduate(pilot, one)
    graduate(pilot, other)
    with refused(UnknownLearner):
        signed_by_two(pilot, merge_of(one, other, school="4401069999"))
    signed_by_two(pilot, merge_of(one, other))
    assert balance(pilot, one) == 200


def test_an_erased_person_is_not_parted(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    scope = Scope(records=(one, other), subjects=(one, other))
    pilot.book.erasures.carry_out_again(one, uuid4(), scope, envelope())
    with refused(PersonErased):
        pilot.book.corrections.preview(parting(one, other), envelope(LATER))
