"""The inbox of a session's scanner as JSON: what waits, and the decision about each scan."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import InAsking
from api.reaching import session_for
from api.v1.recorded import Recorded
from domain.waiting_scan import ScanRefusal, Way

router = APIRouter(prefix="/api/v1", tags=["check-in"])


class WaitingScan(BaseModel):
    """A scan that was not taken when it came; `is_taken` of null: nobody has decided yet."""

    model_config = ConfigDict(from_attributes=True)

    scan_id: UUID
    way: Way
    scanned_at: datetime
    kept_at: datetime
    channel: str
    reason_code: str
    learner_id: UUID | None
    is_taken: bool | None
    refusal_code: ScanRefusal | None
    decided_at: datetime | None


class ScanInbox(BaseModel):
    session_id: UUID
    scans: list[WaitingScan]


class ScanDecision(BaseModel):
    """Take a scan at its own time; or, with a reason, do not."""

    model_config = ConfigDict(extra="forbid")

    refused_because: ScanRefusal | None = None


@router.get("/sessions/{session_id}/inbox")
def inbox(session_id: UUID, asking: InAsking) -> ScanInbox:
    session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    lines = asking.runtime.models.scan_inbox.of_session(session_id)
    scans = [WaitingScan.model_validate(line) for line in lines]
    return ScanInbox(session_id=session_id, scans=scans)


@router.post("/sessions/{session_id}/inbox/{scan_id}/decision")
def decide(session_id: UUID, scan_id: UUID, body: ScanDecision, asking: InAsking) -> Recorded:
    _, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    scans = asking.runtime.book.waiting_scans
    if body.refused_because is None:
        position = scans.take(session_id, scan_id, by)
    else:
        position = scans.turn_down(session_id, scan_id, body.refused_because, by)
    return Recorded(position=asking.runtime.settle(position))
