"""One field for whatever is printed or recorded: a code, a number, an id, a position. No names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.status import HTTP_303_SEE_OTHER

from api.access.codes import CodeMalformed
from api.access.policy import LoginRequired, PrincipalKind
from api.access.record_codes import LEARNER, ids_of, is_code
from api.asking import Asking, InAsking
from api.facts import FactUnknown, readable
from api.language.catalogue import language_of
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from certificates import number as numbers
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

MOST_TYPED: Final = 100
_POSITION: Final = re.compile(r"#?([0-9]{1,12})", re.ASCII)
_EVENT: Final = re.compile(r"([0-9a-f-]{32,36})(?:/([0-9]{1,9}))?", re.ASCII)


@router.get("/staff/find")
def find(request: Request, asking: InAsking, q: str = "") -> Response:
    """Go to what is found; whether the asker may see it is asked there."""
    if asking.principal is None or asking.principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    refusal: Refused | None = None
    found: list[str] = []
    try:
        found = addresses(asking, unicodedata.normalize("NFKC", q).strip()) if q.strip() else []
    except Refused as refused:
        refusal = refused
    if len(found) == 1:
        return RedirectResponse(found[0], status_code=HTTP_303_SEE_OTHER)
    return staff_page(
        request,
        "find.html",
        status_of(refusal.code) if refusal else 200,
        typed=q,
        found=found,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )


def addresses(asking: Asking, text: str) -> list[str]:
    """The pages of what a text names: several where one code stands for several records.

    Raises CodeMalformed (it names nothing), FactUnknown (there is no such thing).
    """
    if len(text) > MOST_TYPED:
        raise CodeMalformed
    if position := _POSITION.fullmatch(text):
        return [of_position(asking, int(position[1]))]
    if event := _EVENT.fullmatch(text.lower()):
        return [of_id(asking, event[1], event[2])]
    if is_code(text, LEARNER):
        found = asking.runtime.models.finding.learners(*ids_of(text, LEARNER))
        if not found:
            raise FactUnknown
        return [f"/staff/learners/{each}" for each in found]
    return [of_number(asking, text)]


def of_position(asking: Asking, position: int) -> str:
    stream_id = asking.runtime.models.finding.stream_at(position)
    if stream_id is None:
        raise FactUnknown
    try:
        readable(asking, stream_id)
    except Refused as refused:  # positions can be counted through: what is foreign is not there
        raise FactUnknown from refused
    return f"/staff/facts/{stream_id}?at={position}#f-{position}"


def of_id(asking: Asking, text: str, version: str | None) -> str:
    """A learner, a line of an account, a certificate, or the facts of any other stream."""
    try:
        key = UUID(text)
    except ValueError as error:
        raise CodeMalformed from error
    models = asking.runtime.models
    if version is not None:
        position = models.finding.position_of(key, int(version))
        return of_position(asking, position or 0)
    if models.roster.is_registered(key):
        return f"/staff/learners/{key}"
    if (learner_id := models.accounts.learner_of(key)) is not None:
        return f"/staff/learners/{learner_id}/lines/{key}"
    if (number := models.finding.certificate_number(key)) is not None:
        return f"/staff/certificates/{number}"
    if not models.finding.is_stream(key):
        raise FactUnknown
    return f"/staff/facts/{key}"


def of_number(asking: Asking, text: str) -> str:
    try:
        number = numbers.read(text)
    except numbers.InvalidNumber as error:
        raise CodeMalformed from error
    if asking.runtime.models.certificates.by_number(number) is None:
        raise FactUnknown
    return f"/staff/certificates/{number}"
