"""A body read as a whole, by whoever needs it before the route, and handed on: plain ASGI.

The framework's own objects for headers and streams cost more than what is asked of them here.
"""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from domain.refusals import Refused


class BodyTooLarge(Refused):
    """It is held in memory as a whole, so it has a bound."""

    code = "body_too_large"


def header_of(scope: Scope, name: bytes) -> str | None:
    """What the first header of that name (in small letters) says."""
    for each, value in scope["headers"]:
        if each == name:
            said: bytes = value
            return said.decode("latin-1")
    return None


async def whole_body(receive: Receive, most_bytes: int) -> bytes:
    """What comes in chunks told no length. Raises ClientDisconnect, BodyTooLarge."""
    body, goes_on = bytearray(), True
    while goes_on:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise BodyTooLarge(most=most_bytes)
        goes_on = message.get("more_body", False)
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Hand the body, already read, to the application once; then whatever the client says."""
    pending = [body]

    async def once() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return once
