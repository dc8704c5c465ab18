"""Two records merged into a third had the same child: it goes with the last of the two."""

from __future__ import annotations

from uuid import UUID, uuid4

from tests.acting import Pilot, envelope
from tests.ledger.merging import merge_of, parting, signed_by_two


def children(pilot: Pilot, learner: UUID) -> set[UUID]:
    return set(pilot.book.learners.get(learner).guardianships)


def test_the_child_stays_with_the_record_that_speaks_for_the_other_of_the_two(
    pilot: Pilot,
) -> None:
    speaks, first, second = pilot.learners
    [child] = children(pilot, first)
    also_hers = pilot.book.learners.get(second)
    also_hers.link_child(child, "51", False, "roster", envelope())
    pilot.book.ledger.commit(uuid4(), lambda: [also_hers])
    own, had = children(pilot, speaks), children(pilot, second)
    for each in (first, second):
        signed_by_two(pilot, merge_of(speaks, each))

    signed_by_two(pilot, parting(speaks, first))
    assert (children(pilot, speaks), children(pilot, first)) == (own | had, {child})

    signed_by_two(pilot, parting(speaks, second))
    assert (children(pilot, speaks), children(pilot, second)) == (own, had)
