"""Files in: bring one, look at what it would do row by row, confirm, see what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import LoginRequired, PrincipalKind
from api.asking import Asking, InAsking, InRuntime
from api.files.failed import name_of
from api.files.rejection import UnreadableFile
from api.files.template import Kind, template_file, template_workbook
from api.imports.order import CHECKS, Language, Order, action_of
from api.imports.preview import Preview
from api.imports.receiving import InReceived, Received
from api.imports.taking import take_file
from api.imports.uploads import NewUpload, Upload, UploadGone, Uploads
from api.imports.watching import Watched
from api.language.catalogue import Language as PageLanguage
from api.language.catalogue import language_of
from api.pages.staff_imports_preview import Shown, preview_page, sheets_page
from api.pages.staff_imports_view import error_page, result_page, schools_page, upload_page
from api.reaching import may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope

router = APIRouter(include_in_schema=False)

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Actions = tuple[Action, ...]
ANY_IMPORT: Actions = (
    Action.ROSTER_IMPORT,
    Action.PLAN_IMPORT,
    Action.EXAM_ENTER,
    Action.EXAM_CHECK,
    Action.QUESTION_BANK_EDIT,
    Action.TEACHER_HOURS_ENTER,
    Action.SHEET_ENTER,
    Action.SHEET_CHECK,
)


def uploads_of(runtime: InRuntime) -> Uploads:
    return Uploads(runtime.tables, runtime.secrets.vault)


InUploads = Annotated[Uploads, Depends(uploads_of)]


@router.get("/staff/imports")
def imports(request: Request, asking: InAsking) -> Response:
    """Straight to the school where there is only one."""
    staff_id_of(asking)
    codes = [code for code in asking.schools if allowed_in(asking, code)]
    if len(codes) == 1:
        return RedirectResponse(f"/staff/imports/{codes[0]}", status_code=303)
    return schools_page(request, [asking.runtime.book.registry.school(c) for c in codes])


@router.get("/staff/imports/{school_code}")
def upload_form(request: Request, asking: InAsking, school_code: str) -> Response:
    return form(request, asking, school_code)


@router.get("/staff/imports/{school_code}/{kind}.csv")
def template(asking: InAsking, school_code: str, kind: Kind) -> Response:
    """The template to fill in, with its example rows."""
    asking.may(first_allowed(asking, school_code), school_code)
    return attached(template_file(kind), f"{kind.value}-template.csv")


@router.get("/staff/imports/{school_code}/{kind}.xlsx")
def template_as_workbook(asking: InAsking, school_code: str, kind: Kind) -> Response:
    """The same as a workbook."""
    asking.may(first_allowed(asking, school_code), school_code)
    return attached(template_workbook(kind), f"{kind.value}-template.xlsx")


@router.post("/staff/imports/{school_code}/{kind}")
def upload(
    request: Request,
    asking: InAsking,
    uploads: InUploads,
    received: InReceived,
    school_code: str,
    kind: Kind,
) -> Response:
    """Keep a readable file with its preview; tell at once why another cannot be read."""
    checking = kind in CHECKS and received.words.get("checking") == "yes"
    by = asking.may(action_of(kind, checking=checking), school_code)
    try:
        content = received.file()
    except UnreadableFile as error:
        return form(request, asking, school_code, error)
    about = NewUpload(by.actor.id, school_code, kind, checking, year_in(received))
    upload_id = uploads.keep(about, content, by.at, proposed_in(received))
    found, by = reached(asking, uploads, upload_id)
    try:
        work_out(request, asking, uploads, found, by)
    except UnreadableFile as error:
        if error.code != "several_sheets":
            uploads.drop(found)
            return form(request, asking, school_code, error)
    return RedirectResponse(f"/staff/uploads/{upload_id}", status_code=303)


@router.get("/staff/uploads/{upload_id}")
def look(
    request: Request,
    asking: InAsking,
    uploads: InUploads,
    upload_id: UUID,
    page: Annotated[int, Query(ge=1)] = 1,
    rows: Literal["wrong", "all"] = "wrong",
) -> Response:
    """What the file would do, before it is confirmed; afterwards what it did."""
    found, by = reached(asking, uploads, upload_id)
    school = asking.runtime.book.registry.school(found.about.school_code)
    if found.is_taken:
        return result_page(request, school, found, uploads.outcome(found))
    try:
        preview = uploads.preview(found) or work_out(request, asking, uploads, found, by)
    except UnreadableFile as error:
        return sheets_page(request, school, found, error)
    return preview_page(request, school, found, preview, Shown(page, rows))


@router.post("/staff/uploads/{upload_id}/sheet")
def choose(
    asking: InAsking, uploads: InUploads, upload_id: UUID, sheet: Annotated[str, Form()] = ""
) -> Response:
    """Say which sheet of a workbook is meant."""
    found, _ = reached(asking, uploads, upload_id)
    uploads.choose(found, sheet)
    return RedirectResponse(f"/staff/uploads/{upload_id}", status_code=303)


@router.get("/staff/uploads/{upload_id}/progress")
def progress(asking: InAsking, uploads: InUploads, upload_id: UUID) -> JSONResponse:
    """How many rows are done, for a page that waits."""
    done, in_all = uploads.told(upload_id, staff_id_of(asking), asking.runtime.now())
    return JSONResponse({"done": done, "in_all": in_all}, headers={"Cache-Control": "no-store"})


@router.post("/staff/uploads/{upload_id}")
def confirm(
    request: Request,
    asking: InAsking,
    uploads: InUploads,
    upload_id: UUID,
    anew: Annotated[list[int], Form(default_factory=list)],
) -> Response:
    """Record the file, with the doubtful rows that are ticked as meant `anew`.

    A second confirmation shows the result of the first.
    """
    found, by = reached(asking, uploads, upload_id)
    there = RedirectResponse(f"/staff/uploads/{upload_id}", status_code=303)
    if found.is_taken:
        return there
    order = replace(order_of(request, found, by, dry_run=False), anew=frozenset(anew))
    book = asking.runtime.book
    try:
        imported = take_file(book, order, uploads.source(found), Watched(uploads, found.id))
    except UnreadableFile:  # its page says so: no sheet was chosen yet
        return there
    uploads.finish(found, imported, by.at)
    asking.runtime.settle(book.ledger.position())
    return there


@router.post("/staff/uploads/{upload_id}/dropped")
def drop(asking: InAsking, uploads: InUploads, upload_id: UUID) -> Response:
    """Forget the file without recording anything."""
    found, _ = reached(asking, uploads, upload_id)
    uploads.drop(found)
    return RedirectResponse(f"/staff/imports/{found.about.school_code}", status_code=303)


@router.get("/staff/uploads/{upload_id}/failed")
def failed(asking: InAsking, uploads: InUploads, upload_id: UUID) -> Response:
    """The rows that were not taken, with the reasons, to correct and bring again."""
    found, _ = reached(asking, uploads, upload_id)
    content = uploads.outcome(found).failed
    if content is None:
        raise UploadGone
    return attached(content, name_of(f"{found.about.kind.value}.failed", content))


def form(
    request: Request, asking: Asking, school_code: str, error: UnreadableFile | None = None
) -> Response:
    asking.may(first_allowed(asking, school_code), school_code)
    year = school_year_of(local_day(asking.runtime.now(), CITY_ZONE))
    values: dict[str, Any] = {
        "school": asking.runtime.book.registry.school(school_code),
        "allowed": allowed_in(asking, school_code),
        "years": (year, year + 1),
    }
    if error is None:
        return upload_page(request, values)
    return error_page(request, values, error)


def first_allowed(asking: Asking, school_code: str) -> Action:
    """An import that the asker may do there; where there is none, the one that is refused."""
    return next(iter(allowed_in(asking, school_code)), Action.ROSTER_IMPORT)


def allowed_in(asking: Asking, school_code: str) -> Actions:
    return tuple(action for action in ANY_IMPORT if may_too(asking, action, school_code))


def reached(asking: Asking, uploads: Uploads, upload_id: UUID) -> tuple[Upload, Envelope]:
    """An upload of the asker's own, as long as they may do what it is for.

    Raises UploadGone, Forbidden, LoginRequired.
    """
    found = uploads.get(upload_id, staff_id_of(asking), asking.runtime.now())
    about = found.about
    by = asking.may(action_of(about.kind, checking=about.checking), about.school_code)
    return found, by.model_copy(update={"command_id": found.id})


def work_out(
    request: Request, asking: Asking, uploads: Uploads, found: Upload, by: Envelope
) -> Preview:
    """What a file would do, kept for its page. Raises UnreadableFile."""
    order = order_of(request, found, by, dry_run=True)
    watched = Watched(uploads, found.id)
    imported = take_file(asking.runtime.book, order, uploads.source(found), watched)
    assert imported.table is not None
    preview = Preview.of(imported.report, imported.table)
    uploads.remember(found, preview)
    return preview


def staff_id_of(asking: Asking) -> UUID:
    principal = asking.principal
    if principal is None or principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    return principal.person_id


def order_of(request: Request, found: Upload, by: Envelope, *, dry_run: bool) -> Order:
    about = found.about
    return Order(
        kind=about.kind,
        school_code=about.school_code,
        by=by,
        dry_run=dry_run,
        checking=about.checking,
        school_year=about.school_year,
        language=spoken(request),
    )


def spoken(request: Request) -> Language:
    return "en" if language_of(request) is PageLanguage.ENGLISH else "zh"


def year_in(received: Received) -> int | None:
    year = received.words.get("school_year", "")
    return int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None  # noqa: PLR2004 - digits of a year


def proposed_in(received: Received) -> UUID | None:
    """The id under which the page of the form asks how far the work is."""
    try:
        return UUID(received.words.get("upload", ""))
    except ValueError:
        return None


def attached(content: bytes, name: str) -> Response:
    """A file to keep, never to be opened in the page."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    media = WORKBOOK if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    return Response(content, media_type=media, headers=headers)
