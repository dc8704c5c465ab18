"""One word that joins the lines of a request, its answer, and what a proxy wrote of it."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict

HEADER: Final = b"x-request-id"
NAME: Final = "request_id"
# A random id and nothing else: a phone or a name in its place would be written into every line.
_RANDOM: Final = re.compile(rb"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_answered: ContextVar[str | None] = ContextVar("request_id", default=None)


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

        before = _answered.set(request_id)
        try:
            await self._app(scope, receive, send_named)
        finally:
            _answered.reset(before)


def id_of(scope: Scope) -> str:
    """The one that was sent, where it can be nothing but an id; else a new one."""
    sent = [value for name, value in scope["headers"] if name == HEADER]
    if len(sent) == 1 and _RANDOM.fullmatch(sent[0]):
        found: bytes = sent[0]
        return found.decode()
    return secrets.token_hex(16)


def current() -> dict[str, str]:
    """The id of the request that is answered, as a field of the answer; empty outside of one."""
    found = _answered.get()
    return {} if found is None else {NAME: found}


def joined(_logger: object, _method: str, line: EventDict) -> EventDict:
    """A line of the log that is written while a request is answered bears its id."""
    for name, value in current().items():
        line.setdefault(name, value)
    return line
