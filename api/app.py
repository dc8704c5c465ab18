"""The web application: routes joined, refusals answered, headers set."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from fastapi import Depends, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response

from api.access.csrf import same_site_guard
from api.access.policy import LoginRequired
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.routes import routers as page_routers
from api.problems import problem, status_of, text_of
from api.rendering import page
from api.v1.routes import routers as api_routers
from domain.refusals import Refused
from ledger.intake import Intake

log = structlog.get_logger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'"
    " 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(), microphone=()",
}


def create_app(runtime: Runtime) -> FastAPI:
    app = FastAPI(
        title="家长学时账本 Parent Credit Ledger",
        version="0.1.0",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(same_site_guard(runtime.settings.public_url))],
    )
    app.state.runtime = runtime
    app.add_exception_handler(Refused, refused)
    app.middleware("http")(with_headers)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    for router in (*api_routers(), *page_routers()):
        app.include_router(router)
    return app


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """The intake lives in the event loop: it starts with the process and drains before it ends."""
    runtime: Runtime = app.state.runtime
    intake = Intake(runtime.book.ledger, runtime.connections.app, runtime.book.sessions.door_of)
    await intake.start()
    app.state.intake = intake
    try:
        yield
    finally:
        await intake.close()


async def refused(request: Request, refusal: Exception) -> Response:
    """A refusal: problem+json for programs, a page in their language for people."""
    assert isinstance(refusal, Refused)
    if wants_json(request):
        return problem(refusal, language_of(request))
    if isinstance(refusal, LoginRequired):
        door = "/staff/login" if request.url.path.startswith("/staff") else "/enrol"
        return RedirectResponse(f"{door}?next={request.url.path}", status_code=303)
    text = text_of(refusal.code, language_of(request))
    return page(
        request, "refused.html", status_of(refusal.code), text=text, facts=refusal.facts,
        code=refusal.code,
    )  # fmt: skip


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "json" in request.headers.get("accept", "")


async def with_headers(
    request: Request, answer: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await answer(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
