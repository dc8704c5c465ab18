"""Language and letter size: a cookie each, and back to the page one came from. And static files."""

from __future__ import annotations

import mimetypes
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api.language.catalogue import COOKIE as LANGUAGE_COOKIE
from api.language.catalogue import Language
from api.rendering import SIZE_COOKIE, static_files

router = APIRouter(include_in_schema=False)

YEAR = 365 * 24 * 3600
FOR_EVER = "public, max-age=31536000, immutable"


def back(to: str) -> RedirectResponse:
    """Only to our own pages: an address with a host is not followed."""
    path = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
    return RedirectResponse(path, status_code=303)


@router.post("/language")
def choose_language(
    lang: Annotated[Language, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the field's name
) -> Response:
    response = back(next)
    response.set_cookie(LANGUAGE_COOKIE, lang.value, max_age=YEAR, samesite="lax")
    return response


@router.post("/size")
def choose_size(
    size: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the field's name
) -> Response:
    response = back(next)
    value = "large" if size == "large" else "normal"
    response.set_cookie(SIZE_COOKIE, value, max_age=YEAR, samesite="lax")
    return response


@router.get("/static/{digest}/{name}")  # noqa: FAST003 - the hash is for caches only
def static_file(name: str) -> Response:
    """Files of the program under their content's hash; any other name is not there."""
    found = static_files().get(name)
    if found is None:
        return Response(status_code=404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(found.read_bytes(), media_type=kind, headers={"Cache-Control": FOR_EVER})
