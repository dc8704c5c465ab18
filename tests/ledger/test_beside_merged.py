"""A check-in looks at the merged records of its own learner, and at no other pair."""

from __future__ import annotations

from uuid import uuid4

from msgspec.structs import replace

from domain.identity import attendance_id
from domain.learner import Learner
from ledger.check_in import beside_merged, beside_record
from tests.acting import Pilot, envelope
from tests.ledger.evenings import wish


def speaks_for(records: int) -> tuple[Learner, list[Learner]]:
    survivor, *others = (
        Learner(id=uuid4(), name_commitment="0" * 64, envelope=envelope())
        for _ in range(records + 1)
    )
    for each in others:
        survivor.take_in(each, "same_name_and_child", (), envelope())
    return survivor, others


def test_each_wish_adds_what_its_own_learner_was_and_nothing_of_its_neighbours(
    pilot: Pilot,
) -> None:
    """An evening of many sessions and many merged records asks no session for all of them."""
    (one, [before]), (two, _) = speaks_for(1), speaks_for(0)
    here = wish(pilot, one.id)
    elsewhere = replace(wish(pilot, two.id), session_id=uuid4())
    loaded = {one.id: one, two.id: two}

    found = beside_merged([here, elsewhere], loaded)

    assert found == {attendance_id(here.session_id, before.id), *beside_record(before.id)}
