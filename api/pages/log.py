"""The log in public: a page for people, and the files that any verifier of C2SP logs reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from api.asking import InRuntime
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.log_answers import (
    FoundReceipt,
    consistency_text,
    looked_up,
    published_at,
    standing,
    witnessed,
)
from api.pages.verify_files import answered
from api.problems import status_of, text_of
from api.rendering import page
from domain.refusals import Refused
from ledger.log.logs import NoLogYet
from ledger.log.tiles import BeyondTheTree, Tile

router = APIRouter(include_in_schema=False)

TEXT, TILE = "text/plain; charset=utf-8", "application/octet-stream"
ANYBODY = {"Access-Control-Allow-Origin": "*"}
FRESH = {**ANYBODY, "Cache-Control": "no-cache"}
FOR_EVER = {**ANYBODY, "Cache-Control": "public, max-age=31536000, immutable"}
MOST_RECEIPT = 4000
Number = Annotated[int, Query(ge=0, lt=2**63)]


@router.get("/log")
def log_page(request: Request, runtime: InRuntime) -> Response:
    return shown(request, runtime)


@router.post("/log")
def check_receipt(
    request: Request, runtime: InRuntime, receipt: Annotated[str, Form(max_length=MOST_RECEIPT)]
) -> Response:
    """Hold a receipt against the log; browsers send lines that end otherwise."""
    typed = receipt.replace("\r\n", "\n").strip() + "\n"
    try:
        return shown(request, runtime, typed, found=looked_up(runtime, typed))
    except Refused as refusal:
        return shown(request, runtime, typed, refusal=refusal)


@router.get("/log/checkpoint")
def checkpoint(request: Request, runtime: InRuntime) -> Response:
    """The newest one, with the cosignatures that came in for it."""
    found = runtime.logs.newest(runtime.logs.current())
    return answered(request, str(found.whole).encode(), TEXT, FRESH)


@router.get("/log/checkpoint/witnessed")
def witnessed_checkpoint(request: Request, runtime: InRuntime) -> Response:
    """The newest one that enough witnesses cosigned. Raises NoLogYet."""
    found = witnessed(runtime, runtime.logs.current())
    if found is None:
        raise NoLogYet
    return answered(request, str(found.whole).encode(), TEXT, FRESH)


@router.get("/log/keys")
def keys(request: Request, runtime: InRuntime) -> Response:
    """A key a line: of every log there was, then of the receipts."""
    known = [*(each.key for each in runtime.logs.all()), runtime.receipts.key]
    return answered(request, "".join(f"{key}\n" for key in known).encode(), TEXT, FRESH)


@router.get("/log/tile/{path:path}")
def tile(request: Request, runtime: InRuntime, path: str) -> Response:
    """Raises BadTilePath, BeyondTheTree, TileBroken."""
    wanted, log = Tile.parsed(path), runtime.logs.current()
    size = runtime.logs.newest(log).size
    if not wanted.is_in(size):
        raise BeyondTheTree(tile=path, size=size)
    return answered(request, runtime.logs.tile(log, wanted), TILE, FOR_EVER)


@router.get("/log/proof/inclusion")
def inclusion(
    runtime: InRuntime,
    index: Number | None = None,
    position: Number | None = None,
    size: Number | None = None,
) -> Response:
    """Of a leaf, or of the event at a position, under the first checkpoint of at least a size.

    Raises NotLoggedYet, BeyondTheTree.
    """
    log = runtime.logs.current()
    if index is None:
        index = runtime.logs.index_of(log, position or 0)
    proof = runtime.logs.prove(log, index, published_at(runtime, log, size))
    return Response(str(proof), media_type=TEXT, headers=FRESH)


@router.get("/log/proof/consistency")
def consistency(runtime: InRuntime, old: Number, size: Number | None = None) -> Response:
    """As a witness takes it: `old` size, hashes, a blank line, the checkpoint."""
    log = runtime.logs.current()
    text = consistency_text(runtime, log, old, published_at(runtime, log, size))
    return Response(text, media_type=TEXT, headers=FRESH)


def shown(
    request: Request,
    runtime: Runtime,
    typed: str = "",
    *,
    found: FoundReceipt | None = None,
    refusal: Refused | None = None,
) -> Response:
    return page(
        request,
        "log.html",
        status_of(refusal.code) if refusal else 200,
        standing=standing(runtime),
        typed=typed,
        found=found,
        wrong=text_of(refusal.code, language_of(request)) if refusal else None,
    )
