"""A person asks that their personal data be erased; the data protection officer decides.

Facts stay, without a name: hours, attendances and totals go on to add up. Names, phones, words and
documents lie in the vault, and go with the person's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused as Refusal


class UnknownErasure(Refusal):
    """Nobody asked for that erasure."""

    code = "erasure_unknown"


class ErasureWaits(Refusal):
    """The person asked already, with another wish for the certificates: that one is decided."""

    code = "erasure_waits"


class ErasureAnswered(Refusal):
    """The request was answered otherwise, or taken back."""

    code = "erasure_answered"


class PersonErased(Refusal):
    """The person's data were erased: there is nothing left to erase, or to change."""

    code = "person_erased"


class ErasureObstructed(Refusal):
    """A certificate's revocation is proposed: it is decided before its holder is erased."""

    code = "erasure_obstructed"


class CertificateWish(StrEnum):
    """What becomes of the certificates that are in force."""

    WITHDRAW = "withdraw"
    KEEP = "keep"


class ErasureGround(StrEnum):
    """Why a request is not granted (PIPL 47; `domain` wording: 不予删除)."""

    NOT_IDENTIFIED = "not_identified"
    PROCEDURE_OPEN = "procedure_open"
    DUTY_TO_KEEP = "duty_to_keep"


class ErasureState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Scope(BaseModel):
    """What an erasure takes away, by ids alone: enough to carry it out again after a restore."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    records: tuple[UUID, ...]  # the person's own, merged ones too: their phones are unbound
    subjects: tuple[UUID, ...]  # everything in the vault that is theirs, the records among them
    scans: tuple[UUID, ...] = ()  # pictures of paper on which they stand
    kept: tuple[UUID, ...] = ()  # certificates whose documents stay, by the person's wish
    withdrawn: tuple[UUID, ...] = ()  # certificates that are given up with it


@dataclass(frozen=True)
class ErasureRequest:
    certificates: CertificateWish
    state: ErasureState = ErasureState.WAITING


class Erasure(LedgerAggregate):
    """One stream a person: what was asked for, and what became of it."""

    TOPIC: ClassVar[str] = "erasure"

    class Opened(LedgerCreated):
        TOPIC = "erasure.opened"

        learner_id: UUID

    class Requested(LedgerEvent):
        TOPIC = "erasure.requested"

        learner_id: UUID
        request_id: UUID
        school_code: str
        certificates: CertificateWish

    class Withdrawn(LedgerEvent):
        TOPIC = "erasure.withdrawn"

        learner_id: UUID
        request_id: UUID

    class Refused(LedgerEvent):
        TOPIC = "erasure.refused"

        learner_id: UUID
        request_id: UUID
        ground_code: ErasureGround

    class CarriedOut(LedgerEvent):
        TOPIC = "erasure.carried_out"

        learner_id: UUID
        request_id: UUID
        scope: Scope

    @staticmethod
    def create_id(learner_id: UUID) -> UUID:
        return derived("erasure", learner_id)

    @event(Opened)
    def __init__(self, learner_id: UUID, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.known: dict[UUID, ErasureRequest] = {}
        self.scope: Scope | None = None

    @property
    def waiting(self) -> UUID | None:
        """The request that has no answer yet."""
        states = ((key, each.state) for key, each in self.known.items())
        return next((key for key, state in states if state is ErasureState.WAITING), None)

    def request(
        self,
        request_id: UUID,
        school_code: str,
        certificates: CertificateWish,
        envelope: Envelope,
    ) -> None:
        """Ask to be erased; the same while it waits is no news.

        Raises ErasureWaits, PersonErased.
        """
        if self.scope is not None:
            raise PersonErased
        if (waiting := self.waiting) is not None:
            if self.known[waiting].certificates is not certificates:
                raise ErasureWaits
            return
        self._requested(
            learner_id=self.learner_id,
            request_id=request_id,
            school_code=school_code,
            certificates=certificates,
            envelope=envelope,
        )

    def withdraw(self, request_id: UUID, envelope: Envelope) -> None:
        """Take it back; again is no news. Raises UnknownErasure, ErasureAnswered."""
        if self.is_open(request_id, ErasureState.WITHDRAWN):
            self._withdrawn(learner_id=self.learner_id, request_id=request_id, envelope=envelope)

    def refuse(self, request_id: UUID, ground: ErasureGround, envelope: Envelope) -> None:
        """Do not erase; again is no news. Raises UnknownErasure, ErasureAnswered."""
        if self.is_open(request_id, ErasureState.REFUSED):
            self._refused(
                learner_id=self.learner_id,
                request_id=request_id,
                ground_code=ground,
                envelope=envelope,
            )

    def carry_out(self, request_id: UUID, scope: Scope, envelope: Envelope) -> bool:
        """Erase; False where that was done already. Raises UnknownErasure, ErasureAnswered."""
        if not self.is_open(request_id, ErasureState.CARRIED_OUT):
            return False
        self.carry_out_again(request_id, scope, envelope)
        return True

    def carry_out_again(self, request_id: UUID, scope: Scope, envelope: Envelope) -> None:
        """What was carried out once holds, also where a restored ledger never heard of it."""
        if self.scope is None:
            self._carried_out(
                learner_id=self.learner_id, request_id=request_id, scope=scope, envelope=envelope
            )

    def is_open(self, request_id: UUID, wanted: ErasureState) -> bool:
        """Whether a request waits, and does not stand as wanted yet.

        Raises UnknownErasure, ErasureAnswered.
        """
        if request_id not in self.known:
            raise UnknownErasure(id=request_id)
        state = self.known[request_id].state
        if state not in {ErasureState.WAITING, wanted}:
            raise ErasureAnswered
        return state is ErasureState.WAITING

    @event(Requested)
    def _requested(
        self,
        learner_id: UUID,
        request_id: UUID,
        school_code: str,
        certificates: CertificateWish,
        envelope: Envelope,
    ) -> None:
        self.known[request_id] = ErasureRequest(certificates)

    @event(Withdrawn)
    def _withdrawn(self, learner_id: UUID, request_id: UUID, envelope: Envelope) -> None:
        self._stands(request_id, ErasureState.WITHDRAWN)

    @event(Refused)
    def _refused(
        self, learner_id: UUID, request_id: UUID, ground_code: ErasureGround, envelope: Envelope
    ) -> None:
        self._stands(request_id, ErasureState.REFUSED)

    @event(CarriedOut)
    def _carried_out(
        self, learner_id: UUID, request_id: UUID, scope: Scope, envelope: Envelope
    ) -> None:
        self.scope = scope
        self._stands(request_id, ErasureState.CARRIED_OUT)

    def _stands(self, request_id: UUID, state: ErasureState) -> None:
        before = self.known.get(request_id, ErasureRequest(CertificateWish.KEEP))
        self.known[request_id] = ErasureRequest(before.certificates, state)
