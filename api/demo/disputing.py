"""The pilot's cases: a dispute that is open, one that was answered, an appeal before the head."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from api.demo import teaching
from api.demo.acting import acting
from api.demo.loading import Pilot
from api.demo.righting import LEFT_EARLY
from api.demo.staff import PRIMARY
from domain.dispute import AnswerReason, DisputeReason, Subject, SubjectKind
from domain.envelope import Actor, Envelope, Role
from domain.identity import attendance_id
from ledger.cases import Answer

ASKS, APPEALS = 18, 23


def dispute(pilot: Pilot, session_id: UUID, correction_id: UUID) -> None:
    """One parent was right about an evening, one does not accept the answer, one has just asked."""
    book, calendar = pilot.runtime.book, pilot.calendar
    answered = opened(
        pilot, session_id, LEFT_EARLY, DisputeReason.WRONG_HOURS, "我提前走了，学时多记了（示例）",
        calendar.moment(8),
    )  # fmt: skip
    yes = Answer(upheld=True, reason_code=AnswerReason.RECORD_WRONG, correction_id=correction_id)
    teacher = pilot.logins["teacher"]
    book.cases.answer(answered, yes, teacher.acting(calendar.moment(6, 16), "answer"))
    appeal(pilot, session_id)
    newest = called(pilot, teaching.this_year(calendar)[-1].topic)
    opened(
        pilot, newest, ASKS, DisputeReason.THERE_LONGER, "我一直坐到散场（示例）",
        calendar.moment(1, 9),
    )  # fmt: skip


def appeal(pilot: Pilot, session_id: UUID) -> None:
    """Turned down by the class teacher; now it is before the head."""
    book, calendar = pilot.runtime.book, pilot.calendar
    refused = opened(
        pilot, session_id, APPEALS, DisputeReason.THERE_LONGER, "签退时手机没电了（示例）",
        calendar.moment(12),
    )  # fmt: skip
    no = Answer(
        upheld=False,
        reason_code=AnswerReason.RECORD_RIGHT,
        words="签退记录与名单一致（示例）",
    )
    teacher = pilot.logins["teacher"]
    book.cases.answer(refused, no, teacher.acting(calendar.moment(10, 16), "turn down"))
    by = parent(pilot, APPEALS, calendar.moment(3), "appeal")
    learner_id = pilot.learner(APPEALS)
    about = attended(session_id, learner_id)
    book.appeals.lodge(learner_id, about, "同桌的家长可以作证（示例）", by)


def opened(
    pilot: Pilot, session_id: UUID, number: int, reason: DisputeReason, words: str, at: datetime
) -> UUID:
    learner_id = pilot.learner(number)
    by = parent(pilot, number, at, "dispute")
    about = attended(session_id, learner_id)
    return pilot.runtime.book.cases.dispute(learner_id, about, reason, words, by)


def called(pilot: Pilot, title: str) -> UUID:
    """A session of the primary school by its name."""
    pilot.runtime.settle(pilot.runtime.book.ledger.position())
    board = pilot.runtime.models.sessions.sessions_of(PRIMARY, limit=200)
    return next(each.session_id for each in board if each.title == title)


def attended(session_id: UUID, learner_id: UUID) -> Subject:
    key = attendance_id(session_id, learner_id)
    return Subject(kind=SubjectKind.ATTENDANCE, id=key, session_id=session_id)


def parent(pilot: Pilot, number: int, at: datetime, *parts: object) -> Envelope:
    """A parent who acts for themselves, on a phone."""
    learner_id = pilot.learner(number)
    return acting(Actor(id=learner_id, role=Role.PARENT), at, learner_id, *parts)
