"""A session on the write side: scheduled, opened, checked in, attested, credited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.attendance import AlreadyCheckedIn, Attendance, ScanIdReused
from domain.envelope import Role
from domain.head_count import DifferenceUnexplained
from domain.refusals import Refused
from domain.session_refusals import AttestsAlone
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.evenings import COORDINATOR, HOST, balance, hold, open_session, wish


def test_attested_hours_are_credited_once_however_often_the_run_is_asked(pilot: Pilot) -> None:
    hold(pilot, pilot.learners)
    cause = uuid4()

    looked_at = [pilot.book.awards.run(pilot.session_id, ENDS, cause) for _ in range(3)]

    assert looked_at == [3, 3, 3]
    assert [balance(pilot, learner) for learner in pilot.learners] == [200, 200, 200]


def test_a_run_before_the_second_attestation_credits_nothing(pilot: Pilot) -> None:
    open_session(pilot)
    pilot.book.attendances.check_in(wish(pilot, pilot.learners[0]))

    assert pilot.book.awards.run(pilot.session_id, ENDS, uuid4()) == 0
    assert balance(pilot, pilot.learners[0]) == 0


def test_twelve_scans_at_once_make_exactly_one_attendance(pilot: Pilot) -> None:
    open_session(pilot)
    learner = pilot.learners[0]

    def scan(_: int) -> str:
        try:
            pilot.book.attendances.check_in(wish(pilot, learner))
        except AlreadyCheckedIn:
            return "already"
        return "in"

    with ThreadPoolExecutor(12) as phones:
        answers = sorted(phones.map(scan, range(12)))

    assert answers == ["already"] * 11 + ["in"]
    assert len(pilot.book.sessions.attendance_ids(pilot.session_id)) == 1


def test_the_same_scan_gets_the_first_answer_again(pilot: Pilot) -> None:
    open_session(pilot)
    once = wish(pilot, pilot.learners[0])

    first = pilot.book.attendances.check_in(once)
    again = pilot.book.attendances.check_in(once)

    assert first.checked_in_at == again.checked_in_at == STARTS


def test_the_same_scan_id_with_another_meaning_is_refused(pilot: Pilot) -> None:
    open_session(pilot)
    scan_id = uuid4()
    pilot.book.attendances.check_in(wish(pilot, pilot.learners[0], scan_id=scan_id))

    with pytest.raises(ScanIdReused):
        pilot.book.attendances.check_in(wish(pilot, pilot.learners[1], scan_id=scan_id))


def test_a_host_cannot_attest_alone(pilot: Pilot) -> None:
    book, session_id = pilot.book, pilot.session_id
    open_session(pilot)
    book.sessions.close(session_id, envelope(ENDS, Role.HOST, HOST))
    book.sessions.count_heads(session_id, 0, None, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))

    with pytest.raises(AttestsAlone):
        book.sessions.attest(session_id, Role.COORDINATOR, envelope(ENDS, Role.HOST, HOST))


def test_a_large_difference_is_explained_before_anybody_attests(pilot: Pilot) -> None:
    open_session(pilot)
    pilot.book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST, HOST))

    with pytest.raises(DifferenceUnexplained):
        pilot.book.sessions.count_heads(pilot.session_id, 9, None, envelope(ENDS))
    pilot.book.sessions.count_heads(pilot.session_id, 9, "grandparents_unlisted", envelope(ENDS))


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(-31, "check_in_closed"), (-30, None), (29, None), (30, "check_in_closed")],
)
def test_the_door_opens_and_closes_by_the_rulebook(
    pilot: Pilot, minutes: int, code: str | None
) -> None:
    pilot.book.sessions.open(
        pilot.session_id, envelope(STARTS - timedelta(minutes=30), Role.HOST, HOST)
    )
    said: str | None = None
    try:
        pilot.book.attendances.check_in(wish(pilot, pilot.learners[0], minutes))
    except Refused as refusal:
        said = refusal.code
    assert said == code


def test_an_attendance_without_check_out_waits_and_then_counts_half(pilot: Pilot) -> None:
    book, learner = pilot.book, pilot.learners[0]
    open_session(pilot)
    book.attendances.check_in(wish(pilot, learner))
    for step in ("close", "count", "host", "coordinator"):
        at = envelope(ENDS, actor_id=COORDINATOR if step == "coordinator" else HOST)
        match step:
            case "close":
                book.sessions.close(pilot.session_id, at)
            case "count":
                book.sessions.count_heads(pilot.session_id, 1, None, at)
            case _:
                book.sessions.attest(pilot.session_id, Role(step), at)

    book.awards.run(pilot.session_id, ENDS, uuid4())
    pending = balance(pilot, learner)
    attendance_id = Attendance.create_id(pilot.session_id, learner)
    book.awards.award_one(pilot.session_id, attendance_id, ENDS + timedelta(days=8), uuid4())

    assert (pending, balance(pilot, learner)) == (0, 100)
