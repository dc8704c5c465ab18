"""A late scan waits in its session's inbox, and counts at its own time when it is taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.attendance import AlreadyCheckedIn, Attendance, NotCheckedIn
from domain.envelope import Channel, Envelope, Role
from domain.identity import attendance_id
from domain.session_refusals import CheckInClosed, SessionNotOpen, UnknownSession
from domain.staff import OwnCase
from domain.waiting_scan import (
    NobodyToTake,
    ScanRefusal,
    WaitingScanDecided,
    WaitingScanUnknown,
    Way,
)
from ledger.waiting_scans import RefusedScan
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope

LATER = ENDS + timedelta(hours=2)
SCANNED = STARTS + timedelta(minutes=5)


@pytest.fixture
def over(pilot: Pilot) -> Pilot:
    """The session was open, and is closed."""
    sessions = pilot.book.sessions
    sessions.open(pilot.session_id, envelope(STARTS - timedelta(minutes=10)))
    sessions.close(pilot.session_id, envelope(ENDS))
    return pilot


def kept(pilot: Pilot, learner_id: UUID | None, way: Way = Way.IN, at: datetime = SCANNED) -> UUID:
    scan_id = uuid4()
    scan = RefusedScan(pilot.session_id, scan_id, way, at, "session_not_open", learner_id)
    pilot.book.waiting_scans.keep(scan, envelope(LATER, channel=Channel.STAFF_SCAN))
    return scan_id


def take(pilot: Pilot, scan_id: UUID, by: Envelope | None = None) -> None:
    pilot.book.waiting_scans.take(pilot.session_id, scan_id, by or envelope(LATER))


def attendance(pilot: Pilot, learner_id: UUID) -> Attendance | None:
    return pilot.book.ledger.find(Attendance, attendance_id(pilot.session_id, learner_id))


def test_a_scan_that_is_uploaded_twice_waits_once(over: Pilot) -> None:
    scan = RefusedScan(over.session_id, uuid4(), Way.IN, SCANNED, "not_invited", None)
    first = over.book.waiting_scans.keep(scan, envelope(LATER))
    assert over.book.waiting_scans.keep(scan, envelope(LATER)) == first


def test_a_scan_that_is_taken_counts_at_its_own_time(over: Pilot) -> None:
    learner = over.learners[0]
    scan_id = kept(over, learner)

    take(over, scan_id)

    found = attendance(over, learner)
    assert found is not None
    assert (found.checked_in_at, found.scan_id) == (SCANNED, scan_id)
    position = over.book.ledger.position()
    take(over, scan_id)
    assert over.book.ledger.position() == position


def test_a_check_out_that_waited_is_one_of_its_own_time(over: Pilot) -> None:
    learner, left = over.learners[0], ENDS - timedelta(minutes=3)
    out = kept(over, learner, Way.OUT, left)
    with pytest.raises(NotCheckedIn):
        take(over, out)
    take(over, kept(over, learner))

    take(over, out)

    found = attendance(over, learner)
    assert found is not None
    assert found.checked_out_at == left


def test_a_scan_that_is_turned_down_records_no_attendance(over: Pilot) -> None:
    scan_id, inbox = kept(over, over.learners[0]), over.book.waiting_scans
    inbox.turn_down(over.session_id, scan_id, ScanRefusal.NOT_PRESENT, envelope(LATER))

    with pytest.raises(WaitingScanDecided):
        take(over, scan_id)
    assert attendance(over, over.learners[0]) is None


def test_what_the_rules_forbid_is_not_taken_and_still_waits(over: Pilot) -> None:
    with pytest.raises(NobodyToTake):
        take(over, kept(over, None))
    with pytest.raises(CheckInClosed):
        take(over, kept(over, over.learners[0], at=ENDS))
    with pytest.raises(WaitingScanUnknown):
        take(over, uuid4())
    with pytest.raises(UnknownSession):
        over.book.waiting_scans.keep(
            RefusedScan(uuid4(), uuid4(), Way.IN, SCANNED, "not_invited", None), envelope(LATER)
        )


def test_who_came_in_by_another_way_is_not_taken_a_second_time(over: Pilot) -> None:
    take(over, kept(over, over.learners[0]))

    with pytest.raises(AlreadyCheckedIn):
        take(over, kept(over, over.learners[0]))


def test_nobody_decides_about_a_scan_of_their_own(over: Pilot) -> None:
    own, staff_id = over.learners[0], uuid4()
    over.book.registry.register_staff(staff_id, envelope(), own)
    over.book.registry.authorise(
        staff_id, Role.HOST, SCHOOL, date(2026, 8, 1), date(2027, 8, 31), envelope()
    )
    scan_id, by = kept(over, own), envelope(LATER, Role.HOST, staff_id)

    with pytest.raises(OwnCase):
        take(over, scan_id, by)
    with pytest.raises(OwnCase):
        over.book.waiting_scans.turn_down(over.session_id, scan_id, ScanRefusal.NOT_PRESENT, by)


def test_once_somebody_has_attested_no_scan_is_taken(over: Pilot) -> None:
    sessions = over.book.sessions
    take(over, kept(over, over.learners[0]))
    sessions.count_heads(over.session_id, 1, None, envelope(LATER))
    sessions.attest(over.session_id, Role.HOST, envelope(LATER, Role.HOST))

    with pytest.raises(SessionNotOpen):
        take(over, kept(over, over.learners[1]))
