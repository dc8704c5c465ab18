"""What was under a record before it was merged: corrected, studied and disputed after the merge."""

from __future__ import annotations

from domain.correction import ExternalOrder
from domain.rules import ReversalReason
from tests.acting import Pilot
from tests.ledger.evenings import balance
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.studies import confirm, enter


def test_hours_from_elsewhere_are_taken_back_from_the_record_that_speaks(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    external = enter(pilot, learner_id=other)
    confirm(pilot, external)
    signed_by_two(pilot, merge_of(one, other))
    assert balance(pilot, one) == 400

    order = ExternalOrder(external_id=external, reason_code=ReversalReason.ENTRY_ERROR)
    signed_by_two(pilot, order)

    assert (balance(pilot, one), balance(pilot, other)) == (0, 0)
