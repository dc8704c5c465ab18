"""The web application: routes joined, refusals answered, headers set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any

import structlog
from fastapi import FastAPI, Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import answers
from api.access.csrf import SameSite
from api.access.idempotent_writes import IdempotentWrites
from api.asking import principal_of
from api.bodies import BoundedBodies
from api.bootstrap import Runtime
from api.directory import Directory, Key, Shelf, shelves
from api.documented import described
from api.metrics import Measured, Metrics
from api.pages.routes import routers as page_routers
from api.read_your_writes import ReadYourWrites
from api.receipts import receipt_now, watch_receipts
from api.request_ids import RequestIds
from api.short_way import ShortWay, short_ways
from api.telemetry import Traced
from api.v1.routes import routers as api_routers
from api.version import VERSION
from api.zipped import Zipped
from ledger.intake import Intake

log = structlog.get_logger(__name__)

MOST_REMEMBERED_BYTES = 21 * 1024 * 1024  # an import, with its form around it

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(), microphone=()",
}


class Site(FastAPI):
    """Every answer has our headers: also one that a layer gives, and one to a bug."""

    def build_middleware_stack(self) -> ASGIApp:
        runtime: Runtime = self.state.runtime
        public_url, telemetry = runtime.settings.public_url, runtime.telemetry
        layers = WithHeaders(super().build_middleware_stack(), headers_for(public_url))
        answering = ShortWay(
            layers,
            short_ways(self.routes),
            SameSite(public_url),
            self.state.metrics,
            layers.add_to,
            secure=runtime.cookies.secure,
        )
        return RequestIds(Traced(answering, telemetry.tracer) if telemetry else answering)

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = described(self.title, self.version, self.routes)
        return self.openapi_schema


def create_app(runtime: Runtime) -> FastAPI:
    app = Site(
        title="家长学时账本 Parent Credit Ledger",
        version=VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        routes=site(),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # addresses hold ids
    )
    Directory(app.router, shelved(), SameSite(runtime.settings.public_url))
    app.state.runtime = runtime
    app.state.metrics = metrics = Metrics(runtime)
    answers.add_to(app)
    app.add_middleware(
        IdempotentWrites,
        idempotency=runtime.idempotency,
        asker_of=lambda request: asker(request, runtime),
        refuse=answers.as_problem,
        now=runtime.now,
        most_bytes=MOST_REMEMBERED_BYTES,
    )
    app.add_middleware(BoundedBodies, refuse=answers.at_once)
    app.add_middleware(ReadYourWrites, secure=runtime.cookies.secure)
    app.add_middleware(Zipped, minimum_size=1024)
    app.add_middleware(Measured, metrics=metrics)
    return app


@cache
def site() -> list[BaseRoute]:
    """Every route, joined once in a process: what a request resolves is kept for all."""
    return [route for router in (*api_routers(), *page_routers()) for route in router.routes]


@cache
def shelved() -> dict[Key, Shelf]:
    """The routes where a request looks for them, laid out once in a process."""
    return shelves(site())


def asker(request: Request, runtime: Runtime) -> str | None:
    """Whose idempotency keys a request's key is one of; nobody's without a login."""
    principal = principal_of(request, runtime)
    return f"{principal.kind.value}:{principal.person_id}" if principal else None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """The intake lives in the event loop: it starts with the process and drains before it ends."""
    runtime: Runtime = app.state.runtime
    intake = Intake(
        runtime.book.ledger,
        runtime.connections.app,
        runtime.book.sessions.door_of,
        partial(receipt_now, runtime),
        app.state.metrics.batches.observe,
    )
    await intake.start()
    app.state.intake = intake
    app.state.metrics.waiting.set_function(lambda: intake.waiting)
    watch = asyncio.create_task(watch_receipts(runtime), name="receipts")
    try:
        yield
    finally:
        watch.cancel()
        await intake.close()


def headers_for(public_url: str) -> dict[str, str]:
    """Behind https a browser is told to stay there."""
    if not public_url.startswith("https://"):
        return HEADERS
    return {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}


class WithHeaders:
    """Sets our headers on every answer. Plain ASGI: the library's own kind costs 0.4 ms."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [
            (name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = list(message.get("headers", ()))
                self.add_to(message["headers"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def add_to(self, there: list[tuple[bytes, bytes]]) -> None:
        """Add those of them that an answer does not have."""
        named = {name for name, _ in there}
        there += [each for each in self._headers if each[0] not in named]
