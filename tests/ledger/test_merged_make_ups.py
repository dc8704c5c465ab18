"""Make-ups of a person whose records became one: what one record was assigned, the other takes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.correction import AttendanceOrder, SessionTimesOrder
from domain.course import Course
from domain.crediting import Credit
from domain.envelope import Role
from domain.make_up import MakeUpAssignedOtherwise, MakeUpReason, MakeUpsUsed
from domain.making_up import MakeUpNotDue
from domain.plan import HeldTimes
from domain.rules import ReversalReason
from ledger.check_in import CheckedIn
from ledger.intake import Intake
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.case_acting import account_of
from tests.database import TestDatabase
from tests.ledger.evenings import HOST, wish
from tests.ledger.making_up import (
    TITLE,
    WEEK,
    assign,
    attend_later,
    attest_later,
    elsewhere,
    granted,
    next_run,
)
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.studies import complete, micro_class
from tests.ledger_evening import hold
from tests.receipts import receipt_of


@pytest.fixture
def other_run(pilot: Pilot) -> UUID:
    """The second record missed the evening with leave, and makes up for it at another school."""
    granted(pilot, 1)
    hold(pilot, pilot.learners[2:])
    made_by = elsewhere(pilot)
    assign(pilot, made_by, number=1)
    return made_by


def become_one(pilot: Pilot) -> UUID:
    """The record that speaks from now on."""
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    return one


def only_line(pilot: Pilot, learner: UUID) -> Credit:
    [line] = account_of(pilot.book, learner).standing
    return line


def is_made_up(pilot: Pilot, learner: UUID) -> bool:
    line = only_line(pilot, learner)
    return (line.source_kind, line.course_id) == ("make_up", Course.create_id(SCHOOL, TITLE))


def test_what_was_made_up_for_before_the_merge_is_credited_as_that_after_it(
    pilot: Pilot, other_run: UUID
) -> None:
    attest_later(pilot, other_run, 1)
    one = become_one(pilot)

    pilot.book.awards.run(other_run, ENDS + WEEK, uuid4())

    assert is_made_up(pilot, one)
    assert completed(pilot, pilot.learners[1]) == {other_run}


def completed(pilot: Pilot, learner: UUID) -> set[UUID]:
    made = pilot.book.make_ups.of(learner)
    return made.completed if made else set()


def test_a_corrected_session_stays_what_was_made_up_for(pilot: Pilot, other_run: UUID) -> None:
    attend_later(pilot, other_run, 1)
    one = become_one(pilot)
    assert is_made_up(pilot, one)

    session = pilot.book.sessions.get(other_run)
    assert session.opened_at
    assert session.closed_at
    times = HeldTimes(opened_at=session.opened_at, closed_at=session.closed_at, class_hours=100)
    order = SessionTimesOrder(
        session_id=other_run, times=times, reason_code=ReversalReason.ENTRY_ERROR
    )
    corrections, by = pilot.book.corrections, envelope(ENDS + WEEK)
    corrections.propose(order, corrections.preview(order, by).sha256, by)

    assert is_made_up(pilot, one)
    assert only_line(pilot, one).hours == 100


def test_the_record_that_speaks_is_let_in_where_the_other_one_makes_up(
    pilot: Pilot, other_run: UUID
) -> None:
    one = become_one(pilot)
    attend_later(pilot, other_run, 0)
    assert is_made_up(pilot, one)
    assert completed(pilot, pilot.learners[1]) == {other_run}


def test_a_phone_is_let_in_where_the_other_record_makes_up(
    pilot: Pilot, database: TestDatabase, other_run: UUID
) -> None:
    one, book = become_one(pilot), pilot.book
    book.sessions.open(other_run, envelope(STARTS + WEEK, Role.HOST, HOST))
    scan = wish(Pilot(book, pilot.learners, other_run), one, 60 * 24 * 7)

    async def arrive() -> CheckedIn:
        intake = Intake(book.ledger, database.app, book.sessions.door_of, receipt_of)
        await intake.start()
        try:
            return await intake.check_in(scan)
        finally:
            await intake.close()

    assert asyncio.run(arrive()).checked_in_at == STARTS + WEEK


def test_a_session_is_made_up_for_once_whatever_the_record(pilot: Pilot, other_run: UUID) -> None:
    """The leave of the one record is the person's; so is the way that was opened for it."""
    become_one(pilot)
    here = next_run(pilot)
    with pytest.raises(MakeUpAssignedOtherwise):
        assign(pilot, here)
    position = pilot.book.ledger.position()
    assign(pilot, other_run)  # the same way again is no news
    assert pilot.book.ledger.position() == position


def test_leave_of_the_merged_record_opens_a_way(pilot: Pilot) -> None:
    granted(pilot, 1)
    hold(pilot, pilot.learners[2:])
    one = become_one(pilot)
    here = next_run(pilot)
    assign(pilot, here)
    attend_later(pilot, here)
    assert is_made_up(pilot, one)


def test_who_was_there_under_the_other_record_missed_nothing(pilot: Pilot) -> None:
    granted(pilot, 0)
    hold(pilot, pilot.learners[1:2])
    become_one(pilot)
    with pytest.raises(MakeUpNotDue):
        assign(pilot, next_run(pilot))


def test_a_term_has_its_make_ups_for_the_person(pilot: Pilot) -> None:
    make_up_for_cancelled(pilot, "第一课", 0)
    make_up_for_cancelled(pilot, "第二课", 1)
    become_one(pilot)
    with pytest.raises(MakeUpsUsed):
        make_up_for_cancelled(pilot, "第三课", 0)


def test_a_recording_assigned_to_the_other_record_is_watched_by_the_one_that_speaks(
    pilot: Pilot,
) -> None:
    recording = make_up_for_cancelled(pilot, TITLE, 1)
    one = become_one(pilot)
    complete(pilot, recording, one)
    assert only_line(pilot, one).source_kind == "make_up"
    assert completed(pilot, pilot.learners[1]) == {recording}


def make_up_for_cancelled(pilot: Pilot, title: str, number: int) -> UUID:
    """A session that does not take place, and its recording, meant for another grade."""
    missed = Pilot(pilot.book, pilot.learners, next_run(pilot, title=title))
    pilot.book.sessions.cancel(missed.session_id, "speaker_ill", envelope())
    recording = micro_class(pilot, title, grades=("六年级",))
    assign(missed, recording, MakeUpReason.CANCELLED, number)
    return recording


def test_who_was_tapped_by_mistake_may_make_up(pilot: Pilot) -> None:
    learner = granted(pilot)
    hold(pilot, pilot.learners)  # the first one was tapped for somebody else
    order = AttendanceOrder(
        session_id=pilot.session_id,
        learner_id=learner,
        stay=None,
        reason_code=ReversalReason.WRONG_PERSON,
    )
    corrections, by = pilot.book.corrections, envelope(ENDS + timedelta(days=1), Role.COORDINATOR)
    corrections.propose(order, corrections.preview(order, by).sha256, by)

    assign(pilot, next_run(pilot))

    assert pilot.book.make_ups.of(learner) is not None
