"""Refusals as answers: one table from code to status, one shape for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from api.language.catalogue import Language, language_of
from api.language.refusals import TEXTS
from domain.refusals import Refused

PROBLEM_JSON = "application/problem+json"

# What is not named here is a plain refusal: the request was understood, a rule says no.
CONFLICT = 409
STATUS = {
    400: {"idempotency_key_malformed", "code_malformed", "certificate_number_invalid"},
    401: {"login_required", "login_failed"},
    403: {
        "forbidden", "cross_site", "own_case", "attests_alone", "not_invited", "checks_own_entry",
        "ticket_invalid", "ticket_other_device", "code_wrong",
    },
    404: {
        "school_unknown", "learner_unknown", "session_unknown", "exam_unknown", "term_unknown",
        "staff_unknown", "certificate_unknown", "code_unknown", "projection_unknown", "not_a_demo",
        "unknown_account", "page_unknown", "key_unknown",
    },
    410: {"code_expired", "code_used", "ticket_expired", "share_link_ended", "upload_gone"},
    413: {"body_too_large"},
    422: {
        "time_in_the_future", "glyph_missing", "password_too_short", "password_too_long",
        "password_obvious", "password_malformed", "user_name_malformed", "rulebook_contradicts",
        "share_days_out_of_range", "score_malformed", "consent_missing", "exam_title_missing",
        "school_not_named", "session_ends_before_it_begins", "mode_not_planned",
        "date_outside_term", "grade_not_of_this_school", "grade_unknown", "grades_of_two_stages",
        "grades_needed", "class_hours_exceed_time",
    },
    429: {"too_many_tries"},
    503: {"overloaded", "outcome_unknown", "contended", "passwords_busy"},
}  # fmt: skip


def status_of(code: str) -> int:
    return next((status for status, codes in STATUS.items() if code in codes), CONFLICT)


def text_of(code: str, language: Language) -> str:
    """What a refusal says to a person."""
    chinese, english = TEXTS[code]
    return english if language is Language.ENGLISH else chinese


def problem(refusal: Refused, language: Language) -> JSONResponse:
    """RFC 9457: stable `code`, the text in the asker's language, the facts."""
    status = status_of(refusal.code)
    body: dict[str, object] = {
        "type": f"/problems/{refusal.code}",
        "title": text_of(refusal.code, language),
        "status": status,
        "code": refusal.code,
        **{name: plain(value) for name, value in refusal.facts.items()},
    }
    return JSONResponse(
        body, status, media_type=PROBLEM_JSON, headers={**retry_header(refusal), "Vary": "Cookie"}
    )


def retry_header(refusal: Refused) -> dict[str, str]:
    seconds = refusal.facts.get("retry_after")
    if status_of(refusal.code) in {429, 503}:
        return {"Retry-After": str(seconds or 5)}
    return {}


def plain(value: object) -> object:
    """Facts as JSON: times in ISO form, ids as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in cast("Sequence[object]", value)]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def refused_as_json(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    return problem(refusal, language_of(request))
