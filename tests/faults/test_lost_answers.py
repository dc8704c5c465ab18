"""The database recorded it and its answer was lost: never a wrong answer, never a second fact."""

from __future__ import annotations

from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

import ledger.store
from domain.envelope import Role
from domain.session import Session
from ledger.batch import Batch
from ledger.rows import Row
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.faults.cutting import Cut, CuttingProxy
from tests.ledger.evenings import HOST, balance, hold, open_session, wish

LOSSES = 50


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wire is whole again at once: nothing is gained by waiting before the second attempt."""
    monkeypatch.setattr(ledger.store, "SECONDS_BETWEEN", 0.0)


def test_every_lost_answer_of_a_save_is_found_again(cut_pilot: Pilot, wire: CuttingProxy) -> None:
    store, keys = cut_pilot.book.ledger.store, [uuid4() for _ in range(LOSSES)]
    positions: list[int] = []
    for key in keys:
        wire.cut_next(b"test.happened", Cut.ANSWER)
        positions += store.insert_events([StoredEvent(key, 1, "test.happened", b"{}")]) or []

    assert wire.cuts == LOSSES
    assert len(set(positions)) == LOSSES
    assert positions == sorted(positions)
    assert all(len(store.select_events(key)) == 1 for key in keys)


def test_every_lost_request_of_a_save_is_made_again(cut_pilot: Pilot, wire: CuttingProxy) -> None:
    store, keys = cut_pilot.book.ledger.store, [uuid4() for _ in range(10)]
    for key in keys:
        wire.cut_next(b"test.happened", Cut.REQUEST)
        assert store.insert_events([StoredEvent(key, 1, "test.happened", b"{}")])

    assert wire.cuts == 10
    assert all(len(store.select_events(key)) == 1 for key in keys)


@pytest.mark.parametrize("cut", list(Cut))
def test_a_batch_on_its_way_is_found_or_sent_again(
    cut_pilot: Pilot, wire: CuttingProxy, cut: Cut
) -> None:
    store, keys = cut_pilot.book.ledger.store, [uuid4() for _ in range(10)]
    positions: list[int] = []
    for key in keys:
        wire.cut_next(b"test.happened", cut)
        [outcome] = store.begin(Batch([[Row(key, 1, "test.happened", b"{}")]])).outcomes()
        assert isinstance(outcome, list)
        positions += outcome

    assert wire.cuts == 10
    assert positions == sorted(set(positions))
    assert all(len(store.select_events(key)) == 1 for key in keys)


def test_a_whole_evening_of_lost_answers_is_the_same_evening(
    cut_pilot: Pilot, wire: CuttingProxy
) -> None:
    wire.cut_next(b"session.opened", Cut.ANSWER)
    open_session(cut_pilot)
    learners = cut_pilot.learners
    for learner in learners:
        wire.cut_next(b"attendance.checked_in", Cut.ANSWER)
        assert cut_pilot.book.attendances.check_in(wish(cut_pilot, learner)).position
    assert wire.cuts == 1 + len(learners)

    [opened] = [
        event
        for event in cut_pilot.book.ledger.store.select_events(cut_pilot.session_id)
        if event.topic == Session.Opened.TOPIC
    ]
    assert SCHOOL.encode() in opened.state


def test_a_lost_answer_of_an_award_run_credits_once(cut_pilot: Pilot, wire: CuttingProxy) -> None:
    hold(cut_pilot, cut_pilot.learners)
    wire.cut_next(b"account.credit_awarded", Cut.ANSWER)

    cut_pilot.book.awards.run(cut_pilot.session_id, ENDS, uuid4())

    assert wire.cuts == 1
    assert [balance(cut_pilot, learner) for learner in cut_pilot.learners] == [200] * 3


def test_connections_that_are_cut_between_two_commands_are_replaced(
    cut_pilot: Pilot, wire: CuttingProxy
) -> None:
    open_session(cut_pilot)
    for number, learner in enumerate(cut_pilot.learners):
        wire.cut_all()
        answer = cut_pilot.book.attendances.check_in(wish(cut_pilot, learner, minutes=number))
        assert answer.checked_in_at >= STARTS
    wire.cut_all()
    cut_pilot.book.sessions.close(cut_pilot.session_id, envelope(ENDS, Role.HOST, HOST))
    assert len(cut_pilot.book.sessions.attendance_ids(cut_pilot.session_id)) == 3
