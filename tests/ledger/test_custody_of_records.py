"""Guardianships that two persons ended, and records merged or parted before or after."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.custody import CustodyReason, GuardianshipWasEnded, Restoration
from ledger.book import Book
from ledger.custody import refuse_ended
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope
from tests.domain.refusing import refused
from tests.ledger.merging import LATER, merge_of, parting, signed_by_two

CHANGED = CustodyReason.CUSTODY_CHANGED


@pytest.fixture
def pilot(book: Book) -> Pilot:
    return Pilot(book).set_up()


def child_of(pilot: Pilot, adult: UUID) -> UUID:
    [child] = pilot.book.learners.get(adult).guardianships
    return child


def second_record_of_the_father(pilot: Pilot) -> UUID:
    row = entry(2, name="（示例）林卫", phone="10000000088", relation_code="97")
    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    return result.id


def ended(pilot: Pilot, adult: UUID, child: UUID) -> None:
    custody = pilot.book.custody
    custody.propose(adult, child, CHANGED, envelope(ENDS, actor_id=uuid4()))
    custody.confirm(adult, child, envelope(ENDS, actor_id=uuid4()))


def tied(pilot: Pilot, child: UUID) -> set[UUID]:
    return {e for e in pilot.learners if child in pilot.book.learners.get(e).guardianships}


def test_what_two_ended_while_the_records_were_one_has_ended_for_both(pilot: Pilot) -> None:
    """On its day: what each attended before stays what it was, and two persons restore it."""
    one, other, _ = pilot.learners
    child, custody = child_of(pilot, other), pilot.book.custody
    signed_by_two(pilot, merge_of(one, other))
    ended(pilot, one, child)
    signed_by_two(pilot, parting(one, other))
    assert tied(pilot, child) == set()
    ties = pilot.book.learners.get(other).guardianships
    [former] = ties.former[child]
    assert former.ended_on == ENDS.date() < LATER.date()
    assert ties.held(child, former.ended_on) is False
    with refused(GuardianshipWasEnded):  # one alone does not bring it back
        refuse_ended(pilot.book.ledger, child, [other])
    proposer, day = envelope(LATER, actor_id=uuid4()), LATER.date()
    custody.propose_restoration(other, child, Restoration.CARE_RESUMED, day, proposer)
    custody.confirm_restoration(other, child, [], envelope(LATER, actor_id=uuid4()))
    assert tied(pilot, child) == {other}


def test_what_two_ended_under_one_record_is_not_tied_anew_by_a_merge(pilot: Pilot) -> None:
    father = pilot.learners[0]
    child, second = child_of(pilot, father), second_record_of_the_father(pilot)
    assert child in pilot.book.learners.get(second).guardianships
    ended(pilot, father, child)
    signed_by_two(pilot, merge_of(father, second))
    assert child not in pilot.book.learners.get(father).guardianships
    signed_by_two(pilot, parting(father, second))
    assert child in pilot.book.learners.get(second).guardianships  # nobody ended that one


def test_a_proposal_under_a_record_that_is_merged_meanwhile_is_decided(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    child, custody = child_of(pilot, other), pilot.book.custody
    first, second = envelope(ENDS, actor_id=uuid4()), envelope(LATER, actor_id=uuid4())
    custody.propose(other, child, CHANGED, first)
    signed_by_two(pilot, merge_of(one, other))
    position = pilot.book.ledger.position()
    assert custody.propose(one, child, CHANGED, second) == position  # the same is no news
    custody.confirm(other, child, second)
    assert tied(pilot, child) == set()
