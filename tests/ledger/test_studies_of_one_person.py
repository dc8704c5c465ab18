"""What a person learns beside sessions earns once, in its year, under any of their records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from domain.account import Account
from domain.calendar import Term
from domain.envelope import Role
from domain.micro_class import MicroClassOver
from domain.push import PushRecord
from tests.acting import Pilot, envelope
from tests.domain.refusing import refused
from tests.ledger.evenings import balance
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.studies import LATER, answer, complete, micro_class, push, whole

A_YEAR_LATER = datetime(2027, 10, 1, 3, tzinfo=UTC)


def test_one_of_last_year_earns_nothing_this_year(pilot: Pilot) -> None:
    learner, book = pilot.learners[0], pilot.book
    made = micro_class(pilot)
    complete(pilot, made, learner)
    term = Term(school_year=2027, term_no=1, begins=date(2027, 9, 1), ends=date(2028, 2, 1))
    book.registry.open_term(term, envelope())
    by = envelope(A_YEAR_LATER, Role.PARENT, learner)
    with refused(MicroClassOver, school_year=2026):
        book.micro_classes.complete(made, learner, whole(pilot, made, learner), by)
    assert balance(pilot, learner) == 200
    assert book.micro_classes.is_completed(book.micro_classes.get(made), learner, running=2027)


def test_what_was_completed_under_a_merged_record_is_completed(pilot: Pilot) -> None:
    survivor, merged, _ = pilot.learners
    made, book = micro_class(pilot), pilot.book
    complete(pilot, made, merged)
    signed_by_two(pilot, merge_of(survivor, merged))
    assert book.micro_classes.is_completed(book.micro_classes.get(made), survivor, running=2026)
    position = book.ledger.position()
    complete(pilot, made, survivor)
    assert book.ledger.position() == position


def test_a_right_answer_lies_under_the_record_that_gave_it(pilot: Pilot) -> None:
    """Not beside those of a merged one: when the merge is undone, each has what is theirs."""
    survivor, merged, _ = pilot.learners
    answer(pilot, push(pilot), merged)
    signed_by_two(pilot, merge_of(survivor, merged))
    second = push(pilot, 1)
    answer(pilot, second, survivor)
    record = pilot.book.ledger.find(PushRecord, PushRecord.create_id(survivor, "2026-1"))
    assert record is not None
    assert record.items.keys() == {second}


def test_right_answers_under_two_records_make_hours_as_they_are_merged(pilot: Pilot) -> None:
    """And none any more once they are parted; whichever answers next, no answer counts twice."""
    one, other, _ = pilot.learners
    sent = [push(pilot, number) for number in range(12)]
    for item in sent[:3]:
        answer(pilot, item, other)
    for item in sent[3:5]:
        answer(pilot, item, one)
    assert balance(pilot, one) == 0
    signed_by_two(pilot, merge_of(one, other))
    assert balance(pilot, one) == 50
    for item in sent[5:10]:
        answer(pilot, item, one)
    assert balance(pilot, one) == 100

    signed_by_two(pilot, parting(one, other))

    assert (balance(pilot, one), balance(pilot, other)) == (50, 0)  # seven of one, three of other
    for item in sent[10:]:
        answer(pilot, item, other)
    assert (balance(pilot, one), balance(pilot, other)) == (50, 50)
    signed_by_two(pilot, merge_of(one, other))
    assert (balance(pilot, one), balance(pilot, other)) == (100, 0)


def test_what_is_left_over_under_two_records_makes_hours_at_the_next_answer(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    for number in range(4):
        answer(pilot, push(pilot, number), (one, other)[number % 2])
    signed_by_two(pilot, merge_of(one, other))
    assert balance(pilot, one) == 0
    answer(pilot, push(pilot, 4), one)
    for record in (one, other):
        pilot.book.earning.of_pushes(PushRecord.create_id(record, "2026-1"), LATER, uuid4())
    account = pilot.book.ledger.find(Account, Account.create_id(one))
    assert account is not None
    assert [(line.hours, len(line.item_ids)) for line in account.standing] == [(50, 5)]
