"""A session of the parent school: planned, opened, counted, closed and attested by two persons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias
from uuid import UUID

from eventsourcing.domain import event
from pydantic import AwareDatetime

from domain import head_count as heads
from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.attesting import must_be_another, must_be_attestable
from domain.envelope import Envelope, Role
from domain.head_count import HeadCount, Recorded, must_be_explained
from domain.learner import Enrolment
from domain.plan import Door, HeldTimes, PlannedTime, SessionPlan
from domain.session_refusals import (
    CheckInClosed,
    ClassHoursOnlyLess,
    NotInvited,
    SessionNotOpen,
    SessionState,
    StayConfirmationOver,
)
from domain.standing import Standing


class Session(LedgerAggregate):
    TOPIC: ClassVar[str] = "session"

    class Scheduled(LedgerCreated):
        TOPIC = "session.scheduled"

        plan: SessionPlan

    class Rescheduled(LedgerEvent):
        TOPIC = "session.rescheduled"

        plan: SessionPlan

    class Cancelled(LedgerEvent):
        TOPIC = "session.cancelled"

        reason_code: str

    class Opened(LedgerEvent):
        TOPIC = "session.opened"

    class Closed(LedgerEvent):
        TOPIC = "session.closed"

    HeadCounted: TypeAlias = heads.HeadCounted

    class Attested(LedgerEvent):
        TOPIC = "session.attested"

        attested_as: Role
        statement_version: str
        complete: bool

    class Corrected(LedgerEvent):
        TOPIC = "session.corrected"

        correction_id: UUID
        opened_at: AwareDatetime
        closed_at: AwareDatetime
        class_hours: int
        planned: PlannedTime | None = None  # None: judged by all of the planned time
        reason_code: str
        effective_term: str

    class Voided(LedgerEvent):
        TOPIC = "session.voided"

        correction_id: UUID
        reason_code: str
        effective_term: str

    @event(Scheduled)
    def __init__(self, id: UUID, plan: SessionPlan, envelope: Envelope) -> None:  # noqa: A002 - the library's name
        self.plan = plan
        self.once_planned_for: tuple[datetime, ...] = (plan.begins_at,)
        self.announced_class_hours = plan.class_hours
        self.rulebook_version = envelope.rulebook_version
        self.standing = Standing.SCHEDULED
        self.opened_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.planned: PlannedTime | None = None
        self.head_count: HeadCount | None = None
        self.attested_by: dict[Role, UUID] = {}
        self.corrections = 0

    @classmethod
    def announce(cls, session_id: UUID, plan: SessionPlan, envelope: Envelope) -> Session:
        """Put a session on the plan. Raises EndsBeforeItBegins."""
        plan.must_end_after_it_begins()
        return cls(id=session_id, plan=plan, envelope=envelope)

    def reschedule(self, plan: SessionPlan, envelope: Envelope) -> None:
        """Change what was announced, before it begins; the same plan is no news."""
        self._must_stand(Standing.SCHEDULED)
        if envelope.at >= self.plan.begins_at:
            raise SessionState(stands="begun")
        plan.must_be_to_come(envelope.at)
        if not plan.repeats(self.plan):
            self._rescheduled(plan=plan.of_version(self.plan.course_version), envelope=envelope)

    def cancel(self, reason_code: str, envelope: Envelope) -> None:
        """Before it is opened; afterwards it can only be voided."""
        self._must_stand(Standing.SCHEDULED)
        self._cancelled(reason_code=reason_code, envelope=envelope)

    def open(self, door: Door, envelope: Envelope) -> None:
        """Let learners in. Opening twice is no news; too early or after the end is refused."""
        if self.standing is Standing.OPENED:
            return
        self._must_stand(Standing.SCHEDULED)
        opens_at, _ = door.hours(self.plan.begins_at)
        if not opens_at <= envelope.at < self.plan.ends_at:
            raise CheckInClosed(opens_at=opens_at, closes_at=self.plan.ends_at)
        self._opened(envelope=envelope)

    def admit(self, at: datetime, door: Door, by_staff: bool) -> None:
        """Staff record late comers until the close. Raises SessionNotOpen, CheckInClosed."""
        if self.standing is not Standing.OPENED:
            raise SessionNotOpen(stands=self.standing.value)
        opens_at, closes_at = door.hours(self.plan.begins_at)
        closes_at = self.plan.ends_at if by_staff else closes_at
        if not opens_at <= at < closes_at:
            raise CheckInClosed(opens_at=opens_at, closes_at=closes_at)

    def invited(self, enrolments: tuple[Enrolment, ...]) -> tuple[UUID, ...]:
        """The children through whom a learner is invited. Raises NotInvited when there is none."""
        children = tuple(e.child_id for e in enrolments if self.plan.invites(e))
        if not children:
            raise NotInvited
        return children

    def let_out(self, at: datetime, confirm_days: int | None) -> None:
        """Whether anybody may leave at `at`; staff confirm stays for some days after the close.

        `confirm_days` of None: the learners themselves, until the session is attested.
        Raises SessionNotOpen, StayConfirmationOver.
        """
        still = {Standing.ATTESTED} if confirm_days is not None else set[Standing]()
        if self.standing not in {Standing.OPENED, Standing.CLOSED, *still}:
            raise SessionNotOpen(stands=self.standing.value)
        if confirm_days is not None and self.closed_at is not None:
            until = self.closed_at + timedelta(days=confirm_days)
            if at >= until:
                raise StayConfirmationOver(until=until)

    def close(self, envelope: Envelope) -> None:
        """End the session; actual minutes are counted to this moment. Twice is no news."""
        if self.standing is Standing.CLOSED:
            return
        self._must_stand(Standing.OPENED)
        self._closed(envelope=envelope)

    def count_heads(
        self, present: int, recorded: Recorded, explanation_code: str | None, envelope: Envelope
    ) -> None:
        """Compare the room with who is recorded (rulebook F4, LOCAL); large differences need a why.

        Raises DifferenceUnexplained, SessionState when attested. The same command is no news.
        """
        if self.head_count is not None and envelope.command_id == self.head_count.command_id:
            return
        if self.standing not in {Standing.OPENED, Standing.CLOSED} or self.attested_by:
            raise SessionState(stands=self.standing.value)
        must_be_explained(present, recorded.persons, explanation_code)
        self.trigger_event(
            self.HeadCounted,
            persons_present=present,
            persons_recorded=recorded.records,
            distinct_persons=recorded.persons,
            explanation_code=explanation_code,
            envelope=envelope,
        )

    def attest(
        self, attested_as: Role, statement_version: str, recorded: int, envelope: Envelope
    ) -> None:
        """'The list is true to my knowledge', by host and coordinator: the second starts the award.

        Raises SessionState, CountAgain and AttestsAlone (see `domain.attesting`).
        """
        if self.attested_by.get(attested_as) == envelope.actor.id:
            return
        self._must_stand(Standing.CLOSED)
        must_be_attestable(self.head_count, recorded, self.attested_by)
        must_be_another(attested_as, envelope.actor.id, self.attested_by)
        self._attested(
            attested_as=attested_as,
            statement_version=statement_version,
            complete=len(self.attested_by) == 1,
            envelope=envelope,
        )

    def says(self, times: HeldTimes) -> bool:
        """Whether that is what is recorded already."""
        known = (self.opened_at, self.closed_at, self.plan.class_hours, self.planned)
        planned = times.planned_in(self.plan, self.announced_class_hours)
        return known == (times.opened_at, times.closed_at, times.class_hours, planned)

    def correct(
        self, times: HeldTimes, reason_code: str, correction_id: UUID, envelope: Envelope
    ) -> None:
        """Raises SessionState before it is attested, EndsBeforeItBegins, ClassHoursOnlyLess."""
        self._must_stand(Standing.ATTESTED)
        times.must_end_after_they_begin()
        if times.class_hours > self.announced_class_hours:
            raise ClassHoursOnlyLess(announced=self.announced_class_hours)
        self._corrected(
            correction_id=correction_id,
            **times.model_dump(),
            planned=times.planned_in(self.plan, self.announced_class_hours),
            reason_code=reason_code,
            effective_term=self.plan.term,
            envelope=envelope,
        )

    def void(self, reason_code: str, correction_id: UUID, envelope: Envelope) -> None:
        """Say that it never counted, in whichever term. Raises SessionState before it is opened."""
        self._must_stand(Standing.OPENED, Standing.CLOSED, Standing.ATTESTED)
        self._voided(
            correction_id=correction_id,
            reason_code=reason_code,
            effective_term=self.plan.term,
            envelope=envelope,
        )

    def _must_stand(self, *standings: Standing) -> None:
        if self.standing not in standings:
            raise SessionState(stands=self.standing.value)

    @event(Rescheduled)
    def _rescheduled(self, plan: SessionPlan, envelope: Envelope) -> None:
        self.plan, self.announced_class_hours = plan, plan.class_hours
        self.once_planned_for += (plan.begins_at,)

    @event(Cancelled)
    def _cancelled(self, reason_code: str, envelope: Envelope) -> None:
        self.standing = Standing.CANCELLED

    @event(Opened)
    def _opened(self, envelope: Envelope) -> None:
        self.standing = Standing.OPENED
        self.opened_at = envelope.at

    @event(Closed)
    def _closed(self, envelope: Envelope) -> None:
        self.standing = Standing.CLOSED
        self.closed_at = envelope.at

    @event(Attested)
    def _attested(
        self, attested_as: Role, statement_version: str, complete: bool, envelope: Envelope
    ) -> None:
        self.attested_by[attested_as] = envelope.actor.id
        if complete:
            self.standing = Standing.ATTESTED

    @event(Corrected)
    def _corrected(
        self,
        correction_id: UUID,
        opened_at: datetime,
        closed_at: datetime,
        class_hours: int,
        reason_code: str,
        effective_term: str,
        envelope: Envelope,
        planned: PlannedTime | None = None,
    ) -> None:
        self.opened_at, self.closed_at, self.planned = opened_at, closed_at, planned
        self.plan = self.plan.model_copy(update={"class_hours": class_hours})
        self.corrections += 1

    @event(Voided)
    def _voided(
        self, correction_id: UUID, reason_code: str, effective_term: str, envelope: Envelope
    ) -> None:
        self.standing = Standing.VOIDED
