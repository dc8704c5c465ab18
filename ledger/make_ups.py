"""Commands of a make-up: open a way to make up for a missed session, note that it was taken."""

from __future__ import annotations

from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.leave import Leave
from domain.make_up import MakeUp, MakeUpReason, MakeUps
from domain.making_up import by_micro_class, by_session, must_be_due
from domain.micro_class import MicroClass
from domain.rules import MakeUpRules
from domain.session import Session
from domain.session_refusals import UnknownSession
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.session_places import places_on_the_day
from ledger.sessions import Sessions


class Ways:
    """What a make-up is decided from, read together."""

    def __init__(self, ledger: Ledger, missed: Session, learner_id: UUID, by_id: UUID) -> None:
        leave_id = Leave.create_id(missed.id, learner_id)
        attendance_id = Attendance.create_id(missed.id, learner_id)
        own = MakeUps.create_id(learner_id)
        found = ledger.load([learner_id, leave_id, attendance_id, own, by_id])
        self.learner = found.get(learner_id)
        self.leave = leave if isinstance(leave := found.get(leave_id), Leave) else None
        self.attended = attendance_id in found
        self.make_ups = ups if isinstance(ups := found.get(own), MakeUps) else None
        self.way = found.get(by_id)


class MakeUpCommands:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions

    def assign(
        self, missed_id: UUID, learner_id: UUID, by_id: UUID, reason: MakeUpReason, by: Envelope
    ) -> int:
        """Let a learner make up for a missed session, by a session or a micro-class.

        Raises UnknownSession, UnknownLearner, NotInvited, OwnCase, MakeUpNotDue,
        MakeUpOtherCourse, MakeUpTooLate, SessionState, MakeUpAssignedOtherwise, MakeUpsUsed.
        """

        def decide() -> list[LedgerAggregate]:
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            missed = self._sessions.get(missed_id)
            rules = self._sessions.rulebook_of(missed).make_up
            ways = Ways(self._ledger, missed, learner_id, by_id)
            invited(missed, ways.learner, learner_id)
            must_be_due(missed, reason, ways.leave, attended=ways.attended)
            make_ups = ways.make_ups or MakeUps(learner_id=learner_id, envelope=by)
            make_up = way_of(missed, reason, ways.way, rules, by)
            make_ups.assign(missed.plan.school_code, make_up, rules.max_per_term, by)
            return [make_ups]

        return self._ledger.commit(by.command_id, decide)

    def of(self, learner_id: UUID) -> MakeUps | None:
        """A learner's make-ups, assigned and completed."""
        return self._ledger.find(MakeUps, MakeUps.create_id(learner_id))


def invited(missed: Session, learner: object, learner_id: UUID) -> None:
    """Only who was invited could miss it. Raises UnknownLearner, NotInvited."""
    if not isinstance(learner, Learner):
        raise UnknownLearner(id=learner_id)
    missed.invited(places_on_the_day(missed, learner))


def way_of(
    missed: Session, reason: MakeUpReason, way: object, rules: MakeUpRules, by: Envelope
) -> MakeUp:
    """Raises UnknownSession where there is no such way, and what `making_up` refuses."""
    if isinstance(way, Session):
        return by_session(missed, reason, way, rules.within_days, by.at)
    if isinstance(way, MicroClass) and not way.is_withdrawn:
        return by_micro_class(missed, reason, way, rules.within_days, by.at)
    raise UnknownSession
