"""What was under a record before it was merged: corrected, studied and disputed after the merge."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.attendance import AlreadyCheckedIn, Attendance
from domain.correction import ExternalOrder, NothingToCorrect
from domain.envelope import Role
from domain.identity import attendance_id
from domain.push import PushRecord
from domain.rules import ReversalReason
from domain.studying import MicroClassCompletion
from tests.acting import STARTS, Pilot, envelope
from tests.ledger.evenings import balance, open_session, wish
from tests.ledger.merging import evening, merge_of, parting, signed_by_two
from tests.ledger.studies import LATER, answer, complete, confirm, enter, micro_class, push, whole
from tests.ledger.test_corrections import corrected, was_not_there, was_there
from tests.ledger_evening import hold


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


def test_a_micro_class_that_both_had_completed_is_both_s_again_after_the_unmerge(
    pilot: Pilot,
) -> None:
    one, other, _ = pilot.learners
    watched = micro_class(pilot)
    complete(pilot, watched, one)
    complete(pilot, watched, other)
    signed_by_two(pilot, merge_of(one, other))
    assert (balance(pilot, one), balance(pilot, other)) == (200, 0)

    signed_by_two(pilot, parting(one, other))

    assert (balance(pilot, one), balance(pilot, other)) == (200, 200)


def test_studies_that_are_credited_after_the_merge_go_back_with_their_record(pilot: Pilot) -> None:
    """They were done before it; the worker came late."""
    one, other, _ = pilot.learners
    sent, watched = [push(pilot, number) for number in range(5)], micro_class(pilot)
    by = envelope(LATER, Role.PARENT, other)
    pilot.book.micro_classes.complete(watched, other, whole(pilot, watched, other), by)
    for item in sent:
        pilot.book.pushes.answer(item, other, 0, envelope(LATER, Role.PARENT, other))
    signed_by_two(pilot, merge_of(one, other))
    done = MicroClassCompletion.create_id(watched, other, 2026)
    pilot.book.earning.of_micro_class(done, LATER, uuid4())
    pilot.book.earning.of_pushes(PushRecord.create_id(other, "2026-1"), LATER, uuid4())
    assert balance(pilot, one) == 250

    signed_by_two(pilot, parting(one, other))

    assert (balance(pilot, one), balance(pilot, other)) == (0, 250)


def test_an_unmerge_gives_nobody_the_hours_of_a_third_record(pilot: Pilot) -> None:
    """The third one was merged into the second one by mistake, then into the first one."""
    one, other, third = pilot.learners
    evening(pilot, 1, [one])
    evening(pilot, 2, [other])
    evening(pilot, 3, [other])
    evening(pilot, 4, [third])
    signed_by_two(pilot, merge_of(other, third))
    signed_by_two(pilot, parting(other, third))
    signed_by_two(pilot, merge_of(one, third))
    signed_by_two(pilot, merge_of(one, other))
    assert [balance(pilot, each) for each in pilot.learners] == [800, 0, 0]

    signed_by_two(pilot, parting(one, other))

    assert [balance(pilot, each) for each in pilot.learners] == [400, 400, 0]


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


def test_who_came_in_under_a_record_that_was_merged_is_in(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    open_session(pilot)
    first = wish(pilot, other)
    pilot.book.attendances.check_in(first)
    signed_by_two(pilot, merge_of(one, other))

    again = pilot.book.attendances.check_in(first)
    with pytest.raises(AlreadyCheckedIn):
        pilot.book.attendances.check_in(wish(pilot, one, minutes=5))

    assert again.checked_in_at == STARTS
    assert len(pilot.book.sessions.attendance_ids(pilot.session_id)) == 1


def test_an_evening_under_a_record_that_was_merged_is_corrected_and_not_held_twice(
    pilot: Pilot,
) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [other])
    signed_by_two(pilot, merge_of(one, other))

    with pytest.raises(NothingToCorrect):
        corrected(pilot, was_there(pilot, one, 0, 80))
    corrected(pilot, was_there(pilot, one, 0, 45))
    assert balance(pilot, one) == 100
    corrected(pilot, was_not_there(pilot, one))
    assert balance(pilot, one) == 0

    assert len(pilot.book.sessions.attendance_ids(pilot.session_id)) == 1
    assert pilot.book.attendances.of_person(pilot.session_id, one) is not None


def test_of_two_records_that_both_came_the_one_that_is_named_is_corrected(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    signed_by_two(pilot, merge_of(one, other))

    corrected(pilot, was_not_there(pilot, other))

    kept, gone = (
        pilot.book.ledger.find(Attendance, attendance_id(pilot.session_id, each))
        for each in (one, other)
    )
    assert kept is not None
    assert gone is not None
    assert (kept.corrections, gone.corrections) == (0, 1)
