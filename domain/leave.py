"""Leave from a session: asked for by a parent, with a category and no words, decided by the school.

Missing a session costs nothing, with leave or without; leave opens the way to a make-up.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.identity import beside
from domain.learner import Enrolment
from domain.refusals import Refused
from domain.session import Session
from domain.standing import Standing


class LeaveCategory(StrEnum):
    """Why somebody cannot come. Nothing more is asked, and no medical detail."""

    WORK = "work"
    ILLNESS = "illness"
    CARE = "care"
    TRAVEL = "travel"
    OTHER = "other"


class LeaveTooLate(Refused):
    """Leave is asked for until the session begins (`begins_at`), and only while it is planned."""

    code = "leave_too_late"


class LeaveNotHandedInYet(Refused):
    """Leave on paper is noted down once it has been handed in."""

    code = "leave_not_handed_in_yet"


class LeavePostedTooLate(Refused):
    """Late posting ended on `last_day`: leave on paper is noted no more (rulebook: calendar)."""

    code = "leave_posted_too_late"


class LeaveRequestedOtherwise(Refused):
    """Leave from this session was asked for already, for another reason."""

    code = "leave_requested_otherwise"


class LeaveNotRequested(Refused):
    """Nobody asked for that leave: there is nothing to decide."""

    code = "leave_not_requested"


class LeaveDecided(Refused):
    """Leave that was granted is not taken back."""

    code = "leave_decided"


class Leave(LedgerAggregate):
    """Its id is made of session and learner: leave is asked for once."""

    TOPIC: ClassVar[str] = "leave"

    class Requested(LedgerCreated):
        TOPIC = "leave.requested"

        session_id: UUID
        learner_id: UUID
        school_code: str
        category: LeaveCategory
        handed_in_on: date | None = None  # the day of the paper, where staff noted it down later

    class Granted(LedgerEvent):
        TOPIC = "leave.granted"

        session_id: UUID
        learner_id: UUID

    class TurnedDown(LedgerEvent):
        TOPIC = "leave.refused"

        session_id: UUID
        learner_id: UUID

    @staticmethod
    def create_id(session_id: UUID, learner_id: UUID) -> UUID:
        return beside(session_id, "leave", learner_id)

    @classmethod
    def request(
        cls,
        session: Session,
        learner_id: UUID,
        places: tuple[Enrolment, ...],
        category: LeaveCategory,
        envelope: Envelope,
    ) -> Leave:
        """Ask for leave from a session one is invited to. Raises LeaveTooLate, NotInvited."""
        begun = envelope.at >= session.plan.begins_at
        if begun or session.standing is not Standing.SCHEDULED:
            raise LeaveTooLate(begins_at=session.plan.begins_at)
        return cls._invited(session, learner_id, places, category, envelope)

    @classmethod
    def on_paper(
        cls,
        session: Session,
        learner_id: UUID,
        places: tuple[Enrolment, ...],
        category: LeaveCategory,
        handed_in_on: date,
        envelope: Envelope,
    ) -> Leave:
        """Note down what was handed in on a day, also once the session is over: paper as a phone.

        A paper has no hour: the day of the session is in time. Raises LeaveNotHandedInYet,
        LeaveTooLate, NotInvited.
        """
        if handed_in_on > local_day(envelope.at, CITY_ZONE):
            raise LeaveNotHandedInYet
        begins_at = session.plan.begins_at
        if session.standing.is_off or handed_in_on > local_day(begins_at, CITY_ZONE):
            raise LeaveTooLate(begins_at=begins_at)
        return cls._invited(session, learner_id, places, category, envelope, handed_in_on)

    @classmethod
    def _invited(
        cls,
        session: Session,
        learner_id: UUID,
        places: tuple[Enrolment, ...],
        category: LeaveCategory,
        envelope: Envelope,
        handed_in_on: date | None = None,
    ) -> Leave:
        session.invited(places)
        return cls(
            session_id=session.id,
            learner_id=learner_id,
            school_code=session.plan.school_code,
            category=category,
            handed_in_on=handed_in_on,
            envelope=envelope,
        )

    @event(Requested)
    def __init__(
        self,
        session_id: UUID,
        learner_id: UUID,
        school_code: str,
        category: LeaveCategory,
        envelope: Envelope,
        handed_in_on: date | None = None,
    ) -> None:
        self.session_id = session_id
        self.learner_id = learner_id
        self.category = category
        self.is_granted: bool | None = None
        self.granted_at: datetime | None = None

    def request_again(self, category: LeaveCategory) -> None:
        """The same request is no news. Raises LeaveRequestedOtherwise."""
        if category is not self.category:
            raise LeaveRequestedOtherwise(category=self.category.value)

    def grant(self, envelope: Envelope) -> None:
        """Excuse the learner, also after all; again is no news."""
        if self.is_granted is not True:
            self._granted(session_id=self.session_id, learner_id=self.learner_id, envelope=envelope)

    def turn_down(self, envelope: Envelope) -> None:
        """Ask the learner to come; again is no news. Raises LeaveDecided where it was granted."""
        if self.is_granted:
            raise LeaveDecided(is_granted=True)
        if self.is_granted is None:
            self._turned_down(
                session_id=self.session_id, learner_id=self.learner_id, envelope=envelope
            )

    @event(Granted)
    def _granted(self, session_id: UUID, learner_id: UUID, envelope: Envelope) -> None:
        self.is_granted = True
        self.granted_at = envelope.at

    @event(TurnedDown)
    def _turned_down(self, session_id: UUID, learner_id: UUID, envelope: Envelope) -> None:
        self.is_granted = False
