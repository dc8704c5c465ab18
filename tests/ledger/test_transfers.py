"""A child moves: the hours stay with the adults, and the new school's roster knows the child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.enrolment import Leaving
from domain.staff import OwnCase
from domain.transfer import (
    ChildNotHere,
    NotEffectiveYet,
    TransferNotClaimed,
    TransferOver,
    TransferUnknown,
)
from ledger.roster import Roster, RosterEntry
from ledger.transfers import NewClass, Pupil
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope
from tests.ledger.evenings import balance
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger_evening import hold

PANYU = "4401130001"
MARCH = date(2027, 3, 1)
IN_MARCH = datetime(2027, 3, 8, 2, 0, tzinfo=ENDS.tzinfo)
JULY = datetime(2027, 7, 5, 2, 0, tzinfo=ENDS.tzinfo)
IN_SEPTEMBER = datetime(2027, 9, 6, 2, 0, tzinfo=ENDS.tzinfo)
CLASS = NewClass(PANYU, "primary", "三年级", "1班")


def pupil_of(pilot: Pilot, learner: UUID) -> Pupil:
    [child] = pilot.book.learners.get(learner).guardianships
    return Pupil(child, SCHOOL, 2026, [learner])


def moved(pilot: Pilot, learner: UUID) -> UUID:
    pupil, transfers = pupil_of(pilot, learner), pilot.book.transfers
    transfer_id = transfers.announce(pupil, MARCH, None, envelope(IN_MARCH))
    transfers.claim(transfer_id, CLASS, envelope(IN_MARCH))
    transfers.confirm(transfer_id, pupil.adults, envelope(IN_MARCH))
    return transfer_id


def test_the_place_moves_on_its_day_and_nothing_else_does(pilot: Pilot) -> None:
    mother = pilot.learners[0]
    hold(pilot, [mother])
    ties = dict(pilot.book.learners.get(mother).guardianships)

    moved(pilot, mother)

    learner = pilot.book.learners.get(mother)
    assert learner.enrolments_at(SCHOOL, 2026) == ()
    assert len(learner.enrolments_at(SCHOOL, 2026, MARCH - timedelta(days=1))) == 1
    [place] = learner.enrolments_at(PANYU, 2026)
    assert (place.grade, place.class_group) == ("三年级", "1班")
    assert learner.guardianships == ties
    assert balance(pilot, mother) == 200


def summer(pilot: Pilot, learner: UUID, year: int, effective_on: date) -> None:
    """Announced in July; the next year's roster of the old school comes before the move."""
    pupil, transfers = replace(pupil_of(pilot, learner), school_year=year), pilot.book.transfers
    pilot.book.rosters.take(Roster(SCHOOL, 2027), [entry(2)], envelope(JULY), dry_run=False)
    transfer_id = transfers.announce(pupil, effective_on, PANYU, envelope(JULY))
    transfers.claim(transfer_id, CLASS, envelope(JULY))
    transfers.confirm(transfer_id, pupil.adults, envelope(IN_SEPTEMBER))


@pytest.mark.parametrize(
    ("year", "effective_on", "at_old", "at_new"),
    [
        (2026, date(2027, 8, 31), [0, 0], [1, 0]),
        (2026, date(2027, 9, 1), [0, 0], [0, 1]),
        (2027, date(2027, 8, 31), [0, 0], [0, 1]),
        (2027, date(2027, 9, 1), [1, 0], [0, 1]),  # a year that is over stays as it is
    ],
)
def test_in_summer_the_new_place_is_in_the_later_year_and_none_stays_behind(
    pilot: Pilot, year: int, effective_on: date, at_old: list[int], at_new: list[int]
) -> None:
    mother = pilot.learners[0]

    summer(pilot, mother, year, effective_on)

    learner, before = pilot.book.learners.get(mother), effective_on - timedelta(days=1)
    for school, on, places in (
        (SCHOOL, before, [1, 1]),
        (SCHOOL, effective_on, at_old),
        (SCHOOL, None, at_old),
        (PANYU, None, at_new),
    ):
        found = [len(learner.enrolments_at(school, each, on)) for each in (2026, 2027)]
        assert found == places


@pytest.mark.parametrize("number", ["77001", None])
def test_the_next_roster_of_the_new_school_finds_the_child(
    pilot: Pilot, number: str | None
) -> None:
    mother = pilot.learners[0]
    moved(pilot, mother)
    row = entry(2, class_group="1班", student_no=number)
    [result] = pilot.book.rosters.take(Roster(PANYU, 2026), [row], envelope(), dry_run=False)
    assert (result.code, result.id) == (None, mother)
    assert len(pilot.book.learners.get(mother).guardianships) == 1


@pytest.mark.parametrize("beside", [[], [entry(2, class_group="1班", student_no="77001")]])
def test_an_adult_whom_the_new_school_learns_of_later_is_there_from_the_day_of_the_move(
    pilot: Pilot, beside: list[RosterEntry]
) -> None:
    moved(pilot, pilot.learners[0])
    row = entry(2, class_group="1班", student_no=None, name="（示例）林月", relation_code="62")
    rows, roster = [*beside, replace(row, row=3)], Roster(PANYU, 2026)

    *_, hers = pilot.book.rosters.take(roster, rows, envelope(IN_MARCH), dry_run=False)

    assert hers.id is not None
    learner = pilot.book.learners.get(hers.id)
    assert [*learner.enrolments.begun.values()] == [MARCH]
    assert not learner.enrolments.holds(
        next(iter(learner.guardianships)), PANYU, 2026, MARCH - timedelta(days=1)
    )


