"""Files in: bring one, look at what it would do row by row, confirm, see what became of it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.policy import LoginRequired, PrincipalKind
from api.access.rules import Action
from api.asking import Asking, InAsking, InRuntime
from api.files.package_roster import from_package
from api.files.rejection import UnreadableFile
from api.files.table import Table, read_table
from api.files.template import Kind, template_file
from api.imports.order import CHECKS, Language, Order, action_of
from api.imports.receiving import InReceived, Received
from api.imports.taking import take_file
from api.imports.uploads import NewUpload, Upload, UploadGone, Uploads
from api.language.catalogue import Language as PageLanguage
from api.language.catalogue import language_of
from api.pages.staff_imports_view import (
    error_page,
    preview_page,
    result_page,
    schools_page,
    upload_page,
)
from api.reaching import may_too
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.envelope import Envelope

router = APIRouter(include_in_schema=False)

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
    return csv(template_file(kind), f"{kind.value}-template.csv")


@router.post("/staff/imports/{school_code}/{kind}")
def upload(
    request: Request,
    asking: InAsking,
    uploads: InUploads,
    received: InReceived,
    school_code: str,
    kind: Kind,
) -> Response:
    """Keep a readable file for its preview; tell at once why another cannot be read."""
    checking = kind in CHECKS and received.words.get("checking") == "yes"
    by = asking.may(action_of(kind, checking=checking), school_code)
    try:
        content = received.file()
        table_of(content, kind, school_code)
    except UnreadableFile as error:
        return form(request, asking, school_code, error)
    about = NewUpload(by.actor.id, school_code, kind, checking, year_in(received))
    upload_id = uploads.keep(about, content, by.at)
    return RedirectResponse(f"/staff/uploads/{upload_id}", status_code=303)


@router.get("/staff/uploads/{upload_id}")
def look(request: Request, asking: InAsking, uploads: InUploads, upload_id: UUID) -> Response:
    """What the file would do, before it is confirmed; afterwards what it did."""
    found, by = reached(asking, uploads, upload_id)
    school = asking.runtime.book.registry.school(found.about.school_code)
    if found.is_taken:
        return result_page(request, school, found, uploads.outcome(found))
    content = uploads.content(found)
    order = order_of(request, found, by, dry_run=True)
    imported = take_file(asking.runtime.book, order, content)
    return preview_page(
        request, school, found, imported, table_of(content, found.about.kind, school.school_code)
    )


@router.post("/staff/uploads/{upload_id}")
def confirm(request: Request, asking: InAsking, uploads: InUploads, upload_id: UUID) -> Response:
    """Record the file. A second confirmation shows the result of the first."""
    found, by = reached(asking, uploads, upload_id)
    if not found.is_taken:
        order = order_of(request, found, by, dry_run=False)
        book = asking.runtime.book
        imported = take_file(book, order, uploads.content(found))
        uploads.finish(found, imported, by.at)
        asking.runtime.settle(book.ledger.position())
    return RedirectResponse(f"/staff/uploads/{upload_id}", status_code=303)


@router.post("/staff/uploads/{upload_id}/dropped")
def drop(asking: InAsking, uploads: InUploads, upload_id: UUID) -> Response:
    """Forget the file without recording anything."""
    found, _ = reached(asking, uploads, upload_id)
    uploads.drop(found)
    return RedirectResponse(f"/staff/imports/{found.about.school_code}", status_code=303)


@router.get("/staff/uploads/{upload_id}/failed.csv")
def failed(asking: InAsking, uploads: InUploads, upload_id: UUID) -> Response:
    """The rows that were not taken, with the reasons, to correct and bring again."""
    found, _ = reached(asking, uploads, upload_id)
    content = uploads.outcome(found).failed
    if content is None:
        raise UploadGone
    return csv(content, f"{found.about.kind.value}.failed.csv")


def table_of(content: bytes, kind: Kind, school_code: str) -> Table:
    """The cells of a file; a package's are those of its roster. Raises UnreadableFile."""
    package = from_package(content, school_code) if kind is Kind.ROSTER else None
    return read_table(package.content if package else content, kind)


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


def csv(content: bytes, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
