"""Leave asked for, noted and decided; and the ways to make up that it opens."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from domain.account import Account
from domain.course import Course
from domain.envelope import Envelope, Role
from domain.learner import UnknownLearner
from domain.leave import LeaveCategory, LeaveNotRequested, LeavePostedTooLate, LeaveTooLate
from domain.make_up import MakeUpReason
from domain.making_up import MakeUpNotDue
from domain.session_refusals import NotInvited, UnknownSession
from domain.staff import OwnCase
from domain.studying import MicroClassCompletion
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.ledger.evenings import balance, hold
from tests.ledger.making_up import (
    ELSEWHERE,
    TITLE,
    assign,
    attend_later,
    elsewhere,
    granted,
    next_run,
)
from tests.ledger.studies import LATER, micro_class, whole

WORK, LEAVE = LeaveCategory.WORK, MakeUpReason.LEAVE


def parent(pilot: Pilot, days: int = -1) -> Envelope:
    return envelope(STARTS + timedelta(days=days), Role.PARENT, pilot.learners[0])


def test_a_parent_asks_and_the_class_teacher_decides(pilot: Pilot) -> None:
    learner = granted(pilot)
    position = pilot.book.ledger.position()
    pilot.book.leaves.request(pilot.session_id, learner, WORK, parent(pilot))
    pilot.book.leaves.grant(pilot.session_id, learner, envelope())
    assert pilot.book.ledger.position() == position


def test_leave_on_paper_is_granted_with_it(pilot: Pilot) -> None:
    pilot.book.leaves.note(pilot.session_id, pilot.learners[1], WORK, envelope())
    position = pilot.book.ledger.position()
    pilot.book.leaves.grant(pilot.session_id, pilot.learners[1], envelope())
    assert pilot.book.ledger.position() == position


@pytest.mark.parametrize("day", [7, 8])
def test_leave_on_paper_is_noted_while_late_posting_lasts(pilot: Pilot, day: int) -> None:
    """Two weeks after the term, as a sheet; what was asked for by then is granted later too."""
    leaves, learner, eve = pilot.book.leaves, pilot.learners[1], (STARTS - timedelta(days=1)).date()
    leaves.request(pilot.session_id, pilot.learners[0], WORK, parent(pilot))
    late = envelope(datetime.fromisoformat(f"2027-03-0{day}T12:00:00+08:00"))
    if day == 7:
        leaves.note(pilot.session_id, learner, WORK, late, eve)
    else:
        with pytest.raises(LeavePostedTooLate) as refusal:
            leaves.note(pilot.session_id, learner, WORK, late, eve)
        assert refusal.value.facts == {"last_day": date(2027, 3, 7)}
    leaves.note(pilot.session_id, pilot.learners[0], WORK, late, eve)


def test_leave_is_asked_for_in_time_by_who_is_invited(pilot: Pilot) -> None:
    leaves, learner = pilot.book.leaves, pilot.learners[0]
    with pytest.raises(LeaveTooLate):
        leaves.request(pilot.session_id, learner, WORK, parent(pilot, 1))
    with pytest.raises(UnknownLearner):
        leaves.request(pilot.session_id, uuid4(), WORK, parent(pilot))
    other = next_run(pilot, title="别的课", grades=("六年级",))
    with pytest.raises(NotInvited):
        leaves.request(other, learner, WORK, parent(pilot))
    with pytest.raises(LeaveNotRequested):
        leaves.turn_down(pilot.session_id, learner, envelope())


def test_nobody_decides_their_own_leave_or_make_up(pilot: Pilot) -> None:
    own, teacher = pilot.learners[0], uuid4()
    pilot.book.registry.register_staff(teacher, envelope(), learner_id=own)
    pilot.book.leaves.request(pilot.session_id, own, WORK, parent(pilot))
    mine = envelope(actor_id=teacher)
    for decide in (pilot.book.leaves.grant, pilot.book.leaves.turn_down):
        with pytest.raises(OwnCase):
            decide(pilot.session_id, own, mine)
    with pytest.raises(OwnCase):
        pilot.book.leaves.note(pilot.session_id, own, WORK, mine)
    with pytest.raises(OwnCase):
        pilot.book.make_ups.assign(pilot.session_id, own, uuid4(), LEAVE, mine)


def test_missing_a_session_with_leave_costs_nothing(pilot: Pilot) -> None:
    learner = granted(pilot)
    hold(pilot, pilot.learners[1:])
    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())
    assert balance(pilot, learner) == 0


def test_a_run_at_another_school_lets_the_learner_in_and_counts_for_the_missed_course(
    pilot: Pilot,
) -> None:
    learner, other = granted(pilot), elsewhere(pilot)
    hold(pilot, pilot.learners[1:])
    assign(pilot, other)

    attend_later(pilot, other)

    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    [line] = account.standing
    assert (line.hours, line.source_kind) == (200, "make_up")
    assert line.course_id == Course.create_id(SCHOOL, TITLE)
    assert line.school_code == ELSEWHERE
    made = pilot.book.make_ups.of(learner)
    assert made is not None
    assert made.completed == {other}


def test_without_a_make_up_the_door_of_another_school_stays_shut(pilot: Pilot) -> None:
    other = elsewhere(pilot)
    with pytest.raises(NotInvited):
        attend_later(pilot, other)


def test_a_make_up_needs_a_reason_a_way_and_somebody_invited(pilot: Pilot) -> None:
    other = next_run(pilot)
    with pytest.raises(MakeUpNotDue):
        assign(pilot, other)
    granted(pilot)
    with pytest.raises(UnknownSession):
        assign(pilot, uuid4())
    for stranger, refusal in ((uuid4(), UnknownLearner),):
        with pytest.raises(refusal):
            pilot.book.make_ups.assign(pilot.session_id, stranger, other, LEAVE, envelope())
    assign(pilot, other)


def test_a_cancelled_session_is_made_up_for_by_its_recording(pilot: Pilot) -> None:
    learner = pilot.learners[0]
    pilot.book.sessions.cancel(pilot.session_id, "speaker_ill", envelope())
    recording = micro_class(pilot, TITLE, grades=("六年级",))
    with pytest.raises(NotInvited):
        pilot.book.micro_classes.offered_to(recording, learner)
    assign(pilot, recording, MakeUpReason.CANCELLED)
    by = envelope(LATER, Role.PARENT, learner)

    pilot.book.micro_classes.complete(recording, learner, whole(pilot, recording, learner), by)

    completion = MicroClassCompletion.create_id(recording, learner, 2026)
    pilot.book.earning.of_micro_class(completion, LATER, uuid4())
    assert balance(pilot, learner) == 200
    made = pilot.book.make_ups.of(learner)
    assert made is not None
    assert made.completed == {recording}
