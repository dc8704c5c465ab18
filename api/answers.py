"""What goes wrong becomes an answer: a page in their language for people, JSON for programs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import eventsourcing.persistence as stored
import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import request_ids
from api.access.policy import LoginRequired
from api.asking import runtime_of
from api.language.catalogue import language_of
from api.pages.error_words import FAULT, FAULTS, WAY_ON, WAYS_ON
from api.pages.kept import to_the_door
from api.problems import PROBLEM_JSON, problem, retry_header, status_of, text_of
from api.rendering import page
from api.sent_forms import sent_address, sent_fields
from domain.refusals import Refused

log = structlog.get_logger(__name__)

CODES = {
    400: "request_malformed",
    404: "page_not_there",
    405: "method_not_allowed",
    413: "body_too_large",
}
WAIT, MOST_SECONDS_MORE = 503, 5
AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    stored.OperationalError,
    stored.InterfaceError,
)


class StoreAway(Refused):
    """The database does not answer; nothing is known to be lost."""

    code = "store_away"


class ReadModelsRebuilt(Refused):
    """After an upgrade the pages' tables are made anew; facts are recorded meanwhile."""

    code = "read_models_rebuilt"


def add_to(app: FastAPI) -> None:
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, not_there)
    app.add_exception_handler(Exception, broken)
    for kind in AWAY:
        app.add_exception_handler(kind, away)
    app.add_exception_handler(psycopg.DataError, out_of_range)
    app.add_exception_handler(stored.DataError, out_of_range)


async def refused(request: Request, refusal: Exception) -> Response:
    """A rule said no."""
    assert isinstance(refusal, Refused)
    if wants_json(request):
        return as_problem(request, refusal)
    count(request, refusal)
    if isinstance(refusal, LoginRequired):
        return await to_the_door(request)
    if status_of(refusal.code) == WAIT:
        return await waiting(request, refusal)
    seconds = refusal.facts.get("retry_after")
    minutes = -(-seconds // 60) if isinstance(seconds, int) else None
    response = told(request, refusal.code, status_of(refusal.code), minutes=minutes)
    response.headers.update(retry_header(refusal))
    return response


def at_once(request: Request, refusal: Refused) -> Response:
    """What a layer refuses before any route was asked."""
    if wants_json(request):
        return as_problem(request, refusal)
    count(request, refusal)
    return told(request, refusal.code, status_of(refusal.code))


def as_problem(request: Request, refusal: Refused) -> JSONResponse:
    count(request, refusal)
    return problem(refusal, language_of(request))


def count(request: Request, refusal: Refused) -> None:
    request.app.state.metrics.refusals.labels(refusal.code).inc()


async def away(request: Request, error: Exception) -> Response:
    """The database is restarted, moved or overloaded: people wait, and nothing typed is lost."""
    log.error("store_away", kind=type(error).__name__)
    return await refused(request, StoreAway(retry_after=5))


async def waiting(request: Request, refusal: Refused) -> Response:
    """A page that tries again by itself; not all at the same moment."""
    header = retry_header(refusal)
    response = page(
        request, "waiting.html", WAIT, home=home_of(request), code=refusal.code,
        text=text_of(refusal.code, language_of(request)),
        seconds=int(header["Retry-After"]) + secrets.randbelow(MOST_SECONDS_MORE),
        path=path_again(request), fields=await sent_fields(request),
        is_write=request.method not in {"GET", "HEAD"},
    )  # fmt: skip
    response.headers.update(header)
    return response


def path_again(request: Request) -> str:
    """The address of the same command: what was recorded before the answer was lost, is."""
    again = getattr(request.state, "again", None)
    is_write = request.method not in {"GET", "HEAD"}
    return f"{request.url.path}?again={again}" if is_write and again else sent_address(request)


def home_of(request: Request) -> str:
    path = request.url.path
    if path.startswith("/staff"):
        return "/staff"
    return "/me" if path.startswith(("/me", "/in", "/out")) else "/"


async def malformed(request: Request, error: Exception) -> Response:
    """400 with every field named; what was sent is never sent back."""
    assert isinstance(error, RequestValidationError)
    fields = [named(each) for each in error.errors()]
    return told(request, "request_malformed", 400, errors=fields)


async def out_of_range(request: Request, error: Exception) -> Response:
    """The database takes no such value, and nothing was written.

    A NUL in a text, a number beyond its type: no rule of ours had said what may stand there.
    """
    log.warning(
        "value_refused", path=request.scope.get("route_path", ""), kind=type(error).__name__
    )
    return told(request, "request_malformed", 400)


def named(error: Any) -> dict[str, object]:
    """Where it is, which rule it broke, and the rule in words."""
    return {
        "field": [str(part) for part in error["loc"]],
        "rule": error["type"],
        "message": error["msg"],
    }


async def not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return told(request, CODES.get(error.status_code, "refused"), error.status_code)


async def broken(request: Request, error: Exception) -> Response:
    """A bug: logged once, here, with its trace; the asker learns that it is ours.

    While tables of an earlier version wait to be made anew, it is theirs, and people wait too.
    """
    log.error("request_failed", path=request.scope.get("route_path", ""), exc_info=error)
    if await run_in_threadpool(waits_for_a_rebuild, request):
        return await refused(request, ReadModelsRebuilt(retry_after=10))
    return told(request, "internal", 500)


def waits_for_a_rebuild(request: Request) -> bool:
    try:
        return bool(runtime_of(request).projector.outdated())
    except Exception:  # noqa: BLE001 - whatever broke may break this too, and an answer is owed
        return False


def told(
    request: Request,
    code: str,
    status: int,
    errors: Sequence[dict[str, object]] = (),
    minutes: int | None = None,
) -> Response:
    text = text_of(code, language_of(request))
    if not wants_json(request):
        words = [{**each, "words": FAULTS.get(str(each["rule"]), FAULT)} for each in errors]
        return page(
            request, "refused.html", status, home=home_of(request), text=text, code=code,
            errors=words, minutes=minutes, way_on=WAYS_ON.get(status, WAY_ON),
        )  # fmt: skip
    body: dict[str, object] = {
        "type": f"/problems/{code}", "title": text, "status": status, "code": code,
        **request_ids.current(),
    }  # fmt: skip
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, media_type=PROBLEM_JSON)


def wants_json(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/log/")) or "json" in request.headers.get(
        "accept", ""
    )
