"""Commands of a make-up: open a way to make up for a missed session, note that it was taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.leave import Leave
from domain.make_up import (
    MakeUp,
    MakeUpNotAssigned,
    MakeUpReason,
    MakeUpReasonMissing,
    MakeUps,
)
from domain.making_up import by_micro_class, by_session, due_until
from domain.micro_class import MicroClass
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.studying import MicroClassCompletion
from ledger.case_desk import CaseDesk
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import records_of
from ledger.session_places import invited_on_the_day
from ledger.sessions import Sessions
from ledger.streams import Streams


class Ways:
    """What a make-up is decided from, of every record of the person, read together."""

    def __init__(self, ledger: Ledger, missed: Session, learner_id: UUID, by_id: UUID) -> None:
        records = records_of(ledger, learner_id)
        own = [MakeUps.create_id(each) for each in records]
        leaves = [Leave.create_id(missed.id, each) for each in records]
        attendances = [Attendance.create_id(missed.id, each) for each in records]
        found = ledger.load([learner_id, by_id, *own, *leaves, *attendances])
        streams = Streams(found)
        self.learner = streams.get(Learner, learner_id)
        self.leave = next((each for each in streams.all(Leave) if each.is_granted), None)
        self.attended = any(not each.says(None) for each in streams.all(Attendance))
        self.make_ups = streams.get(MakeUps, own[0])
        others = (each for each in streams.all(MakeUps) if each is not self.make_ups)
        self.elsewhere = [made for each in others for made in each.assigned.values()]
        self.way = found.get(by_id)
        self.fallen = fallen(ledger, streams.all(MakeUps))


class MakeUpCommands:
    def __init__(self, ledger: Ledger, sessions: Sessions, desk: CaseDesk) -> None:
        self._desk = desk
        self._ledger = ledger
        self._sessions = sessions

    def assign(
        self, missed_id: UUID, learner_id: UUID, by_id: UUID, reason: MakeUpReason, by: Envelope
    ) -> int:
        """Let a learner make up for a missed session, by a session or a micro-class.

        Raises UnknownSession, UnknownLearner, NotInvited, GuardianshipEndedByThen, OwnCase,
        MakeUpNotDue, MakeUpOtherCourse, MakeUpTooLate, SessionState, MakeUpAssignedOtherwise,
        MakeUpsUsed.
        """

        def decide() -> list[LedgerAggregate]:
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            missed = self._sessions.get(missed_id)
            rules = self._sessions.rulebook_of(missed).make_up
            ways = Ways(self._ledger, missed, learner_id, by_id)
            invited(missed, ways.learner, learner_id)
            until = due_until(missed, reason, ways.leave, rules.within_days, attended=ways.attended)
            make_up = way_of(missed, reason, ways.way, until, by)
            if make_up in ways.elsewhere:
                return []
            make_ups = ways.make_ups or MakeUps(learner_id=learner_id, envelope=by)
            school, most = missed.plan.school_code, rules.max_per_term
            make_ups.assign(school, make_up, most, by, ways.elsewhere, ways.fallen)
            return [make_ups]

        return self._ledger.commit(by.command_id, decide)

    def take_back(
        self, missed_id: UUID, learner_id: UUID, by_id: UUID, words: str, by: Envelope
    ) -> int:
        """Undo what was assigned in error, until it was attended or counted; why, in the vault.

        Raises OwnCase, MakeUpNotAssigned, MakeUpOfAnother, MakeUpTaken, MakeUpReasonMissing, and
        UnknownLearner for one who is erased.
        """

        def decide(words_id: UUID | None) -> list[LedgerAggregate]:
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            if words_id is None:
                raise MakeUpReasonMissing
            records = records_of(self._ledger, learner_id)
            streams = Streams(self._ledger.load(map(MakeUps.create_id, records)))
            every = streams.all(MakeUps)
            known = next((e for e in every if by_id in {*e.assigned, *e.taken_back}), None)
            if known is None:
                raise MakeUpNotAssigned
            attended = took_part(self._ledger, by_id, records, by.at)
            known.take_back(missed_id, by_id, words_id, by, attended=attended)
            return [known]

        made = MakeUps.create_id(learner_id)
        return self._desk.speak(learner_id, made, words, decide, by)

    def of(self, learner_id: UUID) -> MakeUps | None:
        """A learner's make-ups, assigned and completed."""
        return self._ledger.find(MakeUps, MakeUps.create_id(learner_id))


def fallen(ledger: Ledger, make_ups: Iterable[MakeUps]) -> set[UUID]:
    """The ways that were assigned and are none any more: cancelled, voided, withdrawn unseen."""
    assigned = {by_id: each for each in make_ups for by_id in each.assigned}
    return {
        by_id
        for by_id, way in ledger.load(assigned).items()
        if (isinstance(way, Session) and way.standing.is_off)
        or (
            (isinstance(way, MicroClass) and way.is_withdrawn)
            and by_id not in assigned[by_id].completed
        )
    }


def took_part(ledger: Ledger, by_id: UUID, records: list[UUID], at: datetime) -> bool:
    """Whether a person was at a session, or completed a micro-class, under whichever record."""
    if ledger.find(MicroClass, by_id) is None:
        attendances = ledger.load(Attendance.create_id(by_id, each) for each in records).values()
        return any(isinstance(e, Attendance) and not e.says(None) for e in attendances)
    year = school_year_of(local_day(at, CITY_ZONE))
    completed = (MicroClassCompletion.create_id(by_id, each, year) for each in records)
    return bool(ledger.load(completed))


def invited(missed: Session, learner: Learner | None, learner_id: UUID) -> None:
    """Only who was invited could miss it.

    Raises UnknownLearner, NotInvited, GuardianshipEndedByThen.
    """
    if learner is None:
        raise UnknownLearner(id=learner_id)
    invited_on_the_day(missed, learner)


def way_of(missed: Session, reason: MakeUpReason, way: object, until: date, by: Envelope) -> MakeUp:
    """Raises UnknownSession where there is no such way, and what `making_up` refuses."""
    if isinstance(way, Session):
        return by_session(missed, reason, way, until, by.at)
    if isinstance(way, MicroClass) and not way.is_withdrawn:
        return by_micro_class(missed, reason, way, until, by.at)
    raise UnknownSession
