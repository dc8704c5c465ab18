"""Erasure as JSON: one's own request, one on paper, and the data protection officer's answer."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from api import erasing
from api.access.actions import Action
from api.asking import InAsking, InParent
from api.details import writer_at
from api.v1.cases import on_paper
from api.v1.recorded import Recorded
from domain.erasure import CertificateWish, ErasureGround, ErasureState
from projections.erasure_board import ErasureLine

router = APIRouter(prefix="/api/v1", tags=["erasures"])

ONE = "/erasure-requests/{erasure_request_id}"


class ErasureRequestState(BaseModel):
    request_id: UUID
    learner_id: UUID
    school_code: str
    certificates: CertificateWish
    requested_at: datetime
    on_paper: bool
    state: ErasureState
    ground_code: ErasureGround | None
    answered_at: datetime | None
    answer_due: date | None = None


class ErasureRequestList(BaseModel):
    requests: list[ErasureRequestState]
    older: UUID | None = None  # where there are more: what to send as `before`


class ErasureWish(BaseModel):
    """What becomes of the certificates that are in force."""

    model_config = ConfigDict(extra="forbid")

    certificates: CertificateWish = CertificateWish.WITHDRAW


class ErasureOnPaper(ErasureWish):
    learner_id: UUID


class ErasureCarryingOut(BaseModel):
    model_config = ConfigDict(extra="forbid")

    identity_checked: bool = False


class ErasureRefusing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ground_code: ErasureGround


@router.get("/me/erasure-requests")
def own(asking: InParent) -> ErasureRequestList:
    learner_id, _ = asking.own(Action.OWN_ERASURE)
    return ErasureRequestList(
        requests=[state(line) for line in asking.runtime.models.erasures.of_learner(learner_id)]
    )


@router.post("/me/erasure-requests", status_code=status.HTTP_201_CREATED)
def ask(body: ErasureWish, asking: InParent) -> Recorded:
    """Ask to be erased; one waits at a time, and the same again is the same request."""
    learner_id, by = asking.own(Action.OWN_ERASURE)
    return Recorded(position=erasing.request(asking.runtime, learner_id, body.certificates, by))


@router.post(
    "/me/erasure-requests/{erasure_request_id}/withdrawal", status_code=status.HTTP_201_CREATED
)
def withdraw(erasure_request_id: UUID, asking: InParent) -> Recorded:
    return Recorded(position=erasing.withdraw_own(asking, erasure_request_id))


@router.post("/schools/{school_code}/erasure-requests", status_code=status.HTTP_201_CREATED)
def ask_on_paper(school_code: str, body: ErasureOnPaper, asking: InAsking) -> Recorded:
    """Write down for a parent who asks in writing: paper counts the same as the phone."""
    by = on_paper(writer_at(asking, school_code, body.learner_id))
    runtime = asking.runtime
    return Recorded(position=erasing.request(runtime, body.learner_id, body.certificates, by))


@router.get("/erasure-requests")
def waiting(asking: InAsking, before: UUID | None = None) -> ErasureRequestList:
    """What waits for the asker's answer, the oldest first, then what was answered.

    The newest hundred answers; `before` goes on with what was answered before that request.
    """
    listed = erasing.listed(asking, before)
    return ErasureRequestList(
        requests=[
            *(state(each.line, each.due) for each in listed.waiting),
            *(state(line) for line in listed.answered),
        ],
        older=listed.older,
    )


@router.post(ONE + "/carrying-out", status_code=status.HTTP_201_CREATED)
def carry_out(erasure_request_id: UUID, body: ErasureCarryingOut, asking: InAsking) -> Recorded:
    """Erase the person, for good; `identity_checked` says that it is they who asked."""
    line, by = erasing.decidable(asking, erasure_request_id)
    checked = body.identity_checked
    return Recorded(position=erasing.carry_out(asking.runtime, line, by, identity_checked=checked))


@router.post(ONE + "/refusal", status_code=status.HTTP_201_CREATED)
def refuse(erasure_request_id: UUID, body: ErasureRefusing, asking: InAsking) -> Recorded:
    line, by = erasing.decidable(asking, erasure_request_id)
    return Recorded(position=erasing.refuse(asking.runtime, line, body.ground_code, by))


def state(line: ErasureLine, due: date | None = None) -> ErasureRequestState:
    return ErasureRequestState(
        request_id=line.request_id,
        learner_id=line.learner_id,
        school_code=line.school_code,
        certificates=CertificateWish(line.certificates),
        requested_at=line.requested_at,
        on_paper=line.on_paper,
        state=ErasureState(line.state),
        ground_code=ErasureGround(line.ground_code) if line.ground_code else None,
        answered_at=line.answered_at,
        answer_due=due,
    )
