"""Whether the process lives and is ready: the database answers, no read model has stopped."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.asking import InRuntime

router = APIRouter()

MOST_LAG_SECONDS = 30.0


class Alive(BaseModel):
    status: str = "ok"


@router.get("/livez")
def livez() -> Alive:
    return Alive()


@router.get("/readyz")
def readyz(runtime: InRuntime) -> JSONResponse:
    """Ready when every read model follows the feed; a stopped or stalled one is named."""
    late = [
        status.name
        for status in runtime.projector.status()
        if status.stopped_reason
        or (status.lag_events and status.checkpoint_age_seconds > MOST_LAG_SECONDS)
    ]
    body = {"status": "late" if late else "ok", "late": late}
    return JSONResponse(body, 503 if late else 200)
