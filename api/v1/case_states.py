"""Disputes and appeals as JSON: what is sent, and what is told. Words are told to their parent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.dispute import AnswerReason, DisputeReason, Subject, SubjectKind
from domain.verdict import Outcome
from ledger.appeals import Ruling
from ledger.cases import Answer

LONGEST = 500

Words = Annotated[str, Field(max_length=LONGEST)]


class About(BaseModel):
    """One thing of the learner's. A line of the account is named by its entry."""

    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject_id: UUID
    words: Words = ""

    @property
    def subject(self) -> Subject:
        return Subject(kind=self.subject_kind, id=self.subject_id)


class NewDispute(About):
    reason: DisputeReason


class NewAppeal(About):
    """An appeal at no cost: the words may be left out."""


class DisputeOnPaper(NewDispute):
    learner_id: UUID


class AppealOnPaper(NewAppeal):
    learner_id: UUID


class NewAnswer(BaseModel):
    """A no is explained in words; a yes may name the correction that was made."""

    model_config = ConfigDict(extra="forbid")

    upheld: bool
    reason: AnswerReason
    words: Words = ""
    correction_id: UUID | None = None

    @property
    def answer(self) -> Answer:
        return Answer(self.upheld, self.reason, self.words, self.correction_id)


class NewRuling(BaseModel):
    """A decision, always explained, with the corrections that were made because of it."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    reason: AnswerReason
    words: Words = ""
    correction_ids: tuple[UUID, ...] = Field(default=(), max_length=20)

    @property
    def ruling(self) -> Ruling:
        return Ruling(self.outcome, self.reason, self.words, self.correction_ids)


class Spoken(BaseModel):
    """What a parent adds when they go on."""

    model_config = ConfigDict(extra="forbid")

    words: Words = ""


class Linked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    correction_id: UUID


class Entries(BaseModel):
    """Lines of the learner's account."""

    model_config = ConfigDict(extra="forbid")

    entry_ids: tuple[UUID, ...] = Field(min_length=1, max_length=50)


class Opened(BaseModel):
    case_id: UUID


class CaseState(BaseModel):
    """`due` is the last day for whoever acts next, `next_until` the last day for the parent."""

    model_config = ConfigDict(from_attributes=True)

    case_id: UUID
    kind: str
    learner_id: UUID
    school_code: str
    term: str
    subject_kind: str
    subject_id: UUID
    session_id: UUID | None
    title: str | None
    reason_code: str
    stands: str
    opened_at: datetime
    due: date
    due_estimated: bool
    outcome: str | None
    ended_at: datetime | None
    next_until: date | None
    dispute_id: UUID | None
    acknowledged: bool
    corrections: tuple[UUID, ...]


class StepState(BaseModel):
    """One fact of a case. `has_words` says that somebody wrote something beside it."""

    position: int
    topic: str
    at: datetime
    role: str
    channel: str
    outcome: str | None
    reason_code: str | None
    due: date | None
    correction_id: UUID | None
    has_words: bool
    words: str | None = None


class CaseHistory(BaseModel):
    case: CaseState
    steps: list[StepState]


class CaseList(BaseModel):
    cases: list[CaseState]


class SchoolCases(BaseModel):
    """What waits, the nearest last day first; what ended, the newest first."""

    open: list[CaseState]
    ended: list[CaseState]
    next_open: str | None
    next_ended: UUID | None


class OverdueState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    district_code: str
    kind: str
    stands: str
    cases: int


class DistrictCases(SchoolCases):
    """What parents brought before the district, and how many cases wait too long, in figures."""

    overdue: list[OverdueState]
