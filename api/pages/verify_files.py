"""The public files behind a scanned code: the static page, the keys, the signed status lists."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import InRuntime
from api.bootstrap import Runtime
from api.given_up import proved_shard
from api.signing import key_store
from certificates import did
from certificates.encodings import json_bytes
from certificates.public_keys import page_list

router = APIRouter(include_in_schema=False)

PAGE = "c.html"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=300",
}
# Anybody's verifier may read these, from any site, for as long as the list itself allows.
DATA_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=60",
}


@router.get("/c")
def page(request: Request) -> Response:
    return answered(request, page_files()[PAGE], "text/html; charset=utf-8", PAGE_HEADERS)


@router.get("/c/keys.json")
def keys(request: Request, runtime: InRuntime) -> Response:
    listed = page_list(key_store(runtime).public_keys(), url_of(request, runtime))
    return answered(request, listed, "application/json", DATA_HEADERS)


@router.get("/c/proved/{kid}/{shard}")
def proved(request: Request, runtime: InRuntime, kid: str, shard: int) -> Response:
    """What a stolen key signed before the theft, for whoever checks a certificate of it."""
    signed = proved_shard(runtime, kid, shard, url_of(request, runtime))
    if signed is None:
        return Response(status_code=404)
    return answered(request, signed, "application/cose", DATA_HEADERS)


@router.get("/c/{name}")
def page_file(request: Request, name: str) -> Response:
    content = page_files().get(name)
    if content is None or name == PAGE:
        return Response(status_code=404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    # The worker in /c/ keeps the page /c itself, which lies above its own folder.
    return answered(request, content, kind, {**PAGE_HEADERS, "Service-Worker-Allowed": "/c"})


@router.get("/status/{number}")
def statuses(request: Request, runtime: InRuntime, number: int) -> Response:
    signed = runtime.status_lists.tokens(number, url_of(request, runtime), runtime.now())
    if signed is None:
        return Response(status_code=404)
    return answered(request, signed, "application/statuslist+cwt", DATA_HEADERS)


@router.get("/status/{number}/bitstring")
def bits(request: Request, runtime: InRuntime, number: int) -> Response:
    """The same list for verifiers of Open Badges: revoked or replaced, a bit each."""
    signed = runtime.status_lists.bits(number, url_of(request, runtime), runtime.now())
    if signed is None:
        return Response(status_code=404)
    return answered(request, signed, "application/vc+ld+json", DATA_HEADERS)


@router.get("/.well-known/did.json")
def did_document(request: Request, runtime: InRuntime) -> Response:
    """The keys of `did:web` for verifiers of Open Badges."""
    listed = did.document(key_store(runtime).public_keys(), url_of(request, runtime))
    return answered(request, json_bytes(listed), "application/did+ld+json", DATA_HEADERS)


def url_of(request: Request, runtime: Runtime) -> str:
    """The address that was asked: what it says of itself must agree with it."""
    return runtime.settings.url_at(request.headers.get("host", ""))


@cache
def page_files() -> dict[str, bytes]:
    folder = files("certificates") / "page"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


def answered(
    request: Request, content: bytes, media_type: str, headers: dict[str, str]
) -> Response:
    """The content with its hash as a tag, or 304 to whoever has it."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    known = {each.strip().removeprefix("W/") for each in tags(request)}
    if tag in known or "*" in known:
        return Response(status_code=304, headers={**headers, "ETag": tag})
    return Response(content, media_type=media_type, headers={**headers, "ETag": tag})


def tags(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")
