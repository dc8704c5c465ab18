"""Whoever acted sees what they did: their next page waits for it, or says that it is not there yet.

A settled position that the read models did not reach in time, be they late or stopped, goes into
a cookie of half a minute.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.bootstrap import Runtime

COOKIE: Final = "pc_behind"
ATTRIBUTES: Final = "Max-Age=30; Path=/; HttpOnly; SameSite=Lax"
PATIENCE_SECONDS: Final = 3.0
MOST_DIGITS: Final = 18

_unseen: ContextVar[list[int] | None] = ContextVar("unseen", default=None)


def missed(position: int) -> None:
    """Remember for this request's answer that a recorded position is not shown yet."""
    unseen = _unseen.get()
    if unseen is not None:
        unseen.append(position)


class ReadYourWrites:
    """Tells the browser which position its next page has to wait for."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        unseen = begin_unseen(scope)

        async def send_with_position(message: Message) -> None:
            if message["type"] == "http.response.start" and unseen:
                told = set_cookie(unseen, secure=self._secure)
                message["headers"] = [*message.get("headers", ()), told]
            await send(message)

        await self._app(scope, receive, send_with_position)


def begin_unseen(scope: Scope) -> list[int]:
    """Where `missed` puts what a request recorded, in this context or in a copy of it."""
    unseen: list[int] = scope.setdefault("unseen", [])
    _unseen.set(unseen)
    return unseen


def set_cookie(unseen: Sequence[int], *, secure: bool) -> tuple[bytes, bytes]:
    """The header that tells it."""
    told = f"{COOKIE}={max(unseen)}; {ATTRIBUTES}{'; Secure' if secure else ''}"
    return b"set-cookie", told.encode()


def is_behind(request: Request, runtime: Runtime) -> bool:
    """Whether the page would be older than the asker's own last act; waits three seconds for it."""
    told = request.cookies.get(COOKIE, "")
    if request.method != "GET" or not (told.isascii() and told.isdigit()):
        return False
    if len(told) > MOST_DIGITS or int(told) > runtime.book.ledger.position():
        return False
    return not runtime.projector.wait_for(int(told), PATIENCE_SECONDS)
