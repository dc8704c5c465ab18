"""The log in public: a page for people, and the files that any verifier of C2SP logs reads."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from api.asking import InRuntime
from api.bootstrap import Runtime
from api.language.catalogue import language_of
from api.pages.verify_files import answered
from api.problems import status_of, text_of
from api.rendering import page
from domain.refusals import Refused
from ledger.log.checkpoint import NotIncluded
from ledger.log.logs import Log, NoLogYet, NotLoggedYet, Published
from ledger.log.note import Note
from ledger.log.receipts import BadReceipt, Receipt
from ledger.log.tiles import BeyondTheTree, Tile

router = APIRouter(include_in_schema=False)

TEXT, TILE = "text/plain; charset=utf-8", "application/octet-stream"
ANYBODY = {"Access-Control-Allow-Origin": "*"}
FRESH = {**ANYBODY, "Cache-Control": "no-cache"}
FOR_EVER = {**ANYBODY, "Cache-Control": "public, max-age=31536000, immutable"}
MOST_RECEIPT = 4000
Number = Annotated[int, Query(ge=0, lt=2**63)]


@dataclass(frozen=True)
class Standing:
    """How the log stands: the newest checkpoint, and the newest that enough others cosigned."""

    log: Log
    newest: Published
    witnessed: Published | None
    has_witnesses: bool


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
    logs, log = runtime.logs, runtime.logs.current()
    under = published_at(runtime, log, size)
    if index is None:
        index = logs.index_of(log, position or 0)
    if index >= under.size > 0 and size is None:
        raise BeyondTheTree(index=index, size=under.size)
    proof = logs.prove(log, index, under)
    return Response(str(proof), media_type=TEXT, headers=FRESH)


@router.get("/log/proof/consistency")
def consistency(runtime: InRuntime, old: Number, size: Number | None = None) -> Response:
    """As a witness takes it: `old` size, hashes, a blank line, the checkpoint."""
    log = runtime.logs.current()
    under = published_at(runtime, log, size)
    hashes = runtime.logs.tree(log, under.size).consistency(old, under.size)
    lines = "".join(f"{b64encode(each).decode()}\n" for each in hashes)
    return Response(f"old {old}\n{lines}\n{under.whole}", media_type=TEXT, headers=FRESH)


def published_at(runtime: Runtime, log: Log, size: int | None) -> Published:
    """The newest checkpoint, or the first of at least a size. Raises NoLogYet, BeyondTheTree."""
    newest = runtime.logs.newest(log)
    if size is None:
        return newest
    if not 0 <= size <= newest.size:
        raise BeyondTheTree(index=size, size=newest.size)
    return runtime.logs.at_least(log, size)


def witnessed(runtime: Runtime, log: Log) -> Published | None:
    """The newest checkpoint that meets the policy."""
    policy = runtime.log_policy
    by_name = {each.key.name: each.key for each in policy.witnesses.values()}
    for found in runtime.logs.cosigned(log):
        cosigned = {by_name[each.name] for each in found.cosignatures if each.name in by_name}
        if policy.is_met_by(cosigned):
            return found
    return None


def standing(runtime: Runtime) -> Standing | None:
    """None before anything is published."""
    try:
        log = runtime.logs.current()
        newest = runtime.logs.newest(log)
    except NoLogYet:
        return None
    return Standing(log, newest, witnessed(runtime, log), bool(runtime.log_policy.witnesses))


@dataclass(frozen=True)
class Found:
    """A receipt that the log keeps: its leaf, and since when it is under a checkpoint."""

    receipt: Receipt
    recorded_at: datetime
    index: int
    under: Published


def looked_up(runtime: Runtime, text: str) -> Found:
    """Raises BadReceipt, BadNote, NotSigned, WrongSignature, NotLoggedYet, NotIncluded."""
    receipt = Receipt.opened(Note.parsed(text.encode()), runtime.receipts.key)
    logs, log = runtime.logs, runtime.logs.current()
    if receipt.origin != log.origin:
        raise BadReceipt
    index = logs.index_of(log, receipt.position)
    if index >= logs.newest(log).size:
        raise NotLoggedYet(position=receipt.position)
    under = logs.at_least(log, index + 1)
    if logs.tree(log, under.size).leaf(index) != receipt.leaf:
        raise NotIncluded(index=index)
    return Found(receipt, datetime.fromisoformat(receipt.recorded_at), index, under)


def shown(
    request: Request,
    runtime: Runtime,
    typed: str = "",
    *,
    found: Found | None = None,
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
