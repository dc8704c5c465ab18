"""Hearings as JSON: how far one has come, who was told, and what they said."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.asking import InAsking
from api.hearing_reaching import described, matter_for, matter_shown
from api.proposed import Stage
from api.v1.case_states import LONGEST
from api.v1.recorded import Recorded
from domain.hearing import ToldBy
from domain.irregularity_finding import HeardBy

router = APIRouter(prefix="/api/v1/hearings", tags=["corrections"])


class Telling(BaseModel):
    model_config = ConfigDict(extra="forbid")

    how: ToldBy


class Statement(BaseModel):
    model_config = ConfigDict(extra="forbid")

    heard_by: HeardBy
    words: Annotated[str, Field(max_length=LONGEST)]


class HearingState(BaseModel):
    """A hearing of a waiting proposal for fraud; `answer_until` once its person was told."""

    stage: Stage
    answer_until: date | None


@router.get("/{matter_id}")
def hearing(matter_id: UUID, asking: InAsking) -> HearingState:
    """`matter_id` is a correction's, a teacher's correction's, or a certificate's id."""
    matter, by = matter_shown(asking, matter_id)
    found = described(asking, matter, by)
    return HearingState(stage=found.stage, answer_until=found.answer_until)


@router.post("/{matter_id}/telling")
def tell(matter_id: UUID, body: Telling, asking: InAsking) -> Recorded:
    """Say that the person was told today: their days to answer begin."""
    _, by = matter_for(asking, matter_id)
    position = asking.runtime.book.hearings.tell(matter_id, body.how, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/{matter_id}/statements")
def hear(matter_id: UUID, body: Statement, asking: InAsking) -> Recorded:
    """Take down what the person says; the words lie in the vault."""
    _, by = matter_for(asking, matter_id)
    position = asking.runtime.book.hearings.hear(matter_id, body.heard_by, body.words, by)
    return Recorded(position=asking.runtime.settle(position))
