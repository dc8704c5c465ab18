"""A guardianship comes back by two, from a day on, with what became of the child meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.custody import (
    CustodyDayOutside,
    CustodyNeedsSecondPerson,
    CustodyNotEnded,
    CustodyNotProposed,
    CustodyProposedOtherwise,
    Restoration,
)
from domain.session_refusals import GuardianshipEndedByThen, NotInvited
from domain.staff import OwnCase
from ledger.plans import RowOutcome
from ledger.roster import Roster
from ledger.transfers import NewClass, Pupil
from tests.acting import SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.evenings import balance, wish
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_corrections import corrected, was_there
from tests.ledger.test_custody import child_of, mother_beside
from tests.ledger.test_ended_guardianships import BEFORE, LATER, parted
from tests.ledger.test_transfers import PANYU
from tests.ledger_evening import hold

MISTAKE, RESUMED = Restoration.ENDED_IN_ERROR, Restoration.CARE_RESUMED
TEACHER, COORDINATOR = uuid4(), uuid4()
ENDED_ON = BEFORE.date()


def restored(
    pilot: Pilot, father: UUID, child: UUID, reason: Restoration = MISTAKE,
    day: date | None = None, others: tuple[UUID, ...] = (), at: datetime = LATER,
) -> None:  # fmt: skip
    custody = pilot.book.custody
    custody.propose_restoration(father, child, reason, day, envelope(at, actor_id=TEACHER))
    custody.confirm_restoration(father, child, others, envelope(at, actor_id=COORDINATOR))


def wrongly_parted(pilot: Pilot) -> tuple[UUID, UUID]:
    child = child_of(pilot, pilot.learners[0])
    return parted(pilot, BEFORE), child


def test_what_was_attended_while_it_was_wrongly_ended_counts(pilot: Pilot) -> None:
    """No gap: it stood all along, whoever was turned away at the door meanwhile."""
    father, child = wrongly_parted(pilot)
    hold(pilot, pilot.learners[1:])
    with pytest.raises(GuardianshipEndedByThen):
        corrected(pilot, was_there(pilot, father, 0, 80))

    restored(pilot, father, child)

    corrected(pilot, was_there(pilot, father, 0, 80))
    assert balance(pilot, father) == 200
    assert len(pilot.book.learners.get(father).enrolments_at(SCHOOL, 2026)) == 1


def test_between_an_end_that_was_none_and_its_return_nothing_counts(pilot: Pilot) -> None:
    father, child = wrongly_parted(pilot)
    hold(pilot, pilot.learners[1:])
    restored(pilot, father, child, RESUMED, STARTS.date() + timedelta(days=1))
    with pytest.raises(GuardianshipEndedByThen):
        corrected(pilot, was_there(pilot, father, 0, 80))
    assert child in pilot.book.learners.get(father).guardianships


def test_who_is_back_is_let_in(pilot: Pilot) -> None:
    father, child = wrongly_parted(pilot)
    pilot.book.sessions.open(pilot.session_id, envelope(STARTS - timedelta(minutes=20)))
    with pytest.raises(NotInvited):
        pilot.book.attendances.check_in(wish(pilot, father))
    restored(pilot, father, child, RESUMED, STARTS.date(), at=STARTS)
    assert pilot.book.attendances.check_in(wish(pilot, father)).position


def test_the_roster_brings_the_family_again_once_it_is_back(pilot: Pilot) -> None:
    father, child = wrongly_parted(pilot)
    restored(pilot, father, child)
    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [entry(2)], envelope(), dry_run=False)
    assert (result.outcome, result.code) == (RowOutcome.SAME, None)


def test_a_child_that_moved_meanwhile_is_where_it_is_now(pilot: Pilot) -> None:
    mother, transfers = mother_beside(pilot), pilot.book.transfers
    father, child = wrongly_parted(pilot)
    pupil = Pupil(child, SCHOOL, 2026, [mother])
    moves = LATER.date() - timedelta(days=3)
    key = transfers.announce(pupil, moves, PANYU, envelope(BEFORE))
    transfers.claim(key, NewClass(PANYU, "primary", "三年级", "1班"), envelope(BEFORE))
    transfers.confirm(key, [mother], envelope(LATER))

    restored(pilot, father, child, others=(mother, father))

    [his, hers] = (pilot.book.learners.get(each) for each in (father, mother))
    assert his.enrolments == hers.enrolments
    assert his.enrolments_at(SCHOOL, 2026) == ()
    assert his.enrolments_at(PANYU, 2026) == hers.enrolments_at(PANYU, 2026) != ()


def test_nobody_brings_it_back_alone(pilot: Pilot) -> None:
    father, child = wrongly_parted(pilot)
    custody, alone = pilot.book.custody, envelope(LATER, actor_id=COORDINATOR)
    with pytest.raises(CustodyNotProposed):
        custody.confirm_restoration(father, child, (), alone)
    custody.propose_restoration(father, child, MISTAKE, None, alone)
    with pytest.raises(CustodyNeedsSecondPerson):
        custody.confirm_restoration(father, child, (), envelope(LATER, actor_id=COORDINATOR))
    with pytest.raises(CustodyProposedOtherwise):
        custody.propose_restoration(father, child, RESUMED, None, envelope(LATER))
    custody.drop(father, child, envelope(LATER))
    with pytest.raises(CustodyNotProposed):
        custody.confirm_restoration(father, child, (), envelope(LATER))
    assert pilot.book.learners.get(father).guardianships == {}


def test_only_what_was_ended_comes_back_and_from_no_day_before_that(pilot: Pilot) -> None:
    custody, child = pilot.book.custody, child_of(pilot, pilot.learners[0])
    with pytest.raises(CustodyNotEnded):
        custody.propose_restoration(pilot.learners[0], child, MISTAKE, None, envelope(LATER))
    father, _ = wrongly_parted(pilot)
    for day in (ENDED_ON - timedelta(days=1), LATER.date() + timedelta(days=1)):
        with pytest.raises(CustodyDayOutside):
            custody.propose_restoration(father, child, RESUMED, day, envelope(LATER))
    restored(pilot, father, child)
    with pytest.raises(CustodyNotEnded):
        custody.confirm_restoration(father, child, (), envelope(LATER))


def test_staff_bring_back_neither_their_own_nor_the_other_parents(pilot: Pilot) -> None:
    mother = mother_beside(pilot)
    father, child = wrongly_parted(pilot)
    custody, registry = pilot.book.custody, pilot.book.registry
    for adult in (father, mother):
        staff = uuid4()
        registry.register_staff(staff, envelope(), learner_id=adult)
        by = envelope(LATER, actor_id=staff)
        with pytest.raises(OwnCase):
            custody.propose_restoration(father, child, MISTAKE, None, by)


def test_what_was_ended_under_a_record_that_was_merged_comes_back_to_who_speaks(
    pilot: Pilot,
) -> None:
    father, child = wrongly_parted(pilot)
    speaks = pilot.learners[1]
    signed_by_two(pilot, merge_of(speaks, father))
    restored(pilot, father, child)
    assert child in pilot.book.learners.get(speaks).guardianships
    assert len(pilot.book.learners.get(speaks).enrolments_at(SCHOOL, 2026)) == 2
