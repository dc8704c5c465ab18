"""Households of a district's schools: a child is at one of them, whatever a merge tells anew."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from domain.enrolment import Leaving
from ledger.roster import Roster
from ledger.transfers import NewClass, Pupil
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.projections.test_people import (
    IN_MARCH,
    LATER,
    PANYU,
    child_of,
    merge_of,
    mother_beside,
    move,
    parted,
    signed,
)

BEFORE = IN_MARCH.date() - timedelta(days=1)
MERGED_ON = LATER.date()
AT_HOME, MOVED = {SCHOOL: 3}, {SCHOOL: 2, PANYU: 1}


def enrolled(models: ReadModels, as_of: date | None = None) -> dict[str, int]:
    found = models.households.of_schools([SCHOOL, PANYU], 2026, as_of)
    return {code: each.enrolled for code, each in found.items()}


def known_there(pilot: Pilot, name: str = "（示例）林月", phone: str = "10099990000") -> UUID:
    """Who speaks for the child that moved, too, by the new school's roster."""
    row = entry(2, class_group="1班", name=name, relation_code="52", phone=phone)
    [told] = pilot.book.rosters.take(Roster(PANYU, 2026), [row], envelope(IN_MARCH), dry_run=False)
    assert told.id is not None
    return told.id


def leave(pilot: Pilot, child: UUID, *adults: UUID) -> None:
    pupil = Pupil(child, PANYU, 2026, adults)
    pilot.book.transfers.leave(pupil, MERGED_ON, Leaving.LEFT, envelope(LATER))


def test_a_merge_takes_no_child_back_to_its_former_school(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    merged = pilot.learners[0]
    move(pilot, merged)
    survivor = known_there(pilot)
    projector.catch_up()
    assert enrolled(models) == MOVED

    signed(pilot, merge_of(survivor, merged, PANYU))
    projector.catch_up()
    assert enrolled(models) == enrolled(models, MERGED_ON) == MOVED
    assert enrolled(models, BEFORE) == AT_HOME


def test_a_child_that_left_for_good_is_counted_where_it_was_last(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    """The merge tells last of the place that ended first."""
    merged, survivor, _ = pilot.learners
    child, another = child_of(pilot, merged), entry(3)
    move(pilot, merged)
    assert known_there(pilot, another.name, str(another.phone)) == survivor
    leave(pilot, child, merged, survivor)
    signed(pilot, merge_of(survivor, merged))
    projector.catch_up()
    assert enrolled(models) == MOVED


def test_a_child_that_left_is_not_where_nobody_speaks_for_it(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    """The father's place at the first school is ended by nobody."""
    father, mother = pilot.learners[0], mother_beside(pilot)
    child = child_of(pilot, father)
    parted(pilot, father)
    move(pilot, mother)
    leave(pilot, child, mother)
    projector.catch_up()
    assert enrolled(models) == MOVED


def test_a_child_that_comes_back_counts_at_its_first_school_again(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    mother, transfers = pilot.learners[0], pilot.book.transfers
    child = child_of(pilot, mother)
    move(pilot, mother)
    back = transfers.announce(
        Pupil(child, PANYU, 2026, [mother]), MERGED_ON, SCHOOL, envelope(LATER)
    )
    transfers.claim(back, NewClass(SCHOOL, "primary", "三年级", "2班"), envelope(LATER))
    transfers.confirm(back, [mother], envelope(LATER))
    projector.catch_up()
    assert enrolled(models) == enrolled(models, MERGED_ON) == AT_HOME
    assert enrolled(models, MERGED_ON - timedelta(days=1)) == MOVED
    assert enrolled(models, BEFORE) == AT_HOME
