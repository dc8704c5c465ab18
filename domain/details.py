"""Details that a person says are wrong: what is asked for lies in the vault under the request's id.

One request of a person waits at a time; the school answers it, or the person takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused as Refusal


class UnknownDetailsRequest(Refusal):
    """Nobody asked for that change at this school."""

    code = "details_request_unknown"


class DetailsRequestWaits(Refusal):
    """Another request of the same person has no answer yet."""

    code = "details_request_waits"


class DetailsRequestAnswered(Refusal):
    """The request was answered otherwise, or taken back."""

    code = "details_request_answered"


class DetailsUnchanged(Refusal):
    """What is asked for is what is recorded, or nothing."""

    code = "details_unchanged"


class Detail(StrEnum):
    """What may be wrong."""

    NAME = "name"
    PHONE = "phone"
    RELATION = "relation"


class DetailsState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DetailsRefusal(StrEnum):
    """Why a school leaves the details as they are."""

    NOT_VERIFIED = "not_verified"
    NOT_SO = "not_so"


@dataclass(frozen=True)
class DetailsRequest:
    """Which details, and how the request stands."""

    details: tuple[Detail, ...]
    state: DetailsState = DetailsState.WAITING


class DetailsRequests(LedgerAggregate):
    """One stream a learner: every change of details that was asked for."""

    TOPIC: ClassVar[str] = "details_request"

    class Opened(LedgerCreated):
        TOPIC = "details_request.opened"

        learner_id: UUID

    class Asked(LedgerEvent):
        TOPIC = "details_request.asked"

        learner_id: UUID
        request_id: UUID
        details: tuple[Detail, ...]
        commitment: str

    class Granted(LedgerEvent):
        TOPIC = "details_request.granted"

        learner_id: UUID
        request_id: UUID

    class Refused(LedgerEvent):
        TOPIC = "details_request.refused"

        learner_id: UUID
        request_id: UUID
        reason_code: DetailsRefusal

    class Withdrawn(LedgerEvent):
        TOPIC = "details_request.withdrawn"

        learner_id: UUID
        request_id: UUID

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("details requests", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.known: dict[UUID, DetailsRequest] = {}

    @property
    def waiting(self) -> UUID | None:
        """The request that has no answer yet."""
        states = ((key, each.state) for key, each in self.known.items())
        return next((key for key, state in states if state is DetailsState.WAITING), None)

    def ask(
        self, request_id: UUID, details: tuple[Detail, ...], commitment: str, envelope: Envelope
    ) -> None:
        """Ask for a change. Raises DetailsUnchanged, DetailsRequestWaits."""
        self.refuse_asking(details)
        self._asked(
            learner_id=self.learner_id,
            request_id=request_id,
            details=details,
            commitment=commitment,
            envelope=envelope,
        )

    def refuse_asking(self, details: tuple[Detail, ...]) -> None:
        """Raises DetailsUnchanged, DetailsRequestWaits: before anything is kept of it."""
        if not details:
            raise DetailsUnchanged
        if self.waiting:
            raise DetailsRequestWaits

    def grant(self, request_id: UUID, envelope: Envelope) -> bool:
        """Say that it is so; False where that was said already.

        Raises UnknownDetailsRequest, DetailsRequestAnswered.
        """
        is_open = self.is_open(request_id, DetailsState.GRANTED)
        if is_open:
            self._granted(learner_id=self.learner_id, request_id=request_id, envelope=envelope)
        return is_open

    def refuse(self, request_id: UUID, reason: DetailsRefusal, envelope: Envelope) -> None:
        """Leave the details as they are; again is no news.

        Raises UnknownDetailsRequest, DetailsRequestAnswered.
        """
        if self.is_open(request_id, DetailsState.REFUSED):
            self._refused(
                learner_id=self.learner_id,
                request_id=request_id,
                reason_code=reason,
                envelope=envelope,
            )

    def withdraw(self, request_id: UUID, envelope: Envelope) -> None:
        """Take it back; again is no news. Raises UnknownDetailsRequest, DetailsRequestAnswered."""
        if self.is_open(request_id, DetailsState.WITHDRAWN):
            self._withdrawn(learner_id=self.learner_id, request_id=request_id, envelope=envelope)

    def is_open(self, request_id: UUID, wanted: DetailsState) -> bool:
        """Whether a request waits, and does not stand as wanted yet.

        Raises UnknownDetailsRequest, DetailsRequestAnswered.
        """
        if request_id not in self.known:
            raise UnknownDetailsRequest(id=request_id)
        state = self.known[request_id].state
        if state not in {DetailsState.WAITING, wanted}:
            raise DetailsRequestAnswered
        return state is DetailsState.WAITING

    @event(Asked)
    def _asked(
        self,
        learner_id: UUID,
        request_id: UUID,
        details: tuple[Detail, ...],
        commitment: str,
        envelope: Envelope,
    ) -> None:
        self.known[request_id] = DetailsRequest(details)

    @event(Granted)
    def _granted(self, learner_id: UUID, request_id: UUID, envelope: Envelope) -> None:
        self._stands(request_id, DetailsState.GRANTED)

    @event(Refused)
    def _refused(
        self, learner_id: UUID, request_id: UUID, reason_code: DetailsRefusal, envelope: Envelope
    ) -> None:
        self._stands(request_id, DetailsState.REFUSED)

    @event(Withdrawn)
    def _withdrawn(self, learner_id: UUID, request_id: UUID, envelope: Envelope) -> None:
        self._stands(request_id, DetailsState.WITHDRAWN)

    def _stands(self, request_id: UUID, state: DetailsState) -> None:
        self.known[request_id] = DetailsRequest(self.known[request_id].details, state)
