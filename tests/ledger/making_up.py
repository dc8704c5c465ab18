"""Making up in tests: leave for the pilot's evening, and another run of its course a week later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.envelope import Role
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from ledger.plans import Filing
from ledger.registry import NewSchool
from tests.acting import DISTRICT, ENDS, SCHOOL, STARTS, Pilot, envelope, planned
from tests.ledger.evenings import HOST, wish

WEEK = timedelta(days=7)
ELSEWHERE = "4401040003"
TITLE = "读懂孩子的情绪"


def granted(pilot: Pilot, number: int = 0) -> UUID:
    """A learner has leave for the evening."""
    learner = pilot.learners[number]
    asked = envelope(STARTS - timedelta(days=1), Role.PARENT, learner)
    pilot.book.leaves.request(pilot.session_id, learner, LeaveCategory.WORK, asked)
    pilot.book.leaves.grant(pilot.session_id, learner, envelope(role=Role.CLASS_TEACHER))
    return learner


def next_run(pilot: Pilot, school: str = SCHOOL, **different: Any) -> UUID:
    row = planned(row=9, begins_at=STARTS + WEEK, ends_at=ENDS + WEEK, **different)
    filing, by = Filing(school, 2026, 1), envelope()
    filed = pilot.book.plans.file(filing, [row], by, dry_run=False, supplement=True)
    [result] = [each for each in filed if each.row == 9]
    assert result.id is not None
    return result.id


def elsewhere(pilot: Pilot) -> UUID:
    """The next run, at a school where nobody has a child."""
    school = NewSchool(ELSEWHERE, "示例二小", ("primary",), DISTRICT)
    pilot.book.registry.register_school(school, envelope())
    return next_run(pilot, ELSEWHERE)


def assign(
    pilot: Pilot, by_id: UUID, reason: MakeUpReason = MakeUpReason.LEAVE, number: int = 0
) -> None:
    at = envelope(STARTS + timedelta(days=1), Role.CLASS_TEACHER)
    pilot.book.make_ups.assign(pilot.session_id, pilot.learners[number], by_id, reason, at)


def attend_later(pilot: Pilot, session_id: UUID, number: int = 0) -> None:
    """One learner is at the next run, to the second attestation and the award."""
    attest_later(pilot, session_id, number)
    pilot.book.awards.run(session_id, ENDS + WEEK, uuid4())


def attest_later(pilot: Pilot, session_id: UUID, number: int = 0) -> None:
    """The same, before the award run."""
    book, learner = pilot.book, pilot.learners[number]
    moved = Pilot(book, pilot.learners, session_id)
    book.sessions.open(session_id, envelope(STARTS + WEEK, Role.HOST, HOST))
    book.attendances.check_in(wish(moved, learner, 60 * 24 * 7))
    left = envelope(ENDS + WEEK, Role.PARENT, learner)
    book.attendances.check_out(session_id, learner, uuid4(), left, by_staff=False)
    book.sessions.close(session_id, envelope(ENDS + WEEK, Role.HOST, HOST))
    book.sessions.count_heads(session_id, 1, None, envelope(ENDS + WEEK, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.HOST, envelope(ENDS + WEEK, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.COORDINATOR, envelope(ENDS + WEEK))
