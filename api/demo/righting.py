"""The pilot's mistakes: an attendance put right, a session whose voiding waits for the district."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from api.demo import evenings, teaching
from api.demo.calendar import evening
from api.demo.evenings import Guest
from api.demo.loading import Pilot, schedule
from api.demo.staff import PRIMARY
from api.demo.teaching import Evening
from domain.attendance import Stay
from domain.correction import AttendanceOrder, Order, SessionVoidOrder
from domain.envelope import Envelope
from domain.rules import ReversalReason
from domain.service import ServiceKind

TALK, TWICE = "家长沙龙：作业与时间", "家长沙龙（重复录入）"
TALK_DAYS_AGO, TWICE_DAYS_AGO = 16, 13
AT_THE_TALK = (11, 12, 13, 18, 22, 23)
# Who speaks is not on the list as well: an evening counts once.
LECTURER, LEFT_EARLY = 10, 22
LECTURE_HOURS = 100
STAYED = 50  # minutes of 80


def announce_talk(pilot: Pilot) -> UUID:
    """An evening of its own: no other figure of the pilot stands on it."""
    row = Evening(
        TALK, teaching.TOGETHER, evening(pilot.calendar.past(TALK_DAYS_AGO)), place="多功能厅"
    )
    return announced(pilot, row)


def hold_talk(pilot: Pilot, session_id: UUID, one_more: Sequence[Guest]) -> None:
    """A parent spoke at it, named before it was attested; one more came under two records."""
    book, hosts = pilot.runtime.book, pilot.hosts(PRIMARY)
    evenings.hold(book, session_id, [*pilot.guests(PRIMARY, AT_THE_TALK), *one_more], hosts)
    ends = book.sessions.get(session_id).plan.ends_at
    by = hosts.coordinator.acting(ends + timedelta(minutes=6), "lecturer")
    lecturer = pilot.learner(LECTURER)
    book.services.name(session_id, lecturer, ServiceKind.PARENT_LECTURER, LECTURE_HOURS, by)
    evenings.attest(book, session_id, len(AT_THE_TALK) + 1, hosts)
    book.earning.of_session(session_id, ends + timedelta(minutes=15), by.command_id)


def announced(pilot: Pilot, row: Evening) -> UUID:
    at = row.begins_at - timedelta(days=5)
    return schedule(pilot.runtime, pilot.hosts(PRIMARY), row, at)


def put_right(pilot: Pilot, session_id: UUID) -> UUID:
    """Somebody had left early, and has half: applied at once, by the coordinator alone."""
    begins = pilot.runtime.book.sessions.get(session_id).plan.begins_at
    order = AttendanceOrder(
        session_id=session_id,
        learner_id=pilot.learner(LEFT_EARLY),
        stay=Stay(begins=begins, ends=begins + timedelta(minutes=STAYED)),
        reason_code=ReversalReason.ENTRY_ERROR,
    )
    by = pilot.logins["coordinator"].acting(pilot.calendar.moment(7, 10), "put right")
    return sign(pilot, order, by)


def void_waits(pilot: Pilot) -> UUID:
    """The same evening entered twice: what the coordinator signed waits for the district."""
    row = Evening(
        TWICE, teaching.TOGETHER, evening(pilot.calendar.past(TWICE_DAYS_AGO), 15), place="阅览室"
    )
    numbers = AT_THE_TALK[:3]
    session_id, hosts = announced(pilot, row), pilot.hosts(PRIMARY)
    evenings.hold(pilot.runtime.book, session_id, pilot.guests(PRIMARY, numbers), hosts)
    evenings.attest(pilot.runtime.book, session_id, len(numbers), hosts)
    order = SessionVoidOrder(session_id=session_id, reason_code=ReversalReason.DUPLICATE)
    by = pilot.logins["coordinator"].acting(pilot.calendar.moment(2, 10), "void")
    return sign(pilot, order, by)


def sign_both(pilot: Pilot, order: Order, at: datetime, second: str) -> None:
    """The coordinator signs what the preview shows, and somebody else after them."""
    first = pilot.logins["coordinator"].acting(at, order.model_dump_json())
    corrections, correction_id = pilot.runtime.book.corrections, sign(pilot, order, first)
    by = pilot.logins[second].acting(at + timedelta(hours=1), correction_id)
    corrections.approve(correction_id, corrections.get(correction_id).sha256, by)


def sign(pilot: Pilot, order: Order, by: Envelope) -> UUID:
    """Sign what the preview shows."""
    corrections = pilot.runtime.book.corrections
    return corrections.propose(order, corrections.preview(order, by).sha256, by).id
