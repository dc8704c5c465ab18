"""Whether the process lives and is ready: the database answers, no read model has stopped."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.asking import InRuntime
from api.followers import standings
from projections.projector import ProjectionStatus

router = APIRouter()

MOST_LAG_SECONDS = 30.0


class Alive(BaseModel):
    status: str = "ok"


@router.get("/livez")
async def livez() -> Alive:
    return Alive()


@router.get("/readyz")
def readyz(request: Request, runtime: InRuntime) -> JSONResponse:
    """Ready when check-ins can be sent and every read model follows the feed.

    A read model that stopped or stalled is named.
    """
    standing = standings(runtime)
    late = [each.name for each in standing if is_late(each)]
    is_connected: bool = request.app.state.intake.is_connected
    body = {
        "status": "unconnected" if not is_connected else "late" if late else "ok",
        "check_ins": is_connected,
        "late": late,
        "projections": {
            each.name: {
                "lag_events": each.lag_events,
                "checkpoint_age_seconds": round(each.checkpoint_age_seconds, 1),
                "stopped": each.stopped_reason is not None,
            }
            for each in standing
        },
    }
    return JSONResponse(body, 503 if late or not is_connected else 200)


def is_late(standing: ProjectionStatus) -> bool:
    if standing.stopped_reason is not None:
        return True
    return standing.lag_events > 0 and standing.checkpoint_age_seconds > MOST_LAG_SECONDS


@router.get("/metrics", response_class=Response, include_in_schema=False)
def metrics(request: Request, runtime: InRuntime) -> Response:
    """For Prometheus. Without the token that the settings name, there is no such address."""
    token = runtime.settings.metrics_token
    sent = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if token is None or not secrets.compare_digest(sent, token.get_secret_value().encode()):
        raise HTTPException(404)
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
