"""Corrections: what is previewed is what happens, or nothing does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.attendance import Attendance, Stay, StayMalformed
from domain.correction import (
    AttendanceOrder,
    Correction,
    CorrectionDecided,
    NeedsSecondPerson,
    NothingToCorrect,
    NotTheProposer,
    Order,
    PreviewOutdated,
    Second,
    SessionVoidOrder,
    State,
    UnknownCorrection,
)
from domain.effects import Effects
from domain.envelope import Role
from domain.identity import attendance_id
from domain.learner import Learner
from domain.rules import ReversalReason
from domain.session_refusals import NotInvited, SessionState
from domain.standing import Standing
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.evenings import balance
from tests.ledger_evening import hold

ERROR = ReversalReason.ENTRY_ERROR
LATER = ENDS + timedelta(days=3)
COORDINATOR, COLLEAGUE, OFFICER = uuid4(), uuid4(), uuid4()


def was_there(pilot: Pilot, learner: UUID, first: int, last: int) -> AttendanceOrder:
    stay = Stay(begins=STARTS + timedelta(minutes=first), ends=STARTS + timedelta(minutes=last))
    return AttendanceOrder(
        session_id=pilot.session_id, learner_id=learner, stay=stay, reason_code=ERROR
    )


def was_not_there(pilot: Pilot, learner: UUID) -> AttendanceOrder:
    return AttendanceOrder(
        session_id=pilot.session_id, learner_id=learner, reason_code=ReversalReason.NOT_PRESENT
    )


def void(pilot: Pilot) -> SessionVoidOrder:
    return SessionVoidOrder(session_id=pilot.session_id, reason_code=ReversalReason.SESSION_VOIDED)


def corrected(pilot: Pilot, order: Order) -> Correction:
    """Preview and sign, as the page does."""
    by = envelope(LATER, actor_id=COORDINATOR)
    preview = pilot.book.corrections.preview(order, by)
    return pilot.book.corrections.propose(order, preview.sha256, by)


def previewed(pilot: Pilot, order: Order) -> Effects:
    return pilot.book.corrections.preview(order, envelope(LATER)).effects


def test_hours_of_a_shorter_stay_are_reversed_whole_and_awarded_again(pilot: Pilot) -> None:
    chen, lin, _ = pilot.learners
    hold(pilot, [chen, lin])

    correction = corrected(pilot, was_there(pilot, chen, 0, 45))

    assert correction.state is State.APPLIED
    assert (balance(pilot, chen), balance(pilot, lin)) == (100, 200)
    account = pilot.book.ledger.find(Account, Account.create_id(chen))
    assert account is not None
    assert len(account.reversed) == len(account.credits) == 1


def test_the_preview_names_every_change_and_records_nothing(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    before = pilot.book.ledger.position()

    [change] = previewed(pilot, was_there(pilot, chen, 0, 45)).changes

    assert (change.learner_id, change.hours_before, change.hours_after) == (chen, 200, 100)
    assert [(each.what, each.hours) for each in change.effects] == [
        ("reversed", -200),
        ("awarded", 100),
    ]
    assert change.loses
    assert pilot.book.ledger.position() == before


def test_whoever_was_not_there_has_no_hours(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])

    corrected(pilot, was_not_there(pilot, chen))

    assert balance(pilot, chen) == 0
    attendance = pilot.book.ledger.find(Attendance, attendance_id(pilot.session_id, chen))
    assert attendance is not None
    assert attendance.assessment == ("none", 0)
    with pytest.raises(NothingToCorrect):
        corrected(pilot, was_not_there(pilot, chen))


def test_whoever_was_forgotten_is_entered_late_and_credited(pilot: Pilot) -> None:
    chen, lin, _ = pilot.learners
    hold(pilot, [chen])

    corrected(pilot, was_there(pilot, lin, 0, 80))

    assert balance(pilot, lin) == 200
    with pytest.raises(NothingToCorrect):
        corrected(pilot, was_there(pilot, lin, 0, 80))


def test_the_award_run_that_comes_again_changes_nothing_of_it(pilot: Pilot) -> None:
    chen, lin, _ = pilot.learners
    hold(pilot, [chen, lin])
    corrected(pilot, was_there(pilot, chen, 0, 45))
    corrected(pilot, was_not_there(pilot, lin))
    before = pilot.book.ledger.position()

    pilot.book.awards.run(pilot.session_id, LATER, uuid4())

    assert pilot.book.ledger.position() == before


def test_a_stay_of_no_time_or_outside_the_session_is_refused(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    for first, last in ((10, 10), (20, 10), (90, 100), (-60, -30)):
        with pytest.raises(StayMalformed):
            previewed(pilot, was_there(pilot, chen, first, last))


def test_nobody_is_entered_late_who_was_not_invited(pilot: Pilot) -> None:
    hold(pilot, [])
    stranger = uuid4()
    pilot.book.ledger.commit(uuid4(), lambda: [registered(stranger)])
    with pytest.raises(NotInvited):
        previewed(pilot, was_there(pilot, stranger, 0, 80))
    with pytest.raises(NothingToCorrect):
        previewed(pilot, was_not_there(pilot, pilot.learners[0]))


def registered(learner_id: UUID) -> Learner:
    return Learner(id=learner_id, name_commitment="", envelope=envelope())


def test_an_attendance_is_corrected_when_its_session_is_over(pilot: Pilot) -> None:
    with pytest.raises(SessionState):
        previewed(pilot, was_there(pilot, pilot.learners[0], 0, 80))


def test_before_the_attestation_only_the_fact_is_put_right(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    sessions = pilot.book.sessions
    sessions.open(pilot.session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST))
    sessions.close(pilot.session_id, envelope(ENDS, Role.HOST))

    corrected(pilot, was_there(pilot, chen, 0, 80))

    assert balance(pilot, chen) == 0
    assert sessions.attendance_ids(pilot.session_id) == [attendance_id(pilot.session_id, chen)]


def test_a_voided_session_waits_for_the_district_and_then_counts_for_nobody(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:2])
    corrections = pilot.book.corrections

    waiting = corrected(pilot, void(pilot))

    assert (waiting.state, waiting.second) == (State.WAITING, Second.DISTRICT)
    assert balance(pilot, pilot.learners[0]) == 200
    with pytest.raises(NeedsSecondPerson):
        corrections.approve(waiting.id, waiting.sha256, envelope(LATER, actor_id=COORDINATOR))
    by = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
    corrections.approve(waiting.id, waiting.sha256, by)
    assert corrections.approve(waiting.id, waiting.sha256, by).state is State.APPLIED
    assert [balance(pilot, learner) for learner in pilot.learners] == [0, 0, 0]
    assert pilot.book.sessions.get(pilot.session_id).standing is Standing.VOIDED
    with pytest.raises(SessionState):
        previewed(pilot, void(pilot))
    with pytest.raises(CorrectionDecided):
        corrections.approve(waiting.id, waiting.sha256, envelope(LATER))


def test_what_changed_after_the_preview_is_not_signed(pilot: Pilot) -> None:
    chen, lin, _ = pilot.learners
    hold(pilot, [chen, lin])
    waiting = corrected(pilot, void(pilot))
    corrected(pilot, was_there(pilot, chen, 0, 45))
    before = pilot.book.ledger.position()

    with pytest.raises(PreviewOutdated):
        pilot.book.corrections.approve(
            waiting.id, waiting.sha256, envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
        )

    assert pilot.book.ledger.position() == before
    order = was_there(pilot, lin, 0, 45)
    with pytest.raises(PreviewOutdated):
        pilot.book.corrections.propose(order, "0" * 64, envelope(LATER))
    with pytest.raises(PreviewOutdated):
        pilot.book.corrections.approve(waiting.id, "0" * 64, envelope(LATER))


def test_a_proposal_is_refused_by_another_or_taken_back(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:1])
    corrections = pilot.book.corrections
    first, second = corrected(pilot, void(pilot)), corrected(pilot, void(pilot))

    with pytest.raises(NeedsSecondPerson):
        corrections.refuse(first.id, "not_founded", envelope(LATER, actor_id=COORDINATOR))
    with pytest.raises(NotTheProposer):
        corrections.withdraw(first.id, envelope(LATER, actor_id=OFFICER))
    corrections.refuse(first.id, "not_founded", envelope(LATER, actor_id=OFFICER))
    corrections.withdraw(second.id, envelope(LATER, actor_id=COORDINATOR))

    for each, state in ((first, State.REFUSED), (second, State.WITHDRAWN)):
        assert corrections.get(each.id).state is state
        with pytest.raises(CorrectionDecided):
            corrections.withdraw(each.id, envelope(LATER))
    with pytest.raises(UnknownCorrection):
        corrections.get(uuid4())


def test_a_proposal_sent_twice_is_one(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    order, by = was_there(pilot, chen, 0, 45), envelope(LATER)
    sha256 = pilot.book.corrections.preview(order, by).sha256
    first = pilot.book.corrections.propose(order, sha256, by)

    assert pilot.book.corrections.propose(order, sha256, by).id == first.id
    assert balance(pilot, chen) == 100


def test_what_cannot_be_done_any_more_can_still_be_refused(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[:1])
    corrections = pilot.book.corrections
    first, second = corrected(pilot, void(pilot)), corrected(pilot, void(pilot))
    corrections.approve(first.id, first.sha256, envelope(LATER, actor_id=OFFICER))

    corrections.refuse(second.id, "not_founded", envelope(LATER, actor_id=OFFICER))

    assert corrections.get(second.id).state is State.REFUSED
