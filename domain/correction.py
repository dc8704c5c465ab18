"""A correction: what is put right, signed by everybody it takes on one and the same preview."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict, Field

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.attendance import Stay
from domain.envelope import Envelope
from domain.external import MOST_HOURS
from domain.identity import derived
from domain.merging import Evidence
from domain.plan import HeldTimes
from domain.refusals import Refused
from domain.rules import ReversalReason


class UnknownCorrection(Refused):
    """No correction with that id was proposed."""

    code = "correction_unknown"


class PreviewOutdated(Refused):
    """What would change is not what was signed: look at the new preview (`sha256`)."""

    code = "preview_outdated"


class NeedsSecondPerson(Refused):
    """Whoever proposed a correction does not approve it."""

    code = "correction_needs_second_person"


class NotTheProposer(Refused):
    """Only whoever proposed a correction takes it back; others refuse it."""

    code = "correction_not_yours"


class CorrectionDecided(Refused):
    """The correction was applied, refused or withdrawn before (`state`)."""

    code = "correction_decided"


class NothingToCorrect(Refused):
    """What is recorded says so already."""

    code = "nothing_to_correct"


class Second(StrEnum):
    """Who signs beside the proposer."""

    NOBODY = "nobody"
    COLLEAGUE = "colleague"
    DISTRICT = "district"


class State(StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    IN_PLACE_OF_FRAUD: ClassVar[ReversalReason] = ReversalReason.FRAUD_CONFIRMED

    reason_code: ReversalReason

    @property
    def line_reason(self) -> ReversalReason:
        """Why lines are reversed by it: fraud is one person's, never that of all who came."""
        is_fraud = self.reason_code is ReversalReason.FRAUD_CONFIRMED
        return self.IN_PLACE_OF_FRAUD if is_fraud else self.reason_code

    @property
    def needs_hearing(self) -> bool:
        """Whether it says of one person that they cheated (rulebook: a chance to be heard)."""
        return self.line_reason is ReversalReason.FRAUD_CONFIRMED

    def second_beside(self, asked: Second) -> Second:
        """Who signs beside the proposer: fraud is always confirmed by two."""
        is_fraud = self.reason_code is ReversalReason.FRAUD_CONFIRMED
        return Second.COLLEAGUE if is_fraud and asked is Second.NOBODY else asked


class AttendanceOrder(_Order):
    """How long a learner really was at a session; no stay: they were not there."""

    kind: Literal["attendance"] = "attendance"
    session_id: UUID
    learner_id: UUID
    stay: Stay | None = None


class SessionTimesOrder(_Order):
    """When a session was really held, and how many class hours that was."""

    IN_PLACE_OF_FRAUD = ReversalReason.ENTRY_ERROR

    kind: Literal["session_times"] = "session_times"
    session_id: UUID
    times: HeldTimes


class SessionVoidOrder(_Order):
    """A session that does not count."""

    IN_PLACE_OF_FRAUD = ReversalReason.SESSION_VOIDED

    kind: Literal["session_void"] = "session_void"
    session_id: UUID


class ExamResultOrder(_Order):
    """What an attempt at an exam came to: a score, or a verdict where it has none; or nothing."""

    kind: Literal["exam_result"] = "exam_result"
    exam_id: UUID
    attempt_id: UUID
    score: int | None = None
    passed: bool | None = None


class MergeOrder(_Order):
    """Two records of one person: one speaks for both. `school_code`: where somebody saw it."""

    IN_PLACE_OF_FRAUD = ReversalReason.MERGED

    kind: Literal["merge"] = "merge"
    reason_code: ReversalReason = ReversalReason.MERGED
    school_code: str
    survivor_id: UUID
    merged_id: UUID
    evidence: Evidence


class UnmergeOrder(_Order):
    """Two records that were merged, and are two persons'."""

    IN_PLACE_OF_FRAUD = ReversalReason.UNMERGED

    kind: Literal["unmerge"] = "unmerge"
    reason_code: ReversalReason = ReversalReason.UNMERGED
    school_code: str
    survivor_id: UUID
    merged_id: UUID


class ExternalOrder(_Order):
    """How many hours recognised from elsewhere the document really proves; none: taken back.

    An order of no hours is recorded, and signed, as it was when there was no other.
    """

    kind: Literal["external"] = "external"
    external_id: UUID
    hours: int = Field(default=0, ge=0, le=MOST_HOURS, exclude_if=lambda hours: not hours)


Order = Annotated[
    AttendanceOrder
    | SessionTimesOrder
    | SessionVoidOrder
    | ExamResultOrder
    | MergeOrder
    | UnmergeOrder
    | ExternalOrder,
    Field(discriminator="kind"),
]


class Correction(LedgerAggregate):
    TOPIC: ClassVar[str] = "correction"

    class Proposed(LedgerCreated):
        TOPIC = "correction.proposed"

        order: Order
        school_code: str
        effective_term: str
        second: Second
        sha256: str
        counts: dict[str, int]

    class Applied(LedgerEvent):
        TOPIC = "correction.applied"

        sha256: str

    class Refused(LedgerEvent):
        TOPIC = "correction.refused"

        reason_code: str

    class Withdrawn(LedgerEvent):
        TOPIC = "correction.withdrawn"

    @staticmethod
    def create_id(command_id: UUID) -> UUID:
        """One command proposes one correction, however often it is sent."""
        return derived("correction", command_id)

    @event(Proposed)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        order: Order,
        school_code: str,
        effective_term: str,
        second: Second,
        sha256: str,
        counts: dict[str, int],
        envelope: Envelope,
    ) -> None:
        self.order = order
        self.school_code = school_code
        self.effective_term = effective_term
        self.second = second
        self.sha256 = sha256
        self.proposed_by = envelope.actor.id
        self.state = State.WAITING
        self.applied_by_command: UUID | None = None

    def apply(self, sha256: str, envelope: Envelope) -> None:
        """Sign what will change. Raises CorrectionDecided, NeedsSecondPerson, PreviewOutdated."""
        self._must_wait()
        if self.second is not Second.NOBODY and envelope.actor.id == self.proposed_by:
            raise NeedsSecondPerson
        if sha256 != self.sha256:
            raise PreviewOutdated(sha256=sha256)
        self._applied(sha256=sha256, envelope=envelope)

    def refuse(self, reason_code: str, envelope: Envelope) -> None:
        """Say no, as the second person. Raises CorrectionDecided, NeedsSecondPerson."""
        self._must_wait()
        if envelope.actor.id == self.proposed_by:
            raise NeedsSecondPerson
        self._refused(reason_code=reason_code, envelope=envelope)

    def withdraw(self, envelope: Envelope) -> None:
        """Take one's proposal back. Raises CorrectionDecided, NotTheProposer."""
        self._must_wait()
        if envelope.actor.id != self.proposed_by:
            raise NotTheProposer
        self._withdrawn(envelope=envelope)

    def _must_wait(self) -> None:
        if self.state is not State.WAITING:
            raise CorrectionDecided(state=self.state.value)

    @event(Applied)
    def _applied(self, sha256: str, envelope: Envelope) -> None:
        self.state = State.APPLIED
        self.applied_by_command = envelope.command_id

    @event(Refused)
    def _refused(self, reason_code: str, envelope: Envelope) -> None:
        self.state = State.REFUSED

    @event(Withdrawn)
    def _withdrawn(self, envelope: Envelope) -> None:
        self.state = State.WITHDRAWN
