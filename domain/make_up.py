"""Make-ups of a learner: for a session missed with leave, cancelled, or out of reach, once each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.refusals import Refused


class MakeUpReason(StrEnum):
    """What entitles to a make-up. Of a need, nothing but that there is one is recorded."""

    LEAVE = "leave"
    CANCELLED = "cancelled"
    ACCESSIBILITY = "accessibility"


class MakeUpAssignedOtherwise(Refused):
    """The missed session is made up for otherwise, or that way serves another session already."""

    code = "make_up_assigned_otherwise"


class MakeUpsUsed(Refused):
    """A term has so many make-ups (`most`; rulebook: make_up.max_per_term, LOCAL)."""

    code = "make_ups_used"


class MakeUpNotAssigned(Refused):
    """That way was not opened for the missed session: there is nothing to take back."""

    code = "make_up_not_assigned"


class MakeUpTaken(Refused):
    """What was attended, or counts as made up for, is not taken back."""

    code = "make_up_taken"


class MakeUpOfAnother(Refused):
    """A make-up is taken back by who assigned it, or by the coordinator."""

    code = "make_up_of_another"


class MakeUpReasonMissing(Refused):
    """Who takes a make-up back says why."""

    code = "make_up_reason_missing"


class MakeUp(BaseModel):
    """A missed session and what makes up for it: another run of the course, or its micro-class.

    The course is that of the missed session: at another school it has another id, and still
    counts once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    missed_session_id: UUID
    by_id: UUID
    reason: MakeUpReason
    course_id: UUID
    course_version: int = 1
    term: str
    until: date


class MakeUps(LedgerAggregate):
    """One stream a learner: the term's number of make-ups is guarded here."""

    TOPIC: ClassVar[str] = "make_up"

    class Opened(LedgerCreated):
        TOPIC = "make_up.opened"

        learner_id: UUID

    class Assigned(LedgerEvent):
        TOPIC = "make_up.assigned"

        learner_id: UUID
        school_code: str
        make_up: MakeUp

    class Completed(LedgerEvent):
        TOPIC = "make_up.completed"

        learner_id: UUID
        missed_session_id: UUID
        by_id: UUID

    class TakenBack(LedgerEvent):
        TOPIC = "make_up.taken_back"

        learner_id: UUID
        missed_session_id: UUID
        by_id: UUID
        words_id: UUID  # why, in the vault

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("make_up", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.assigned: dict[UUID, MakeUp] = {}  # by what makes up
        self.assigned_by: dict[UUID, UUID] = {}
        self.taken_back: dict[UUID, UUID] = {}  # the missed session, by what was to make up
        self.completed: set[UUID] = set()

    def assign(
        self,
        school_code: str,
        make_up: MakeUp,
        most: int,
        envelope: Envelope,
        elsewhere: Iterable[MakeUp] = (),
        fallen: Collection[UUID] = (),
    ) -> None:
        """Open a way to make up for a missed session; the same way again is no news.

        `elsewhere` are those of the person's other records, `fallen` the ways that are none any
        more: a make-up by these is as if it had not been assigned. Raises
        MakeUpAssignedOtherwise, MakeUpsUsed.
        """
        assigned = (*self.assigned.values(), *elsewhere)
        known = [each for each in assigned if each.by_id not in fallen]
        if make_up in known:
            return
        missed, ways = {each.missed_session_id for each in known}, {each.by_id for each in known}
        if make_up.by_id in ways or make_up.missed_session_id in missed:
            raise MakeUpAssignedOtherwise
        if sum(each.term == make_up.term for each in known) >= most:
            raise MakeUpsUsed(most=most)
        self._assigned(
            learner_id=self.learner_id, school_code=school_code, make_up=make_up, envelope=envelope
        )

    def complete(self, by_id: UUID, day: date, envelope: Envelope) -> None:
        """Say that it was made up for, once; what nobody assigned, or too late, is no news."""
        make_up = self.assigned.get(by_id)
        if make_up is not None and day <= make_up.until and by_id not in self.completed:
            self._completed(
                learner_id=self.learner_id,
                missed_session_id=make_up.missed_session_id,
                by_id=by_id,
                envelope=envelope,
            )

    def take_back(
        self, missed_session_id: UUID, by_id: UUID, words_id: UUID, by: Envelope, *, attended: bool
    ) -> None:
        """Undo what was assigned in error; again is no news.

        Raises MakeUpNotAssigned, MakeUpOfAnother, MakeUpTaken.
        """
        if self.taken_back.get(by_id) == missed_session_id:
            return
        make_up = self.assigned.get(by_id)
        if make_up is None or make_up.missed_session_id != missed_session_id:
            raise MakeUpNotAssigned
        if by.actor.role is not Role.COORDINATOR and by.actor.id != self.assigned_by[by_id]:
            raise MakeUpOfAnother
        if attended or by_id in self.completed:
            raise MakeUpTaken
        self._taken_back(
            learner_id=self.learner_id,
            missed_session_id=missed_session_id,
            by_id=by_id,
            words_id=words_id,
            envelope=by,
        )

    @event(Assigned)
    def _assigned(
        self, learner_id: UUID, school_code: str, make_up: MakeUp, envelope: Envelope
    ) -> None:
        self.assigned[make_up.by_id] = make_up
        self.assigned_by[make_up.by_id] = envelope.actor.id
        self.taken_back.pop(make_up.by_id, None)

    @event(Completed)
    def _completed(
        self, learner_id: UUID, missed_session_id: UUID, by_id: UUID, envelope: Envelope
    ) -> None:
        self.completed.add(by_id)

    @event(TakenBack)
    def _taken_back(
        self,
        learner_id: UUID,
        missed_session_id: UUID,
        by_id: UUID,
        words_id: UUID,
        envelope: Envelope,
    ) -> None:
        del self.assigned[by_id], self.assigned_by[by_id]
        self.taken_back[by_id] = missed_session_id
