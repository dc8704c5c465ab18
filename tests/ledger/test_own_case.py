"""Staff who are parents decide nothing about themselves, under whichever of their records."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.correction import State
from domain.envelope import Actor, Channel, Role
from domain.staff import OwnCase
from ledger.check_in import CheckIn
from ledger.exams_on_paper import PaperResult
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_corrections import COORDINATOR, OFFICER, corrected, void, was_there
from tests.ledger.test_exams import publish
from tests.ledger_evening import HOST, attend, hold


@pytest.fixture
def teacher(pilot: Pilot) -> Pilot:
    """The host is a parent too, once recorded as one person and once as another."""
    one, other, _ = pilot.learners
    pilot.book.registry.register_staff(HOST, envelope(), other)
    signed_by_two(pilot, merge_of(one, other))
    return pilot


def test_a_merged_record_is_still_ones_own(teacher: Pilot) -> None:
    one, other, third = teacher.learners
    assert set(teacher.book.learners.own_records(HOST)) == {one, other}
    assert teacher.book.learners.own_records(third) == []


def test_nobody_enters_themselves_under_the_other_record(teacher: Pilot) -> None:
    host = envelope(STARTS - timedelta(minutes=20), Role.HOST, HOST)
    teacher.book.sessions.open(teacher.session_id, host)
    by_hand = CheckIn(
        session_id=teacher.session_id, learner_id=teacher.learners[0], scan_id=uuid4(),
        channel=Channel.STAFF_ENTRY, actor=Actor(id=HOST, role=Role.HOST, organisation=SCHOOL),
        at=STARTS, now=STARTS,
    )  # fmt: skip
    with pytest.raises(OwnCase):
        teacher.book.attendances.check_in(by_hand)


def test_nobody_attests_an_evening_they_were_at_under_the_other_record(teacher: Pilot) -> None:
    sessions, session_id = teacher.book.sessions, teacher.session_id
    sessions.open(session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST, HOST))
    attend(teacher, teacher.learners[0])
    sessions.close(session_id, envelope(ENDS, Role.HOST, HOST))
    sessions.count_heads(session_id, 1, None, envelope(ENDS, Role.HOST, HOST))
    with pytest.raises(OwnCase):
        sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))


def test_nobody_types_their_own_result_under_the_other_record(teacher: Pilot) -> None:
    one = teacher.learners[0]
    by = envelope(ENDS, Role.COORDINATOR, HOST)
    refused = teacher.book.exams.enter_results(publish(teacher), [PaperResult(one, 80)], by)
    assert isinstance(refused[one], OwnCase)


def test_nobody_puts_their_own_attendance_right(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    pilot.book.registry.register_staff(COORDINATOR, envelope(), chen)
    for order in (was_there(pilot, chen, 0, 45), void(pilot)):
        with pytest.raises(OwnCase):
            corrected(pilot, order)


def test_nobody_refuses_what_would_take_their_own_hours(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    waiting = corrected(pilot, void(pilot))
    pilot.book.registry.register_staff(OFFICER, envelope(), chen)

    with pytest.raises(OwnCase):
        pilot.book.corrections.refuse(waiting.id, "not_founded", envelope(actor_id=OFFICER))
    assert pilot.book.corrections.get(waiting.id).state is State.WAITING
