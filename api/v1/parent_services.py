"""Parents who speak or help in a session, as JSON: named before it is attested."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.reaching import session_for
from api.v1.recorded import Recorded
from domain.service import ServiceKind

router = APIRouter(prefix="/api/v1", tags=["services"])


class Name(BaseModel):
    """Who is named for what, and for how long. Class hours are hundredths."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    kind: ServiceKind
    class_hours: int = Field(ge=25, le=800)


class Withdrawal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    kind: ServiceKind


class ServiceState(BaseModel):
    learner_id: UUID
    kind: ServiceKind
    class_hours: int


class ServiceList(BaseModel):
    services: list[ServiceState]


@router.get("/sessions/{session_id}/services")
def services_of(session_id: UUID, asking: InAsking) -> ServiceList:
    session_for(asking, session_id, Action.ATTENDANCE_READ)
    found = asking.runtime.book.services.of_session(session_id)
    return ServiceList(
        services=[
            ServiceState(learner_id=s.learner_id, kind=s.kind, class_hours=s.class_hours)
            for s in found
        ]
    )


@router.post("/sessions/{session_id}/services", status_code=status.HTTP_201_CREATED)
def name(session_id: UUID, body: Name, asking: InAsking) -> Recorded:
    """Name a learner of the school. Credited at the service's rate instead of their attendance."""
    _, by = session_for(asking, session_id, Action.SERVICE_NAME)
    position = asking.runtime.book.services.name(
        session_id, body.learner_id, body.kind, body.class_hours, by
    )
    return Recorded(position=asking.runtime.settle(position))


@router.post("/sessions/{session_id}/services/withdrawals", status_code=status.HTTP_201_CREATED)
def withdraw(session_id: UUID, body: Withdrawal, asking: InAsking) -> Recorded:
    _, by = session_for(asking, session_id, Action.SERVICE_NAME)
    position = asking.runtime.book.services.withdraw(session_id, body.learner_id, body.kind, by)
    return Recorded(position=asking.runtime.settle(position))
