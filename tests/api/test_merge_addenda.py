"""A merge changes who attended: books of a closed term get an addendum, at a parting another."""

from __future__ import annotations

from collections.abc import Callable

from api.bootstrap import Runtime
from api.closing import follow_addenda, follow_merges, listing_of
from domain.correction import Order
from projections.following import Follower, Following
from tests.acting import SCHOOL, Pilot
from tests.api.test_closing_follows import FIRST, beginning, close, closing, pilot
from tests.ledger.merging import merge_of, parting, signed_by_two

__all__ = ["beginning", "pilot"]


def followed(runtime: Runtime, follow: Callable[[Runtime], Follower]) -> None:
    following = Following(runtime.views, follow(runtime))
    following.set_up()
    following.catch_up()
    runtime.projector.catch_up()


def test_an_evening_of_two_records_is_one_person_s_in_an_addendum_while_they_are_one(
    runtime: Runtime, pilot: Pilot
) -> None:
    """Also of merges that were recorded before anybody followed them."""

    def attendances_after(order: Order) -> int:
        signed_by_two(pilot, order)
        runtime.projector.catch_up()
        followed(runtime, follow_merges)
        return closing(runtime).totals.attendances

    one, other, _ = pilot.learners
    runtime.projector.catch_up()
    close(runtime)
    before = closing(runtime)

    assert before.totals.attendances == 2
    assert attendances_after(merge_of(one, other)) == 1
    assert attendances_after(parting(one, other)) == 2
    followed(runtime, follow_addenda)
    assert closing(runtime).addenda == 2
    assert closing(runtime).sha256 == listing_of(runtime, SCHOOL, FIRST).sha256
