"""What an archive pack holds for an auditor offline: exact states, leaves and their proofs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING

import orjson

from api.exports.zipping import PackedFile
from ledger.log.leaf import LoggedEvent
from ledger.log.logs import NoLogYet, Published
from ledger.log.tiles import Tree

if TYPE_CHECKING:
    from api.exports.archive_files import Pack

FOLDER = "08校验清单"
EVENTS, LEAVES, PROOFS = f"{FOLDER}/events.jsonl", f"{FOLDER}/leaves.txt", f"{FOLDER}/proofs.txt"
CHECKPOINT, KEYS = f"{FOLDER}/checkpoint.txt", f"{FOLDER}/keys.txt"
NOT_YET = "-"  # in place of a proof: recorded after the checkpoint


def proofs_of(pack: Pack) -> Iterator[PackedFile]:
    """The files of docs/audit.md; without a log no more than the events themselves."""
    runtime = pack.asking.runtime
    withheld = withheld_in(pack)
    events = runtime.logs.events_at(sorted(withheld))
    yield PackedFile(EVENTS, (line_of(each, withheld[each.position]) for each in events))
    yield PackedFile(LEAVES, (each.leaf + b"\n" for each in events))
    try:
        log = runtime.logs.current()
        newest = runtime.logs.newest(log)
    except NoLogYet:
        return
    tree = runtime.logs.tree(log, newest.size)
    places = runtime.logs.places(log, sorted(withheld))
    indexes = [places[each.position][0] if each.position in places else None for each in events]
    yield PackedFile(PROOFS, (proof_line(tree, newest, index) for index in indexes))
    yield PackedFile(CHECKPOINT, [str(newest.whole).encode()])
    yield PackedFile(KEYS, [f"{log.key}\n".encode()])


def withheld_in(pack: Pack) -> dict[int, bool]:
    """The positions of the term's facts, and whether something of each may not be read yet."""
    history = pack.asking.runtime.models.history
    return {
        line.position: bool(line.withheld)
        for session in pack.archive.sessions
        for line in history.history(session.session_id)
    }


def line_of(event: LoggedEvent, is_withheld: bool) -> bytes:
    """`state` is the text as stored: its SHA-256 stands in the leaf."""
    found = event._asdict() | {"state": None if is_withheld else event.state.decode()}
    return orjson.dumps(found) + b"\n"


def proof_line(tree: Tree, newest: Published, index: int | None) -> bytes:
    """The index of a leaf and the hashes that lead from it to the root, on one line."""
    if index is None or index >= newest.size:
        return f"{NOT_YET}\n".encode()
    hashes = tree.inclusion(index, newest.size)
    return " ".join([str(index), *(b64encode(each).decode() for each in hashes)]).encode() + b"\n"
