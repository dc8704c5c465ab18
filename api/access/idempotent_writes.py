"""The ASGI door for `Idempotency-Key`: a write runs once, its answer is played back afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.idempotency import (
    Answer,
    Claim,
    Idempotency,
    IdempotencyKeyMalformed,
    command_id_of,
    fingerprint_of,
)
from api.access.owed_answers import OwedAnswers
from api.answers import AWAY, StoreAway
from api.whole_bodies import header_of, replayed, whole_body
from domain.refusals import Refused

HEADER: Final = b"idempotency-key"
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT_HEADERS: Final = frozenset({"content-type", "content-language", "location"})


@dataclass(frozen=True, slots=True)
class IdempotentWrites:
    """Middleware; a route finds `request.state.command_id` where a key was sent.

    `asker_of` names who asks (None: nobody known, the header means nothing); `refuse` turns a
    refusal into the answer the routes would give. An answer that sets a cookie is never kept.
    """

    app: ASGIApp
    idempotency: Idempotency
    asker_of: Callable[[Request], str | None]
    refuse: Callable[[Request, Refused], Response]
    now: Callable[[], datetime]
    most_bytes: int = 2 * 1024 * 1024
    owed: OwedAnswers = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owed", OwedAnswers(self.idempotency))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _WRITES:
            await self.app(scope, receive, send)
            return
        key = header_of(scope, HEADER)
        if key is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            begun = await self._begun(request, key)
        except Refused as refused:
            await self.refuse(request, refused)(scope, receive, send)
            return
        except AWAY:
            await self.refuse(request, StoreAway(retry_after=5))(scope, receive, send)
            return
        if begun is None:
            await self.app(scope, receive, send)
            return
        asker, body, outcome = begun
        if isinstance(outcome, Answer):
            await _again(outcome)(scope, receive, send)
            return
        scope.setdefault("state", {})["command_id"] = command_id_of(asker, key)
        await self._run(outcome, scope, replayed(body, receive), send)

    async def _begun(self, request: Request, key: str) -> tuple[str, bytes, Claim | Answer] | None:
        """Who asks, what they sent, and whether it runs or is answered; None: nobody known asks."""
        asker = await run_in_threadpool(self.asker_of, request)
        if asker is None:
            return None
        body = await whole_body(request.receive, self.most_bytes)
        return asker, body, await run_in_threadpool(self._begin, request, asker, key, body)

    def _begin(self, request: Request, asker: str, key: str, body: bytes) -> Claim | Answer:
        if len(request.headers.getlist(HEADER.decode())) > 1:
            raise IdempotencyKeyMalformed
        self.owed.pay(asker, key)
        target = f"{request.url.path}?{request.url.query}"
        fingerprint = fingerprint_of(request.method, target, body)
        return self.idempotency.begin(asker, key, fingerprint, self.now())

    async def _run(self, claim: Claim, scope: Scope, receive: Receive, send: Send) -> None:
        recorded = _Recorded()

        async def overhear(message: Message) -> None:
            recorded.hear(message)
            if recorded.complete:  # kept before the client knows: it may ask again at once
                await run_in_threadpool(self._settle, claim, recorded)
            await send(message)

        try:
            await self.app(scope, receive, overhear)
        finally:
            if not recorded.complete:
                await run_in_threadpool(self.owed.settle, claim, None)

    def _settle(self, claim: Claim, recorded: _Recorded) -> None:
        self.owed.settle(claim, None if recorded.sets_cookie else recorded.answer())


@dataclass(slots=True)
class _Recorded:
    """The answer as it passes by."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytearray = field(default_factory=bytearray)
    sets_cookie: bool = False
    complete: bool = False

    def hear(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            for name, value in message.get("headers", ()):
                self._hear_header(name.decode("latin-1").lower(), value.decode("latin-1"))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.complete = not message.get("more_body", False)

    def _hear_header(self, name: str, value: str) -> None:
        self.sets_cookie = self.sets_cookie or name == "set-cookie"
        if name in _KEPT_HEADERS:
            self.headers[name] = value

    def answer(self) -> Answer:
        return Answer(self.status, self.headers, bytes(self.body))


def _again(answer: Answer) -> Response:
    headers = {**answer.headers, "idempotency-replayed": "true"}
    return Response(answer.body, answer.status, headers)
