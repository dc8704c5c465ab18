"""Rotating codes of a session for the screen that shows them, and the count beside them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.asking import InAsking
from api.presenting import Codes, Live, codes_of, live_of, presented

router = APIRouter(prefix="/api/v1", tags=["sessions"])


@router.get("/sessions/{session_id}/codes")
def codes(session_id: UUID, asking: InAsking, response: Response) -> Codes:
    """The codes from now on, five minutes of them. For those who may present the session."""
    response.headers["Cache-Control"] = "no-store"
    return codes_of(asking.runtime, presented(session_id, asking))


@router.get("/sessions/{session_id}/live")
def live(session_id: UUID, asking: InAsking, response: Response) -> Live:
    """How many are in."""
    response.headers["Cache-Control"] = "no-store"
    return live_of(asking.runtime, presented(session_id, asking))
