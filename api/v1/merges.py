"""Records that may be one person's, as JSON; the merge itself is proposed as a correction."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.merging import suggestions, tell_apart
from api.v1.recorded import Recorded

router = APIRouter(prefix="/api/v1", tags=["merges"])


class Suggestion(BaseModel):
    """Two records and what they have in common: a kind of thing, never its value."""

    learner_ids: tuple[UUID, UUID]
    because: list[str]
    across_schools: bool


class SuggestionList(BaseModel):
    suggestions: list[Suggestion]


class Pair(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learner_ids: list[UUID] = Field(min_length=2, max_length=2)


@router.get("/schools/{school_code}/merge-suggestions")
def suggested(school_code: str, asking: InAsking) -> SuggestionList:
    asking.may(Action.MERGE_PROPOSE, school_code)
    return SuggestionList(
        suggestions=[
            Suggestion(
                learner_ids=(found.pair.one, found.pair.other),
                because=list(found.pair.kinds),
                across_schools=found.is_across,
            )
            for found in suggestions(asking, school_code)
        ]
    )


@router.post("/schools/{school_code}/told-apart", status_code=status.HTTP_201_CREATED)
def apart(school_code: str, body: Pair, asking: InAsking) -> Recorded:
    """Say that two records are two persons': the suggestion is not made again."""
    by = asking.may(Action.MERGE_PROPOSE, school_code)
    one, other = body.learner_ids
    return Recorded(position=tell_apart(asking, school_code, (one, other), by))
