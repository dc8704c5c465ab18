"""The archive of a school's term: what its file holds and lacks, and the pack in one press."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.archive import archive_of
from api.archive_lines import lines_of
from api.asking import InAsking
from api.pages.staff_compliance import begun
from api.pages.staff_words import staff_page
from api.reaching import may_too

router = APIRouter(include_in_schema=False)


@router.get("/staff/schools/{school_code}/archive")
def newest(asking: InAsking, school_code: str) -> Response:
    """Straight to the term that runs, or ran last."""
    asking.may(Action.ARCHIVE_READ, school_code)
    term = begun(asking)[0].code
    return RedirectResponse(f"/staff/schools/{school_code}/terms/{term}/archive", status_code=303)


@router.get("/staff/schools/{school_code}/terms/{term}/archive")
def archive(request: Request, asking: InAsking, school_code: str, term: str) -> Response:
    """No names: who may read the list need not be one who may take the pack away."""
    asking.may(Action.ARCHIVE_READ, school_code)
    found = archive_of(asking.runtime, school_code, term)
    lines = lines_of(found)
    actions = {line.action for line in lines if line.action}
    return staff_page(
        request,
        "archive.html",
        archive=found,
        lines=lines,
        terms=begun(asking),
        may={action for action in actions if may_too(asking, action, school_code)},
        may_take=may_too(asking, Action.ARCHIVE_TAKE, school_code),
    )
