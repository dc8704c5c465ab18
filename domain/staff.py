"""A member of staff: which roles, for which organisation, from when to when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope, Role
from domain.refusals import Refused


class OwnCase(Refused):
    """Nobody records, attests, approves or decides in their own case."""

    code = "own_case"


class LinkedOtherwise(Refused):
    """The member of staff is another parent already: a person is one learner."""

    code = "staff_linked_otherwise"


class GrantIsOver(Refused):
    """The last day of the grant lies before its first one."""

    code = "grant_over"


class GrantRunsLonger(Refused):
    """The grant is held until a later day (`ends`): whoever means to shorten it ends it first."""

    code = "grant_runs_longer"


class Staff(LedgerAggregate):
    """One person at work. `learner_id` names the same person as a parent, where they are one."""

    TOPIC: ClassVar[str] = "staff"

    class Registered(LedgerCreated):
        TOPIC = "staff.registered"

        learner_id: UUID | None = None

    class LinkedToLearner(LedgerEvent):
        TOPIC = "staff.linked_to_learner"

        learner_id: UUID

    class UnlinkedFromLearner(LedgerEvent):
        TOPIC = "staff.unlinked_from_learner"

        learner_id: UUID

    class LoginReset(LedgerEvent):
        TOPIC = "staff.login_reset"

    class Authorised(LedgerEvent):
        TOPIC = "staff.authorised"

        role: Role
        organisation: str
        begins: date
        ends: date

    class AuthorityEnded(LedgerEvent):
        TOPIC = "staff.authority_ended"

        role: Role
        organisation: str
        ended_on: date
        reason_code: str

    @event(Registered)
    def __init__(self, id: UUID, envelope: Envelope, learner_id: UUID | None = None) -> None:  # noqa: A002 - the library's name
        self.learner_id = learner_id
        self.grants: dict[tuple[Role, str], tuple[date, date]] = {}
        self.held: dict[tuple[Role, str], dict[date, date]] = {}

    def had(self, role: Role, organisation: str, day: date) -> bool:
        """Whether they had a role on a day, also one that is over by now."""
        spans = self.held.get((role, organisation), {})
        return any(begins <= day <= ends for begins, ends in spans.items())

    def link_to_learner(self, learner_id: UUID, envelope: Envelope) -> None:
        """Say that the same person is a parent here; again is no news. Raises LinkedOtherwise."""
        if self.learner_id not in {None, learner_id}:
            raise LinkedOtherwise(learner_id=self.learner_id)
        if self.learner_id is None:
            self._linked(learner_id=learner_id, envelope=envelope)

    def unlink_from_learner(self, learner_id: UUID, envelope: Envelope) -> None:
        """Take a wrong link back; one that is not there is no news. Raises LinkedOtherwise."""
        if self.learner_id not in {None, learner_id}:
            raise LinkedOtherwise(learner_id=self.learner_id)
        if self.learner_id is not None:
            self._unlinked(learner_id=learner_id, envelope=envelope)

    def reset_login(self, envelope: Envelope) -> None:
        """Say that somebody gave the person a new password and a new secret for their codes."""
        self._login_reset(envelope=envelope)

    def authorise(
        self, role: Role, organisation: str, begins: date, ends: date, envelope: Envelope
    ) -> None:
        """Grant a role for an organisation until a day; one that runs goes on since its first day.

        Raises GrantIsOver, GrantRunsLonger.
        """
        held = self.grants.get((role, organisation))
        if ends < begins:
            raise GrantIsOver(ends=ends)
        if held is not None and held[1] >= begins:
            if ends < held[1]:
                raise GrantRunsLonger(ends=held[1])
            begins = min(begins, held[0])
        if held != (begins, ends):
            self._authorised(
                role=role, organisation=organisation, begins=begins, ends=ends, envelope=envelope
            )

    def end_authority(
        self, role: Role, organisation: str, on: date, reason_code: str, envelope: Envelope
    ) -> None:
        """End a grant on a day. One that is not held is no news."""
        if (role, organisation) in self.grants:
            self._ended(
                role=role,
                organisation=organisation,
                ended_on=on,
                reason_code=reason_code,
                envelope=envelope,
            )

    def end_every_authority(self, on: date, reason_code: str, envelope: Envelope) -> None:
        """End all that is held, as when a person leaves."""
        for role, organisation in tuple(self.grants):
            self.end_authority(role, organisation, on, reason_code, envelope)

    @event(LinkedToLearner)
    def _linked(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id

    @event(UnlinkedFromLearner)
    def _unlinked(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = None

    @event(LoginReset)
    def _login_reset(self, envelope: Envelope) -> None:
        """The login itself lies beside the ledger."""

    @event(Authorised)
    def _authorised(
        self, role: Role, organisation: str, begins: date, ends: date, envelope: Envelope
    ) -> None:
        self.grants[role, organisation] = (begins, ends)
        self.held.setdefault((role, organisation), {})[begins] = ends

    @event(AuthorityEnded)
    def _ended(
        self, role: Role, organisation: str, ended_on: date, reason_code: str, envelope: Envelope
    ) -> None:
        begins, ends = self.grants.pop((role, organisation), (ended_on, ended_on))
        self.held.setdefault((role, organisation), {})[begins] = min(ends, ended_on)
