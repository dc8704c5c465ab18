"""A decision about an appeal: its outcome, what it rests on, and where its words lie."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.dispute import AnswerReason, ReasonsMissing


class Outcome(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    REFUSED = "refused"


class Verdict(BaseModel):
    """A decision: its outcome, its reason as a code, and where its words lie in the vault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome
    reason_code: AnswerReason
    words_id: UUID | None = None

    def must_have_reasons(self) -> None:
        """Raises ReasonsMissing."""
        if self.words_id is None:
            raise ReasonsMissing

    def is_like(self, other: Verdict) -> bool:
        return (self.outcome, self.reason_code) == (other.outcome, other.reason_code)
