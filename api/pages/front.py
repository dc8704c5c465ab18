"""The front page: what this is, and the doors for parents, staff and verifiers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.asking import InParent
from api.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/")
def front(request: Request, asking: InParent) -> Response:
    """For anybody; a parent's own phone goes home."""
    if asking.parent is not None:
        home = "/me" if asking.parent.confirmed else "/enrolled"
        return RedirectResponse(home, status_code=303)
    return page(request, "parent/front.html")
