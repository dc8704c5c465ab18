"""Commands of a leave: ask for it, note it down from paper, grant it, turn it down."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.leave import Leave, LeaveCategory, LeaveNotRequested, LeavePostedTooLate
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.session_places import places_on_the_day
from ledger.sessions import Sessions


class Leaves:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions

    def request(
        self, session_id: UUID, learner_id: UUID, category: LeaveCategory, by: Envelope
    ) -> int:
        """Ask for leave, as a parent; the same again is no news.

        Raises UnknownSession, UnknownLearner, LeaveTooLate, NotInvited, LeaveRequestedOtherwise.
        """
        return self._ledger.commit(
            by.command_id, lambda: [self._requested(session_id, learner_id, category, by)]
        )

    def note(
        self,
        session_id: UUID,
        learner_id: UUID,
        category: LeaveCategory,
        by: Envelope,
        handed_in_on: date | None = None,
    ) -> int:
        """Note what a parent asked for on paper, and grant it.

        Without the day it was handed in, that is now. Raises OwnCase, LeaveNotHandedInYet,
        LeavePostedTooLate once late posting is over, and as above.
        """

        def decide() -> list[LedgerAggregate]:
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            leave = self._requested(session_id, learner_id, category, by, handed_in_on)
            leave.grant(by)
            return [leave]

        return self._ledger.commit(by.command_id, decide)

    def grant(self, session_id: UUID, learner_id: UUID, by: Envelope) -> int:
        """Raises LeaveNotRequested, OwnCase, LeaveDecided."""
        return self._decide(session_id, learner_id, by, granted=True)

    def turn_down(self, session_id: UUID, learner_id: UUID, by: Envelope) -> int:
        """Raises LeaveNotRequested, OwnCase, LeaveDecided."""
        return self._decide(session_id, learner_id, by, granted=False)

    def _decide(self, session_id: UUID, learner_id: UUID, by: Envelope, *, granted: bool) -> int:
        def decide() -> list[LedgerAggregate]:
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            key = Leave.create_id(session_id, learner_id)
            leave = self._ledger.get(Leave, key, LeaveNotRequested)
            (leave.grant if granted else leave.turn_down)(by)
            return [leave]

        return self._ledger.commit(by.command_id, decide)

    def _requested(
        self,
        session_id: UUID,
        learner_id: UUID,
        category: LeaveCategory,
        by: Envelope,
        handed_in_on: date | None = None,
    ) -> Leave:
        session = self._sessions.get(session_id)
        found = self._ledger.load([learner_id, Leave.create_id(session_id, learner_id)])
        leave = found.get(Leave.create_id(session_id, learner_id))
        if isinstance(leave, Leave):
            leave.request_again(category)
            return leave
        learner = found.get(learner_id)
        if not isinstance(learner, Learner):
            raise UnknownLearner(id=learner_id)
        places = places_on_the_day(session, learner)
        if handed_in_on is None:
            return Leave.request(session, learner_id, places, category, by)
        last_day = self._sessions.late_posting_ends(session)
        if local_day(by.at, CITY_ZONE) > last_day:
            raise LeavePostedTooLate(last_day=last_day)
        return Leave.on_paper(session, learner_id, places, category, handed_in_on, by)
