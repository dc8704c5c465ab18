"""A guardianship ends by two persons; no hour is touched, and nobody decides about their own."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.custody import (
    CustodyNeedsSecondPerson,
    CustodyNotLinked,
    CustodyNotProposed,
    CustodyReason,
)
from domain.learner import UnknownLearner
from domain.staff import OwnCase
from ledger.roster import Roster
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.ledger.evenings import balance
from tests.ledger_evening import hold

CHANGED = CustodyReason.CUSTODY_CHANGED
TEACHER, COORDINATOR = uuid4(), uuid4()


def child_of(pilot: Pilot, learner: UUID) -> UUID:
    [child] = pilot.book.learners.get(learner).guardianships
    return child


def mother_beside(pilot: Pilot) -> UUID:
    """The mother of the first child, on the same roster."""
    row = entry(2, name="（示例）林敏", relation_code="52", phone="10000000099")
    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    return result.id


def test_two_persons_end_it_and_every_hour_stays(pilot: Pilot) -> None:
    father, mother = pilot.learners[0], mother_beside(pilot)
    hold(pilot, [father, mother])
    child, custody = child_of(pilot, father), pilot.book.custody

    custody.propose(father, child, CHANGED, envelope(actor_id=TEACHER))
    custody.confirm(father, child, envelope(actor_id=COORDINATOR))

    assert pilot.book.learners.get(father).enrolments_at(SCHOOL, 2026) == ()
    assert child in pilot.book.learners.get(mother).guardianships
    assert (balance(pilot, father), balance(pilot, mother)) == (200, 200)


def test_one_person_alone_ends_nothing(pilot: Pilot) -> None:
    father, custody = pilot.learners[0], pilot.book.custody
    child = child_of(pilot, father)
    with pytest.raises(CustodyNotProposed):
        custody.confirm(father, child, envelope(actor_id=COORDINATOR))
    custody.propose(father, child, CHANGED, envelope(actor_id=COORDINATOR))
    with pytest.raises(CustodyNeedsSecondPerson):
        custody.confirm(father, child, envelope(actor_id=COORDINATOR))
    assert child in pilot.book.learners.get(father).guardianships


def test_a_dropped_proposal_ends_nothing(pilot: Pilot) -> None:
    father, custody = pilot.learners[0], pilot.book.custody
    child = child_of(pilot, father)
    custody.propose(father, child, CHANGED, envelope(actor_id=TEACHER))
    custody.drop(father, child, envelope(actor_id=COORDINATOR))
    with pytest.raises(CustodyNotProposed):
        custody.confirm(father, child, envelope(actor_id=COORDINATOR))


def test_who_is_not_linked_is_not_parted(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    with pytest.raises(CustodyNotLinked):
        pilot.book.custody.propose(one, child_of(pilot, other), CHANGED, envelope())
    with pytest.raises(UnknownLearner):
        pilot.book.custody.propose(uuid4(), child_of(pilot, other), CHANGED, envelope())


def test_a_teacher_decides_neither_about_herself_nor_about_the_other_parent(pilot: Pilot) -> None:
    father, mother = pilot.learners[0], mother_beside(pilot)
    child, custody = child_of(pilot, father), pilot.book.custody
    pilot.book.registry.register_staff(TEACHER, envelope(), learner_id=mother)
    for about in (mother, father):
        with pytest.raises(OwnCase):
            custody.propose(about, child, CHANGED, envelope(actor_id=TEACHER))
    custody.propose(father, child, CHANGED, envelope(actor_id=COORDINATOR))
    with pytest.raises(OwnCase):
        custody.confirm(father, child, envelope(actor_id=TEACHER))
    with pytest.raises(OwnCase):
        custody.drop(father, child, envelope(actor_id=TEACHER))
