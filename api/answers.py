"""What goes wrong becomes an answer: a page in their language for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.access.policy import LoginRequired
from api.language.catalogue import language_of
from api.problems import PROBLEM_JSON, problem, retry_header, status_of, text_of
from api.rendering import page
from domain.refusals import Refused

log = structlog.get_logger(__name__)

CODES = {404: "page_not_there", 405: "method_not_allowed"}


def add_to(app: FastAPI) -> None:
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, not_there)
    app.add_exception_handler(Exception, broken)


async def refused(request: Request, refusal: Exception) -> Response:
    """A rule said no."""
    assert isinstance(refusal, Refused)
    if wants_json(request):
        return problem(refusal, language_of(request))
    if isinstance(refusal, LoginRequired):
        door = "/staff/login" if request.url.path.startswith("/staff") else "/enrol"
        return RedirectResponse(f"{door}?next={request.url.path}", status_code=303)
    response = told(request, refusal.code, status_of(refusal.code))
    response.headers.update(retry_header(refusal))
    return response


async def malformed(request: Request, error: Exception) -> Response:
    """400 with every field named; what was sent is never sent back."""
    assert isinstance(error, RequestValidationError)
    fields = [named(each) for each in error.errors()]
    return told(request, "request_malformed", 400, errors=fields)


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
    """A bug: logged once, here, with its trace; the asker learns that it is ours."""
    log.error("request_failed", path=request.scope.get("route_path", ""), exc_info=error)
    return told(request, "internal", 500)


def told(
    request: Request, code: str, status: int, errors: Sequence[dict[str, object]] = ()
) -> Response:
    text = text_of(code, language_of(request))
    if not wants_json(request):
        return page(request, "refused.html", status, text=text, code=code, errors=errors)
    body: dict[str, object] = {
        "type": f"/problems/{code}", "title": text, "status": status, "code": code,
    }  # fmt: skip
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, media_type=PROBLEM_JSON)


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "json" in request.headers.get("accept", "")
