"""A session of the parent school: planned, opened, counted, closed and attested by two persons."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope, Role
from domain.head_count import DifferenceUnexplained, HeadCount, needs_explanation
from domain.learner import Enrolment
from domain.plan import Door, SessionPlan
from domain.refusals import Refused
from domain.staff import OwnCase


class UnknownSession(Refused):
    """No session with that id is scheduled."""

    code = "session_unknown"


class SessionNotOpen(Refused):
    """The session takes no attendance now: not opened yet, closed, cancelled or voided."""

    code = "session_not_open"


class SessionState(Refused):
    """The step does not follow from where the session stands (`stands`)."""

    code = "session_wrong_step"


class CheckInClosed(Refused):
    """Outside the door's hours; `opens_at` and `closes_at` say when it is open."""

    code = "check_in_closed"


class NotInvited(Refused):
    """No child of the learner is in a class that the session is for."""

    code = "not_invited"


class StayConfirmationOver(Refused):
    """Staff confirm a stay within the rulebook's days after the close; `until` says how long."""

    code = "stay_confirmation_over"


class AttestsAlone(Refused):
    """Host and coordinator must be two persons."""

    code = "attests_alone"


class Standing(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    OPENED = "opened"
    CLOSED = "closed"
    ATTESTED = "attested"
    VOIDED = "voided"


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

    class HeadCounted(LedgerEvent):
        TOPIC = "session.head_counted"

        persons_present: int
        persons_recorded: int
        explanation_code: str | None = None

    class Attested(LedgerEvent):
        TOPIC = "session.attested"

        attested_as: Role
        statement_version: str
        complete: bool

    @event(Scheduled)
    def __init__(self, id: UUID, plan: SessionPlan, envelope: Envelope) -> None:  # noqa: A002 - the library's name
        self.plan = plan
        self.rulebook_version = envelope.rulebook_version
        self.standing = Standing.SCHEDULED
        self.opened_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.head_count: HeadCount | None = None
        self.attested_by: dict[Role, UUID] = {}

    @classmethod
    def announce(cls, session_id: UUID, plan: SessionPlan, envelope: Envelope) -> Session:
        """Put a session on the plan. Raises EndsBeforeItBegins."""
        plan.must_end_after_it_begins()
        return cls(id=session_id, plan=plan, envelope=envelope)

    def reschedule(self, plan: SessionPlan, envelope: Envelope) -> None:
        """Change what was announced, before the session begins; the same plan is no news."""
        self._must_stand(Standing.SCHEDULED)
        if envelope.at >= self.plan.begins_at:
            raise SessionState(stands="begun")
        plan.must_end_after_it_begins()
        if plan != self.plan:
            self._rescheduled(plan=plan, envelope=envelope)

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
        """Whether the door takes anybody at `at`; staff record late comers until the close.

        Raises SessionNotOpen or CheckInClosed.
        """
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
        attested_too = confirm_days is not None
        if self.standing not in {Standing.OPENED, Standing.CLOSED} and not (
            attested_too and self.standing is Standing.ATTESTED
        ):
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
        self, present: int, recorded: int, explanation_code: str | None, envelope: Envelope
    ) -> None:
        """Compare the room with the records (rulebook F4, LOCAL): a large difference is explained.

        Raises DifferenceUnexplained above 5 % and 3 persons; allowed until attested. The same
        command again is no news.
        """
        if self.head_count is not None and envelope.command_id == self.head_count.command_id:
            return
        if self.standing not in {Standing.OPENED, Standing.CLOSED} or self.attested_by:
            raise SessionState(stands=self.standing.value)
        if needs_explanation(present, recorded) and not explanation_code:
            raise DifferenceUnexplained(present=present, recorded=recorded)
        self._head_counted(
            persons_present=present,
            persons_recorded=recorded,
            explanation_code=explanation_code,
            envelope=envelope,
        )

    def attest(
        self, attested_as: Role, statement_version: str, recorded: int, envelope: Envelope
    ) -> None:
        """'The list is true to my knowledge', by the host and by the coordinator.

        Raises SessionState before close and count, CountAgain where what is recorded now is not
        what was counted, AttestsAlone for the same person twice. The second attestation is
        complete: it starts the award run.
        """
        if attested_as not in {Role.HOST, Role.COORDINATOR}:
            raise SessionState(stands=attested_as.value)
        if self.attested_by.get(attested_as) == envelope.actor.id:
            return
        self._must_stand(Standing.CLOSED)
        if self.head_count is None:
            raise SessionState(stands="not_counted")
        # Nobody counts again between the two attestations: what the first relied on stays.
        if not self.attested_by:
            self.head_count.must_hold(recorded)
        if attested_as in self.attested_by:
            raise SessionState(stands=f"attested_as_{attested_as.value}")
        if envelope.actor.id in self.attested_by.values():
            raise AttestsAlone
        self._attested(
            attested_as=attested_as,
            statement_version=statement_version,
            complete=len(self.attested_by) == 1,
            envelope=envelope,
        )

    def refuse_own_case(self, own_learner_id: UUID | None, learner_id: UUID) -> None:
        """Staff who are parents here: a colleague records them. Raises OwnCase."""
        if own_learner_id is not None and own_learner_id == learner_id:
            raise OwnCase

    def _must_stand(self, standing: Standing) -> None:
        if self.standing is not standing:
            raise SessionState(stands=self.standing.value)

    @event(Rescheduled)
    def _rescheduled(self, plan: SessionPlan, envelope: Envelope) -> None:
        self.plan = plan

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

    @event(HeadCounted)
    def _head_counted(
        self,
        persons_present: int,
        persons_recorded: int,
        explanation_code: str | None,
        envelope: Envelope,
    ) -> None:
        self.head_count = HeadCount(
            persons_present, persons_recorded, explanation_code, envelope.command_id
        )

    @event(Attested)
    def _attested(
        self, attested_as: Role, statement_version: str, complete: bool, envelope: Envelope
    ) -> None:
        self.attested_by[attested_as] = envelope.actor.id
        if complete:
            self.standing = Standing.ATTESTED
