"""Refusals as answers: one table from code to status, one shape for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from api import request_ids
from api.language.catalogue import Language, language_of
from api.language.refusals import ANSWERS
from domain.refusals import Refused

PROBLEM_JSON = "application/problem+json"


def status_of(code: str) -> int:
    return ANSWERS[code].status


def text_of(code: str, language: Language) -> str:
    """What a refusal says to a person."""
    answer = ANSWERS[code]
    return answer.en if language is Language.ENGLISH else answer.zh


def problem(refusal: Refused, language: Language) -> JSONResponse:
    """RFC 9457: stable `code`, the text in the asker's language, the facts."""
    status = status_of(refusal.code)
    body: dict[str, object] = {
        "type": f"/problems/{refusal.code}",
        "title": text_of(refusal.code, language),
        "status": status,
        "code": refusal.code,
        **request_ids.current(),
        **{name: plain(value) for name, value in refusal.facts.items()},
    }
    return JSONResponse(
        body, status, media_type=PROBLEM_JSON, headers={**retry_header(refusal), "Vary": "Cookie"}
    )


def retry_header(refusal: Refused) -> dict[str, str]:
    seconds = refusal.facts.get("retry_after")
    if seconds or status_of(refusal.code) in {429, 503}:
        return {"Retry-After": str(seconds or 5)}
    if refusal.code == "machine_key_refused":
        return {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}
    return {}


def plain(value: object) -> object:
    """Facts as JSON: times in ISO form, ids as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        named = cast("Mapping[str, object]", value)
        return {name: plain(each) for name, each in named.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in cast("Sequence[object]", value)]
    if isinstance(value, dict):
        return {
            str(name): plain(each) for name, each in cast("dict[object, object]", value).items()
        }
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def refused_as_json(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    return problem(refusal, language_of(request))
