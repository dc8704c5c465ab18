"""What was under a record before it was merged: corrected, studied and disputed after the merge."""

from __future__ import annotations

from domain.correction import ExternalOrder
from domain.push import PushRecord
from domain.rules import ReversalReason
from tests.acting import Pilot
from tests.ledger.evenings import balance
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.studies import answer, confirm, enter, push


def test_hours_from_elsewhere_are_taken_back_from_the_record_that_speaks(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    external = enter(pilot, learner_id=other)
    confirm(pilot, external)
    signed_by_two(pilot, merge_of(one, other))
    assert balance(pilot, one) == 400

    order = ExternalOrder(external_id=external, reason_code=ReversalReason.ENTRY_ERROR)
    signed_by_two(pilot, order)

    assert (balance(pilot, one), balance(pilot, other)) == (0, 0)


def test_pushes_that_both_records_answered_count_once(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    sent = [push(pilot, number) for number in range(10)]
    for item in sent[:5]:
        answer(pilot, item, one)
        answer(pilot, item, other)
    assert (balance(pilot, one), balance(pilot, other)) == (50, 50)

    signed_by_two(pilot, merge_of(one, other))

    assert balance(pilot, one) == 50


def test_what_was_answered_under_the_merged_record_is_not_answered_again(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    sent = [push(pilot, number) for number in range(9)]
    for item in sent[:5]:
        answer(pilot, item, other)
    signed_by_two(pilot, merge_of(one, other))
    for item in sent:
        answer(pilot, item, one)
    assert balance(pilot, one) == 50
    record = pilot.book.ledger.find(PushRecord, PushRecord.create_id(one, "2026-1"))
    assert record is not None
    assert list(record.items) == sent[5:]
