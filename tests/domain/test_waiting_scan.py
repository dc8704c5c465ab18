"""A scan that came too late waits, is decided once, and counts only for the time of its session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.envelope import Role
from domain.session import Session
from domain.session_refusals import CheckInClosed, SessionNotOpen
from domain.waiting_scan import (
    NobodyToTake,
    ScanRefusal,
    WaitingScan,
    WaitingScanDecided,
    Way,
    must_take_late,
)
from tests.domain.given import CHEN, EVENING, news
from tests.domain.refusing import refused
from tests.domain.sessions import DOOR, ENDS, at, attested, closed, counted, opened, scheduled

OPENS = EVENING - timedelta(minutes=30)


def waiting(learner_id: UUID | None = CHEN) -> WaitingScan:
    return WaitingScan(
        session_id=uuid4(),
        school_code="4401040001",
        scan_id=uuid4(),
        way=Way.IN,
        scanned_at=EVENING,
        reason_code="session_not_open",
        learner_id=learner_id,
        envelope=at(200),
    )


def test_what_waits_carries_ids_a_time_and_a_code_and_nothing_more() -> None:
    [event] = news(waiting())
    assert isinstance(event, WaitingScan.Kept)
    assert set(type(event).model_fields) - {
        "originator_id", "originator_version", "originator_topic", "timestamp", "envelope",
    } == {
        "session_id", "school_code", "scan_id", "way", "scanned_at", "reason_code", "learner_id",
    }  # fmt: skip


def test_a_scan_is_taken_once_and_not_turned_down_afterwards() -> None:
    scan = waiting()
    assert scan.take(at(210)) == CHEN
    scan.take(at(211))
    assert [type(event) for event in news(scan)] == [WaitingScan.Kept, WaitingScan.Taken]
    with refused(WaitingScanDecided, is_taken=True):
        scan.turn_down(ScanRefusal.NOT_PRESENT, at(212))


def test_a_scan_is_turned_down_once_and_not_taken_afterwards() -> None:
    scan = waiting()
    for minute in (210, 211):
        scan.turn_down(ScanRefusal.WRONG_PERSON, at(minute))
    kinds = [type(event) for event in news(scan)]
    assert kinds == [WaitingScan.Kept, WaitingScan.TurnedDown]
    with refused(WaitingScanDecided, is_taken=False):
        scan.take(at(212))


def test_a_code_that_names_nobody_is_nobody_s_attendance() -> None:
    scan = waiting(None)
    with refused(NobodyToTake):
        scan.take(at(210))
    scan.turn_down(ScanRefusal.CODE_NOT_VALID, at(210))
    assert scan.is_taken is False


def closed_early() -> Session:
    session = opened()
    session.close(at(40))
    return session


@pytest.mark.parametrize(
    ("stands", "minutes", "until"),
    [
        (opened, 79, None),
        (closed, 79, None),
        (closed, -30, None),
        (closed, -30.1, ENDS),
        (closed, 80, ENDS),
        (opened, 80, ENDS),
        (closed_early, 39, None),
        (closed_early, 40, EVENING + timedelta(minutes=40)),
    ],
)
def test_a_late_scan_is_of_the_time_of_its_session(
    stands: Callable[[], Session], minutes: float, until: object
) -> None:
    scanned_at = EVENING + timedelta(minutes=minutes)
    if until is None:
        must_take_late(stands(), scanned_at, DOOR)
    else:
        with refused(CheckInClosed, opens_at=OPENS, closes_at=until):
            must_take_late(stands(), scanned_at, DOOR)


def test_nothing_is_added_once_somebody_has_attested() -> None:
    half = counted()
    half.attest(Role.HOST, "attestation/1", 10, at(82))
    for session, stands in ((half, "closed"), (attested(), "attested"), (scheduled(), "scheduled")):
        with refused(SessionNotOpen, stands=stands):
            must_take_late(session, EVENING, DOOR)
