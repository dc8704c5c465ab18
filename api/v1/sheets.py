"""Sign-in sheets as JSON: print them, type one, check it as a second person, keep its scan."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.imports.receiving import InReceived
from api.reaching import session_for
from api.sheet_scans import content_of, picture_of, scan_answer, scan_shown
from api.sheets import print_sheets, sheet_for
from api.v1.imports import FORM
from api.v1.recorded import Recorded
from domain.sheet import PaperRow, in_order
from domain.sheet_refusals import SheetDiffers

router = APIRouter(prefix="/api/v1", tags=["sheets"])

MOST_ROWS = 30


class SheetState(BaseModel):
    """A sheet and how far it has come; `code` stands on the paper. No names are here."""

    model_config = ConfigDict(from_attributes=True)

    sheet_id: UUID
    session_id: UUID
    number: int
    code: str
    listed: int
    blank_rows: int
    printed_at: datetime
    standing: Literal["printed", "entered", "checked"]
    differing: int
    scans: int
    came: int | None
    entered_by: UUID | None
    entered_at: datetime | None
    checked_by: UUID | None
    checked_at: datetime | None


class SheetList(BaseModel):
    sheets: list[SheetState]


class ListedRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    learner_id: UUID
    child_id: UUID


class Said(BaseModel):
    """A row that somebody signed. Without a time out they did not sign out."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    row: int = Field(ge=1, le=MOST_ROWS)
    learner_id: UUID
    came_at: AwareDatetime
    left_at: AwareDatetime | None = None


class Reading(BaseModel):
    """All rows of a sheet that say somebody came; rows that are left out say nobody did."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[Said], Field(max_length=MOST_ROWS)]


class ScanState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    sha256: str
    media_type: str
    size: int


class SheetDetails(SheetState):
    """With whom each printed row is for, and what the sheet said, once it counts."""

    rows: list[ListedRow]
    said: list[Said]
    pictures: list[ScanState]


@router.get("/sessions/{session_id}/sheets")
def sheets_of(session_id: UUID, asking: InAsking) -> SheetList:
    session_for(asking, session_id, Action.SHEET_READ)
    return listed(asking, session_id)


@router.post("/sessions/{session_id}/sheets", status_code=status.HTTP_201_CREATED)
def print_all(session_id: UUID, asking: InAsking) -> SheetList:
    """Put every invited adult on a sheet who is on none. What was printed stays as it was."""
    session, by = session_for(asking, session_id, Action.SHEET_PRINT)
    print_sheets(asking, session, by)
    return listed(asking, session_id)


@router.get("/sheets/{sheet_id}")
def sheet(sheet_id: UUID, asking: InAsking) -> SheetDetails:
    """What waits to be checked is not told: the second person reads the paper."""
    found = sheet_for(asking, sheet_id, Action.SHEET_READ).sheet
    line = asking.runtime.models.sheets.sheet(sheet_id)
    said = in_order(found.rows) if found.checked_by else ()
    return SheetDetails(
        **SheetState.model_validate(line).model_dump(),
        rows=[ListedRow.model_validate(each) for each in found.listed],
        said=[Said.model_validate(each) for each in said],
        pictures=[ScanState.model_validate(each) for each in found.scans.values()],
    )


@router.put("/sheets/{sheet_id}/entry")
def enter(sheet_id: UUID, body: Reading, asking: InAsking) -> Recorded:
    """Type a whole sheet: nobody is there by it before another person has checked it."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    position = asking.runtime.book.sheets.enter(sheet_id, rows_of(body), reached.by)
    return Recorded(position=asking.runtime.settle(position))


@router.delete("/sheets/{sheet_id}/entry")
def withdraw(sheet_id: UUID, asking: InAsking) -> Recorded:
    """Take back what nobody has checked."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    position = asking.runtime.book.sheets.withdraw(sheet_id, reached.by)
    return Recorded(position=asking.runtime.settle(position))


@router.put("/sheets/{sheet_id}/check")
def check(sheet_id: UUID, body: Reading, asking: InAsking) -> Recorded:
    """Read the sheet as the second person: where both say the same, people were there."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_CHECK)
    book = asking.runtime.book
    try:
        position = book.sheets.check(sheet_id, rows_of(body), reached.by)
    except SheetDiffers:
        asking.runtime.settle(book.ledger.position())
        raise
    return Recorded(position=asking.runtime.settle(position))


@router.post("/sheets/{sheet_id}/scans", status_code=status.HTTP_201_CREATED, openapi_extra=FORM)
def keep_scan(sheet_id: UUID, received: InReceived, asking: InAsking) -> Recorded:
    """Keep a photo (JPEG, PNG, WebP) or a PDF of the paper, as it is."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_ENTER)
    picture = picture_of(content_of(received))
    position = asking.runtime.book.sheets.file_scan(sheet_id, picture, reached.by)
    return Recorded(position=asking.runtime.settle(position))


@router.get("/sheets/{sheet_id}/scans/{document_id}", response_class=Response)
def scan(sheet_id: UUID, document_id: UUID, asking: InAsking) -> Response:
    """The scan as it was brought; whoever looks at it is noted."""
    reached = sheet_for(asking, sheet_id, Action.SHEET_READ)
    found, content = scan_shown(asking, reached.sheet, document_id, reached.by)
    return scan_answer(sheet_id, found, content, way="attachment")


def listed(asking: Asking, session_id: UUID) -> SheetList:
    lines = asking.runtime.models.sheets.of_session(session_id)
    return SheetList(sheets=[SheetState.model_validate(line) for line in lines])


def rows_of(body: Reading) -> list[PaperRow]:
    return [PaperRow(**each.model_dump()) for each in body.rows]
