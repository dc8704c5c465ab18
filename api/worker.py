"""The worker: keeps the read models up with the feed, and does what follows from facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from domain.aggregate import LedgerEvent
from domain.attendance import Attendance
from domain.envelope import Channel, Envelope, Role
from domain.exam import ExamRecord
from domain.external import ExternalHours
from domain.push import PushRecord
from domain.service import Service
from domain.session import Session
from domain.sheet import Sheet
from domain.studying import MicroClassCompletion
from ledger.awards import Awards
from ledger.earning import Earning
from projections.feed import Fact

log = structlog.get_logger(__name__)

# How a check-out may be recorded after the attestation; before it, the session's own run counts it.
CONFIRMED_BY_STAFF: Final = frozenset({Channel.STAFF_ENTRY, Channel.STAFF_SCAN})


def follow_awards(awards: Awards, earning: Earning) -> Callable[[Sequence[Fact]], None]:
    """What the award process does with facts: asked at least once, done exactly once."""

    def follow(facts: Sequence[Fact]) -> None:
        for fact in facts:
            award(awards, fact.event)
            earn(earning, fact.event)

    return follow


AWARD_TOPICS: Final = frozenset(
    {
        Session.Attested.TOPIC,
        ExamRecord.ResultCounted.TOPIC,
        ExamRecord.ResultRecounted.TOPIC,
        Attendance.CheckedOut.TOPIC,
        Attendance.Vouched.TOPIC,
        Sheet.Checked.TOPIC,
        Service.Named.TOPIC,
        Service.NamedAgain.TOPIC,
        MicroClassCompletion.Completed.TOPIC,
        PushRecord.AnsweredRight.TOPIC,
        ExternalHours.Confirmed.TOPIC,
    }
)


def earn(earning: Earning, event: LedgerEvent) -> None:
    """Credit what is earned outside attendance."""
    at, cause = event.envelope.occurred_at, event.envelope.command_id
    match event:
        case Session.Attested(complete=True):
            earning.of_session(event.originator_id, at, cause)
        case Service.Named(session_id=session_id) | Service.NamedAgain(session_id=session_id):
            # Whoever was named while the second person attested is seen by no run of the session.
            earning.of_session(session_id, at, cause)
        case MicroClassCompletion.Completed():
            earning.of_micro_class(event.originator_id, at, cause)
        case PushRecord.AnsweredRight():
            earning.of_pushes(event.originator_id, at, cause)
        case ExternalHours.Confirmed():
            earning.of_external(event.originator_id, at, cause)
        case _:
            pass


def is_confirmed(by: Envelope) -> bool:
    """Whether a person on duty said so; a device at the door confirms nothing."""
    return by.channel in CONFIRMED_BY_STAFF and by.actor.role is not Role.MACHINE


def award(awards: Awards, event: LedgerEvent) -> None:
    """Start what an event entails: an award run, an evaluation, a stay confirmed afterwards."""
    at, cause = event.envelope.occurred_at, event.envelope.command_id
    match event:
        case Session.Attested(complete=True):
            log.info("award_run", session=str(event.originator_id))
            awards.run(event.originator_id, at, cause)
        case ExamRecord.ResultCounted(learner_id=learner_id):
            awards.evaluate(learner_id, at, cause)
        case ExamRecord.ResultRecounted(outcome=outcome):
            awards.evaluate(outcome.learner_id, at, cause)
        case Attendance.CheckedOut() if is_confirmed(event.envelope):
            awards.award_attendance(event.originator_id, at, cause)
        case Attendance.Vouched():
            awards.award_attendance(event.originator_id, at, cause)
        case Sheet.Checked(attendance_ids=attendance_ids):
            # Of a session that is attested already; before that its own run counts them.
            for key in attendance_ids:
                awards.award_attendance(key, at, cause)
        case _:
            pass
