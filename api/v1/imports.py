"""Files in as JSON: one multipart request with a file, one report; a dry run records nothing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api import request_ids
from api.asking import InAsking
from api.files.rejection import UnreadableFile
from api.files.table import OneSheet, Source
from api.files.template import Kind
from api.imports.order import Order, action_of
from api.imports.receiving import InReceived, Received
from api.imports.report import Outcome
from api.imports.taking import take_file
from api.imports.texts import reason
from api.language.catalogue import Language, language_of
from api.problems import PROBLEM_JSON

router = APIRouter(prefix="/api/v1", tags=["imports"])

TOO_LARGE, UNREADABLE = 413, 422

Checking = Annotated[bool, Query(description="Results, sheets: confirm what was typed.")]
Anew = Annotated[
    list[int],
    Query(default_factory=list, description="Rows of a plan that are meant, though called off."),
]

# The file is read with a limit before anything else is, so the form is described here.
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class RowReport(BaseModel):
    """One row of the file; the code says why it was not taken."""

    row: int
    outcome: Outcome
    code: str | None


class Rejection(BaseModel):
    """One cell that is wrong. Rows count as a spreadsheet shows them; row 0: the whole file."""

    row: int
    column: str
    value: str
    code: str


class ImportReport(BaseModel):
    """What became of a file, or would become of it in a dry run."""

    kind: Kind
    sha256: str
    dry_run: bool
    counts: dict[Outcome, int]
    rows: list[RowReport]
    rejections: list[Rejection]


@router.post(
    "/schools/{school_code}/imports/{kind}", response_model=ImportReport, openapi_extra=FORM
)
def import_file(
    request: Request,
    asking: InAsking,
    received: InReceived,
    school_code: str,
    kind: Kind,
    anew: Anew,
    dry_run: Annotated[bool, Query(description="Compare and report; record nothing.")] = False,
    checking: Checking = False,
    school_year: Annotated[int | None, Query(description="Of a roster; default: today's.")] = None,
    sheet: Annotated[str, Query(description="The one that is meant, of several.")] = "",
) -> dict[str, Any] | JSONResponse:
    """Take the good rows of a file and report on all. The same file twice records nothing."""
    order = Order(
        kind=kind,
        school_code=school_code,
        by=asking.may(action_of(kind, checking=checking), school_code),
        dry_run=dry_run,
        checking=checking,
        school_year=school_year,
        anew=frozenset(anew),
    )
    book = asking.runtime.book
    try:
        imported = take_file(book, order, source_of(received, sheet))
    except UnreadableFile as error:
        return unreadable(error, language_of(request))
    if not dry_run:
        asking.runtime.settle(book.ledger.position())
    return imported.report.as_dict()


def source_of(received: Received, sheet: str) -> Source:
    content = received.file()
    return OneSheet(content, sheet) if sheet else content


def unreadable(error: UnreadableFile, language: Language) -> JSONResponse:
    """A file that could not be read as a whole: the problem, with every reason."""
    status = TOO_LARGE if error.code == "file_too_large" else UNREADABLE
    body = {
        "type": f"/problems/{error.code}",
        "title": reason(error.code, "en" if language is Language.ENGLISH else "zh"),
        "status": status,
        "code": error.code,
        **request_ids.current(),
        "rejections": [rejection.as_dict() for rejection in error.rejections],
    }
    return JSONResponse(body, status, media_type=PROBLEM_JSON)
