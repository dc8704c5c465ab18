"""Many certificates at once: a page whose scripts judge photos, PDFs and lists in the browser."""

from __future__ import annotations

import mimetypes
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import InRuntime
from api.pages.certificate_words import certificate_page
from api.pages.verify import host_of
from api.pages.verify_files import PAGE_HEADERS, answered

router = APIRouter(include_in_schema=False)

# The reader of QR codes is WebAssembly; what is chosen on the page is sent nowhere.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


@router.get("/verify/batch")
def batch_page(request: Request, runtime: InRuntime) -> Response:
    response = certificate_page(request, "batch.html", host=host_of(runtime))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@router.get("/verify/batch/{name}")
def batch_file(request: Request, name: str) -> Response:
    content = batch_files().get(name)
    if content is None:
        return Response(status_code=404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return answered(request, content, kind, PAGE_HEADERS)


@cache
def batch_files() -> dict[str, bytes]:
    folder = files("certificates") / "batch"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
