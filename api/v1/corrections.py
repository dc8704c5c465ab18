"""Corrections as JSON: preview, propose, sign as the second person, refuse, take back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, ConfigDict, Field

from api.asking import InAsking
from api.correcting import (
    correction_for,
    may_read,
    previewed,
    proposer,
    proposing,
    signer,
)
from api.corrections_waiting import awaited
from api.v1.parts import After, Limit, part_of
from domain.correction import Order, Second
from domain.effects import Change
from projections.correction_board import CorrectionRow

router = APIRouter(prefix="/api/v1", tags=["corrections"])

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order: Order


class SignedWish(Wish):
    """An order with the hash of the preview that its proposer has seen."""

    sha256: Sha256


class Signature(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sha256: Sha256


class No(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason_code: str = Field(pattern=r"^[a-z_]{1,40}$")


class PreviewState(BaseModel):
    """Everything that would change, learner by learner; `sha256` is what is signed."""

    school_code: str
    effective_term: str
    second: Second
    sha256: str
    changes: list[Change]


class CorrectionState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    correction_id: UUID
    kind: str
    school_code: str
    effective_term: str
    order: dict[str, object]
    second: str
    sha256: str
    counts: dict[str, int]
    state: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    refusal_reason: str | None


class CorrectionList(BaseModel):
    """The newest first; `next_after` leads to the rest, where there is more."""

    corrections: list[CorrectionState]
    next_after: UUID | None


class Done(BaseModel):
    correction_id: UUID
    state: str


@router.post("/corrections/preview")
def preview(body: Wish, asking: InAsking) -> PreviewState:
    """What an order would change. Nothing is recorded."""
    found = previewed(asking, body.order)
    return PreviewState(
        school_code=found.school_code,
        effective_term=found.effective_term,
        second=found.second,
        sha256=found.sha256,
        changes=list(found.effects.changes),
    )


@router.post("/corrections", status_code=status.HTTP_201_CREATED)
def propose(body: SignedWish, asking: InAsking) -> Done:
    """Sign a preview: it is applied at once, or waits for the second person it takes."""
    by = proposer(asking, body.order)
    book = asking.runtime.book
    correction = book.corrections.propose(body.order, body.sha256, by)
    asking.runtime.settle(book.ledger.position())
    return Done(correction_id=correction.id, state=correction.state)


@router.get("/schools/{school_code}/corrections")
def corrections_of(
    school_code: str,
    asking: InAsking,
    state: Annotated[str | None, Query(pattern=r"^[a-z]{1,20}$")] = None,
    after: After = None,
    limit: Limit = 200,
) -> CorrectionList:
    may_read(asking, school_code)
    board = asking.runtime.models.corrections
    found, following = part_of(
        lambda part: board.of_schools([school_code], state, part),
        id_of, after, limit,
    )  # fmt: skip
    return CorrectionList(corrections=[shown(row) for row in found], next_after=following)


@router.get("/corrections")
def waiting_for_me(asking: InAsking, after: After = None, limit: Limit = 200) -> CorrectionList:
    """What waits in the schools that the asker looks after, school or district."""
    wanted, board = awaited(asking), asking.runtime.models.corrections
    found, following = part_of(partial(board.awaited, wanted), id_of, after, limit)
    return CorrectionList(corrections=[shown(row) for row in found], next_after=following)


@router.get("/corrections/{correction_id}")
def correction(correction_id: UUID, asking: InAsking) -> CorrectionState:
    return shown(correction_for(asking, correction_id))


@router.post("/corrections/{correction_id}/approval")
def approve(correction_id: UUID, body: Signature, asking: InAsking) -> Done:
    """Sign as the second person: what follows equals the preview, or nothing happens."""
    by = signer(asking, correction_for(asking, correction_id))
    book = asking.runtime.book
    done = book.corrections.approve(correction_id, body.sha256, by)
    asking.runtime.settle(book.ledger.position())
    return Done(correction_id=correction_id, state=done.state)


@router.post("/corrections/{correction_id}/refusal")
def refuse(correction_id: UUID, body: No, asking: InAsking) -> Done:
    by = signer(asking, correction_for(asking, correction_id))
    asking.runtime.settle(
        asking.runtime.book.corrections.refuse(correction_id, body.reason_code, by)
    )
    return Done(correction_id=correction_id, state="refused")


@router.post("/corrections/{correction_id}/withdrawal")
def withdraw(correction_id: UUID, asking: InAsking) -> Done:
    by = proposing(asking, correction_for(asking, correction_id))
    asking.runtime.settle(asking.runtime.book.corrections.withdraw(correction_id, by))
    return Done(correction_id=correction_id, state="withdrawn")


def id_of(row: CorrectionRow) -> UUID:
    return row.correction_id


def shown(row: CorrectionRow) -> CorrectionState:
    return CorrectionState.model_validate(row)
