"""The pilot's accused: a parent who was told and may answer, a teacher who was not told yet."""

from __future__ import annotations

from uuid import UUID

from api.demo import teaching
from api.demo.disputing import called
from api.demo.loading import Pilot
from api.demo.righting import sign
from domain.correction import AttendanceOrder
from domain.hearing import ToldBy
from domain.rules import ReversalReason

ACCUSED = 21


def accuse(pilot: Pilot) -> None:
    """A parent is said to have been elsewhere: told by phone, and not heard yet."""
    order = AttendanceOrder(
        session_id=called(pilot, teaching.this_year(pilot.calendar)[1].topic),
        learner_id=pilot.learner(ACCUSED),
        reason_code=ReversalReason.FRAUD_CONFIRMED,
    )
    coordinator = pilot.logins["coordinator"]
    correction_id = sign(pilot, order, coordinator.acting(pilot.calendar.moment(3, 14), "accuse"))
    by = coordinator.acting(pilot.calendar.moment(2, 16), "tell")
    pilot.runtime.book.hearings.tell(correction_id, ToldBy.BY_PHONE, by)


def accuse_teacher(pilot: Pilot, teacher_id: UUID, award_id: UUID) -> None:
    """One training is said never to have been."""
    by = pilot.logins["coordinator"].acting(pilot.calendar.moment(1, 9), "untrue")
    reason = ReversalReason.FRAUD_CONFIRMED
    pilot.runtime.book.teacher_corrections.propose_reversal(teacher_id, award_id, reason, by)
