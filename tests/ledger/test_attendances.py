"""The desk and the way out: one scan id means one thing, in and out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.attendance import (
    AlreadyCheckedOut,
    Attendance,
    FromTheFuture,
    NotCheckedIn,
    ScanIdReused,
)
from domain.envelope import Channel, Role
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.session_refusals import NotInvited, SessionNotOpen, UnknownSession
from ledger.check_in import CheckIn
from ledger.roster import Roster
from tests.acting import ENDS, STARTS, Pilot, entry, envelope
from tests.ledger.evenings import HOST, hold, open_session, wish


def changed(given: CheckIn, **different: Any) -> CheckIn:
    return replace(given, **different)


def test_leaving_twice_by_one_scan_is_no_news_and_by_another_refused(pilot: Pilot) -> None:
    book, learner, scan = pilot.book, pilot.learners[0], uuid4()
    open_session(pilot)
    book.attendances.check_in(wish(pilot, learner))
    leave = envelope(ENDS, Role.PARENT, learner)
    position = book.attendances.check_out(pilot.session_id, learner, scan, leave, by_staff=False)

    again = envelope(ENDS, Role.PARENT, learner)
    assert position == book.attendances.check_out(
        pilot.session_id, learner, scan, again, by_staff=False
    )
    with pytest.raises(AlreadyCheckedOut):
        book.attendances.check_out(pilot.session_id, learner, uuid4(), again, by_staff=False)
    assert book.ledger.position() == position


def test_a_scan_that_came_in_or_let_another_out_lets_nobody_out(pilot: Pilot) -> None:
    book, (first, second, _) = pilot.book, pilot.learners
    open_session(pilot)
    scan_in, scan_out = uuid4(), uuid4()
    book.attendances.check_in(wish(pilot, first, scan_id=scan_in))
    book.attendances.check_in(wish(pilot, second))
    leave = envelope(ENDS, Role.PARENT, first)
    book.attendances.check_out(pilot.session_id, first, scan_out, leave, by_staff=False)

    for scan in (scan_in, scan_out):
        with pytest.raises(ScanIdReused):
            book.attendances.check_out(pilot.session_id, second, scan, leave, by_staff=False)
    with pytest.raises(ScanIdReused):
        book.attendances.check_in(wish(pilot, pilot.learners[2], scan_id=scan_out))


def test_who_never_came_does_not_leave(pilot: Pilot) -> None:
    open_session(pilot)
    with pytest.raises(NotCheckedIn):
        pilot.book.attendances.check_out(
            pilot.session_id, pilot.learners[0], uuid4(), envelope(ENDS), by_staff=False
        )


def test_after_the_attestation_only_staff_confirm_a_stay(pilot: Pilot) -> None:
    book, learner = pilot.book, pilot.learners[0]
    hold(pilot, [])
    with pytest.raises(SessionNotOpen):
        book.attendances.check_out(
            pilot.session_id, learner, uuid4(), envelope(ENDS), by_staff=False
        )
    with pytest.raises(NotCheckedIn):
        book.attendances.check_out(
            pilot.session_id, learner, uuid4(), envelope(ENDS), by_staff=True
        )


@pytest.mark.parametrize(
    ("different", "refusal"),
    [
        ({"session_id": uuid4()}, UnknownSession),
        ({"learner_id": uuid4()}, UnknownLearner),
        ({"at": STARTS + timedelta(minutes=6)}, FromTheFuture),
    ],
)
def test_what_is_not_there_yet_is_refused(
    pilot: Pilot, different: dict[str, object], refusal: type[Refused]
) -> None:
    open_session(pilot)
    position = pilot.book.ledger.position()
    with pytest.raises(refusal):
        pilot.book.attendances.check_in(changed(wish(pilot, pilot.learners[0]), **different))
    assert pilot.book.ledger.position() == position


def test_a_clock_a_little_ahead_is_flagged(pilot: Pilot) -> None:
    open_session(pilot)
    learner = pilot.learners[0]
    ahead = changed(wish(pilot, learner), at=STARTS + timedelta(minutes=5))
    pilot.book.attendances.check_in(ahead)

    key = Attendance.create_id(pilot.session_id, learner)
    [stored] = pilot.book.ledger.store.select_events(key)
    assert b'"ahead_of_clock":true' in stored.state


def test_whose_child_is_not_invited_is_told_so(pilot: Pilot) -> None:
    book = pilot.book
    row = entry(9, grade="四年级")
    book.registry.open_classes("4401040001", 2026, [("四年级", "2班")], envelope())
    [result] = book.rosters.take(Roster("4401040001", 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    open_session(pilot)

    with pytest.raises(NotInvited):
        book.attendances.check_in(wish(pilot, result.id))


def test_staff_record_late_comers_until_the_end(pilot: Pilot) -> None:
    open_session(pilot)
    late = wish(pilot, pilot.learners[0], minutes=60)
    with pytest.raises(Refused, match="check_in_closed"):
        pilot.book.attendances.check_in(late)
    by_staff = changed(
        late, channel=Channel.STAFF_ENTRY, actor=envelope(actor_id=HOST).actor, scan_id=uuid4()
    )
    assert pilot.book.attendances.check_in(by_staff).checked_in_at == late.at