def test_before_its_day_nobody_moves(pilot: Pilot) -> None:
    pupil, transfers = pupil_of(pilot, pilot.learners[0]), pilot.book.transfers
    transfer_id = transfers.announce(pupil, MARCH, PANYU, envelope())
    with pytest.raises(TransferNotClaimed):
        transfers.confirm(transfer_id, pupil.adults, envelope(IN_MARCH))
    transfers.claim(transfer_id, CLASS, envelope())
    with pytest.raises(NotEffectiveYet):
        transfers.confirm(transfer_id, pupil.adults, envelope())
    with pytest.raises(NotEffectiveYet):
        transfers.leave(pupil, MARCH, Leaving.LEFT, envelope())
    transfers.withdraw(transfer_id, envelope())
    with pytest.raises(TransferOver):
        transfers.confirm(transfer_id, pupil.adults, envelope(IN_MARCH))


def test_a_child_of_another_school_is_not_sent_away(pilot: Pilot) -> None:
    pupil = Pupil(uuid4(), SCHOOL, 2026, pilot.learners)
    with pytest.raises(ChildNotHere):
        pilot.book.transfers.announce(pupil, MARCH, None, envelope())
    with pytest.raises(ChildNotHere):
        pilot.book.transfers.leave(pupil, date(2026, 8, 1), Leaving.LEFT, envelope())
    with pytest.raises(TransferUnknown):
        pilot.book.transfers.claim(uuid4(), CLASS, envelope())


def test_whoever_leaves_the_city_keeps_the_account(pilot: Pilot) -> None:
    mother = pilot.learners[0]
    hold(pilot, [mother])
    pupil = pupil_of(pilot, mother)
    pilot.book.transfers.leave(pupil, MARCH, Leaving.TRANSFERRED, envelope(IN_MARCH))
    assert pilot.book.learners.get(mother).enrolments_at(SCHOOL, 2026) == ()
    assert balance(pilot, mother) == 200


def test_staff_move_no_child_of_their_own(pilot: Pilot) -> None:
    mother, staff = pilot.learners[0], uuid4()
    pilot.book.registry.register_staff(staff, envelope(), learner_id=mother)
    pupil, transfers = pupil_of(pilot, mother), pilot.book.transfers
    mine = envelope(IN_MARCH, actor_id=staff)
    with pytest.raises(OwnCase):
        transfers.announce(pupil, MARCH, None, mine)
    with pytest.raises(OwnCase):
        transfers.leave(pupil, MARCH, Leaving.LEFT, mine)
    transfer_id = transfers.announce(pupil, MARCH, None, envelope())
    steps: list[Callable[[], int]] = [
        lambda: transfers.claim(transfer_id, CLASS, mine),
        lambda: transfers.confirm(transfer_id, pupil.adults, mine),
        lambda: transfers.withdraw(transfer_id, mine),
    ]
    for step in steps:
        with pytest.raises(OwnCase):
            step()


def test_a_claim_leaves_the_vault_as_it_is_until_the_old_school_consents(pilot: Pilot) -> None:
    pupil, transfers, vault = (
        pupil_of(pilot, pilot.learners[0]),
        pilot.book.transfers,
        pilot.book.vault,
    )
    transfer_id = transfers.announce(pupil, MARCH, None, envelope(IN_MARCH))
    before = vault.open([pupil.child_id])
    transfers.claim(transfer_id, CLASS, envelope(IN_MARCH))
    place = f"{PANYU} 2026 三年级 1班 {before[pupil.child_id].name}"
    assert vault.open([pupil.child_id]) == before
    assert vault.identify("child_place", [place]) == {}
    transfers.confirm(transfer_id, pupil.adults, envelope(IN_MARCH))
    assert vault.identify("child_place", [place]) == {place: pupil.child_id}


def beside(pilot: Pilot, year: int) -> UUID:
    """The grandmother of the first learner's child, by a roster of the old school."""
    row = entry(2, name="（示例）林月", relation_code="62", phone="10099990000")
    [told] = pilot.book.rosters.take(Roster(SCHOOL, year), [row], envelope(), dry_run=False)
    assert told.id is not None
    return told.id


def test_a_child_that_moved_has_moved_for_both_when_their_records_are_parted(
    pilot: Pilot,
) -> None:
    mother, grandmother = pilot.learners[0], beside(pilot, 2026)
    signed_by_two(pilot, merge_of(mother, grandmother))
    moved(pilot, mother)
    signed_by_two(pilot, parting(mother, grandmother))

    for each in (mother, grandmother):
        learner = pilot.book.learners.get(each)
        assert learner.enrolments_at(SCHOOL, 2026) == ()
        assert len(learner.enrolments_at(SCHOOL, 2026, MARCH - timedelta(days=1))) == 1
        assert len(learner.enrolments_at(PANYU, 2026, MARCH)) == 1
        assert list(learner.enrolments.begun.values()) == [MARCH]


def test_a_parting_gives_nobody_the_places_of_years_before_their_own(pilot: Pilot) -> None:
    mother, grandmother = pilot.learners[0], beside(pilot, 2027)
    signed_by_two(pilot, merge_of(mother, grandmother))
    signed_by_two(pilot, parting(mother, grandmother))

    assert pilot.book.learners.get(mother).years_enrolled("primary") == {2026}
    assert pilot.book.learners.get(grandmother).years_enrolled("primary") == {2027}
