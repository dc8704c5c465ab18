"""One word that joins the lines of a request, its answer, and what a proxy wrote of it."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import contextvars

HEADER: Final = b"x-request-id"
NAME: Final = "request_id"
# A random id and nothing else: a phone or a name in its place would be written into every line.
_RANDOM: Final = re.compile(rb"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class RequestIds:
    """Plain ASGI, around everything that may log or refuse."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = id_of(scope)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = (HEADER, request_id.encode())
                message["headers"] = [*message.get("headers", ()), named]
            await send(message)

        with contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, send_named)


def id_of(scope: Scope) -> str:
    """The one that was sent, where it can be nothing but an id; else a new one."""
    sent = [value for name, value in scope["headers"] if name == HEADER]
    if len(sent) == 1 and _RANDOM.fullmatch(sent[0]):
        found: bytes = sent[0]
        return found.decode()
    return uuid4().hex


def current() -> dict[str, str]:
    """The id of the request that is answered, as a field of the answer; empty outside of one."""
    found = contextvars.get_contextvars().get(NAME)
    return {} if found is None else {NAME: str(found)}
