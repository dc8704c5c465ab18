"""Home visits of a class: all of them or none, each once, only where the child was that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.envelope import Envelope, Role
from domain.home_visit import (
    HomeVisit,
    HomeVisitInFuture,
    HomeVisitToNobody,
    UnknownHomeVisit,
    Visit,
    VisitForm,
    VisitWay,
)
from domain.staff import OwnCase
from domain.transfer import ChildNotHere
from ledger.transfers import NewClass, Pupil
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two

PANYU = "4401130001"
NOVEMBER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = NOVEMBER.date()
MOVES = date(2026, 11, 10)


def teacher(actor: UUID | None = None) -> Envelope:
    return envelope(NOVEMBER, Role.CLASS_TEACHER, actor)


def visit(on: date = DAY, school: str = SCHOOL, form: VisitForm = VisitForm.ON_SITE) -> Visit:
    return Visit(school, on, form, VisitWay.GROUP, 2026)


def families(pilot: Pilot) -> dict[UUID, list[UUID]]:
    learners = pilot.book.learners
    return {
        child: [adult] for adult in pilot.learners for child in learners.get(adult).guardianships
    }


def visit_id(child: UUID, on: date = DAY) -> UUID:
    return HomeVisit.create_id(SCHOOL, child, on, VisitForm.ON_SITE, VisitWay.GROUP)


def test_a_group_visit_is_recorded_for_each_child_and_again_is_no_news(pilot: Pilot) -> None:
    visits, group = pilot.book.home_visits, families(pilot)
    position = visits.record(visit(), group, teacher())
    assert visits.record(visit(), group, teacher()) == position
    ids = [visit_id(child) for child in group]
    assert len(pilot.book.ledger.load(ids)) == len(group) == 3


def test_another_form_on_the_same_day_is_another_visit(pilot: Pilot) -> None:
    visits, group = pilot.book.home_visits, families(pilot)
    position = visits.record(visit(), group, teacher())
    assert visits.record(visit(form=VisitForm.ONLINE), group, teacher()) == position + 3


def test_what_was_entered_in_error_is_taken_back_by_a_colleague(pilot: Pilot) -> None:
    book, (child, *_) = pilot.book, families(pilot)
    book.home_visits.record(visit(), {child: families(pilot)[child]}, teacher())
    book.home_visits.withdraw(visit_id(child), envelope(NOVEMBER))
    found = book.ledger.get(HomeVisit, visit_id(child), UnknownHomeVisit)
    assert not found.stands
    assert found.version == 2, "the record stays, and the history says both"
    book.home_visits.record(visit(), {child: families(pilot)[child]}, teacher())
    assert book.ledger.get(HomeVisit, visit_id(child), UnknownHomeVisit).stands
    with pytest.raises(UnknownHomeVisit):
        book.home_visits.withdraw(uuid4(), teacher())


def test_with_one_child_of_elsewhere_none_is_recorded(pilot: Pilot) -> None:
    visits, group = pilot.book.home_visits, families(pilot)
    before = pilot.book.ledger.position()
    with pytest.raises(ChildNotHere):
        visits.record(visit(), {**group, uuid4(): pilot.learners}, teacher())
    with pytest.raises(ChildNotHere):
        visits.record(visit(school=PANYU), group, teacher())
    with pytest.raises(HomeVisitToNobody):
        visits.record(visit(), {}, teacher())
    with pytest.raises(HomeVisitInFuture):
        visits.record(visit(DAY + timedelta(days=1)), group, teacher())
    assert pilot.book.ledger.position() == before


def moved(pilot: Pilot) -> tuple[UUID, list[UUID]]:
    """The child, and the adults who are enrolled through it."""
    book = pilot.book
    child, adults = next(iter(families(pilot).items()))
    pupil, new = Pupil(child, SCHOOL, 2026, adults), NewClass(PANYU, "primary", "三年级", "1班")
    transfer_id = book.transfers.announce(pupil, MOVES, None, envelope(NOVEMBER))
    book.transfers.claim(transfer_id, new, envelope(NOVEMBER))
    book.transfers.confirm(transfer_id, adults, envelope(NOVEMBER))
    return child, adults


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_child_that_moved_was_visited_by_the_school_it_was_at(
    pilot: Pilot, is_merged: bool
) -> None:
    book = pilot.book
    child, adults = moved(pilot)
    if is_merged:
        survivor = next(each for each in pilot.learners if each not in adults)
        [merged] = adults
        signed_by_two(pilot, merge_of(survivor, merged))
        adults = [survivor]
    the_day_before = MOVES - timedelta(days=1)

    book.home_visits.record(visit(the_day_before), {child: adults}, teacher())
    book.home_visits.record(visit(MOVES, PANYU), {child: adults}, teacher())
    for wrong in (visit(MOVES), visit(the_day_before, PANYU)):
        with pytest.raises(ChildNotHere):
            book.home_visits.record(wrong, {child: adults}, teacher())


def test_who_is_in_a_class_from_september_was_visited_in_august(pilot: Pilot) -> None:
    group, august = families(pilot), date(2026, 8, 20)
    before = pilot.book.ledger.position()
    assert pilot.book.home_visits.record(visit(august), group, teacher()) > before
    last_year = replace(visit(august), school_year=2025)
    with pytest.raises(ChildNotHere):
        pilot.book.home_visits.record(last_year, group, teacher())


def test_nobody_visits_their_own_child(pilot: Pilot) -> None:
    book, staff = pilot.book, uuid4()
    group = families(pilot)
    child, (adult,) = next(iter(group.items()))
    book.registry.register_staff(staff, envelope(), learner_id=adult)
    with pytest.raises(OwnCase):
        book.home_visits.record(visit(), group, teacher(staff))
    book.home_visits.record(visit(), group, teacher())
    with pytest.raises(OwnCase):
        book.home_visits.withdraw(visit_id(child), teacher(staff))
