"""Answers by gzip where it is worth it: a small one passes by the library's layer untouched."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware, GZipResponder, IdentityResponder
from starlette.types import Message, Receive, Scope, Send


class Zipped(GZipMiddleware):
    """Asks how long the answer is before it makes the library's responder."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        onward = send

        async def send_zipped(message: Message) -> None:
            nonlocal onward
            if message["type"] == "http.response.start" and not self._is_small(message):
                onward = self._responder(scope, send).send_with_compression
            await onward(message)

        await self.app(scope, receive, send_zipped)

    def _is_small(self, start: Message) -> bool:
        """Whether the answer says that it is shorter than what is zipped."""
        for name, value in start.get("headers", ()):
            if name == b"content-length":
                return int(value) < self.minimum_size
        return False

    def _responder(self, scope: Scope, send: Send) -> IdentityResponder:
        accepted = (value for name, value in scope["headers"] if name == b"accept-encoding")
        kind = GZipResponder if b"gzip" in next(accepted, b"") else IdentityResponder
        responder = kind(
            self.app, self.minimum_size, exclude_content_types=self.exclude_content_types
        )
        responder.send = send
        return responder
