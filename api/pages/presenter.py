"""The presenter: the screen of a session with its turning code and the live count."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.asking import InAsking, InRuntime
from api.presenting import InPresented, live_of, presented, takes_codes
from api.rendering import page

router = APIRouter(include_in_schema=False)

SECONDS_BETWEEN_LOOKS = 0.5
# A stream ends by itself and the browser opens the next one: rights that ended meanwhile are
# noticed, and a process that stops does not wait for screens.
STREAM_LIFE = timedelta(minutes=1)
RETRY_MILLISECONDS = 1000


@router.get("/staff/sessions/{session_id}/present")
def presenter(request: Request, session_id: UUID, asking: InAsking) -> Response:
    session, runtime = presented(session_id, asking), asking.runtime
    school = runtime.book.registry.school(session.plan.school_code)
    rules = runtime.book.sessions.rulebook_of(session).attendance
    return page(
        request, "presenter.html", home="/staff", session_id=session.id, plan=session.plan,
        school=school.name, live=live_of(runtime, session),
        takes_codes=takes_codes(session, runtime.now()),
        host=urlsplit(runtime.settings.public_url).netloc,
        seconds=rules.rotating_code_seconds,
    )  # fmt: skip


# The dependency reads the path, and refuses before the stream begins.
@router.get("/staff/sessions/{session_id}/live", response_class=EventSourceResponse)  # noqa: FAST003
async def live(
    request: Request, session: InPresented, runtime: InRuntime
) -> AsyncGenerator[ServerSentEvent]:
    """The count, each time it changes."""
    told = None
    ends = asyncio.get_running_loop().time() + STREAM_LIFE.total_seconds()
    while asyncio.get_running_loop().time() < ends and not await request.is_disconnected():
        now = await run_in_threadpool(live_of, runtime, session)
        if now != told:
            told = now
            yield ServerSentEvent(event="live", data=now, retry=RETRY_MILLISECONDS)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
