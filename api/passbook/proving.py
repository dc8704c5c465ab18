"""Proving: each fact of a passbook under one checkpoint of the log, made here, checked anywhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from api.bootstrap import Runtime
from api.log_answers import witnessed
from api.passbook.file import Fact, Logged, Passbook
from domain.refusals import Refused
from ledger.log.checkpoint import Checkpoint
from ledger.log.logs import NoLogYet
from ledger.log.merkle import WrongProof, leaf_hash, root_by_inclusion
from ledger.log.note import COSIGNATURE, BadKey, Key, Note, decoded
from ledger.log.receipts import as_logged
from ledger.recomputing.figures import Because, Figure, What, compared, underived


def logged(runtime: Runtime, facts: Sequence[Fact]) -> tuple[Logged | None, tuple[Fact, ...]]:
    """The facts, each with its proof where it is under the checkpoint that is given with them."""
    logs = runtime.logs
    try:
        log = logs.current()
        newest = logs.newest(log)
    except NoLogYet:
        return None, tuple(facts)
    places = logs.places(log, [fact.position for fact in facts])
    seen, last = witnessed(runtime, log), max((index for index, _ in places.values()), default=0)
    under = seen if seen and seen.size > last else newest
    tree = logs.tree(log, under.size)

    def proved(fact: Fact) -> Fact:
        index = places[fact.position][0] if fact.position in places else under.size
        if index >= under.size:
            return fact
        proof = tuple(b64encode(each).decode() for each in tree.inclusion(index, under.size))
        return fact.model_copy(update={"leaf": index, "proof": proof})

    return Logged(key=str(log.key), checkpoint=str(under.whole)), tuple(map(proved, facts))


def keys_in(given: str) -> list[Key]:
    """The keys of a log as they are given: one, or a file with one a line. Raises BadKey."""
    path = Path(given)
    lines = (
        path.read_text(encoding="utf-8", errors="replace").split() if path.is_file() else [given]
    )
    keys = [Key.parsed(line) for line in lines]
    if not keys:
        raise BadKey
    return keys


def proofs(book: Passbook, trusted: Collection[Key]) -> Iterator[Figure]:
    """Whether the checkpoint is the log's, and every fact is in its tree.

    Without keys from elsewhere it is believed under the one that is in the file itself. Witnesses
    whose keys are given must have cosigned it.
    """
    if book.log is None:
        yield underived(What.PROOF, "log", None, Because.NO_LOG)
        return
    try:
        note = Note.parsed(book.log.checkpoint.encode())
        keys = trusted or [Key.parsed(book.log.key)]
        checkpoint, signed = Checkpoint.opened(note, keys), note.signed_by(keys)
    except Refused as refusal:
        yield compared(What.PROOF, refusal.code, None, None, Because.CHECKPOINT)
        return
    for witness in (key for key in keys if key.kind == COSIGNATURE):
        if witness not in signed:
            yield underived(What.PROOF, witness.name, None, Because.NOT_COSIGNED)
    last = max((fact.position for fact in book.facts if fact.leaf is not None), default=0)
    for fact in book.facts:
        yield proof_of(fact, checkpoint, last)
    yield from out_of_order(book.facts)


def proof_of(fact: Fact, checkpoint: Checkpoint, last: int) -> Figure:
    """What is recorded after all that is proved may wait for the next checkpoint."""
    of = f"{fact.topic} {fact.stream} {fact.version}"
    if fact.leaf is None:
        if fact.position > last:
            return underived(What.PROOF, of, None, Because.NOT_LOGGED_YET)
        return compared(What.PROOF, of, None, None, Because.NOT_INCLUDED)
    hashes = [decoded(each) or b"" for each in fact.proof or ()]
    leaf = as_logged(fact.row.stored, fact.position, fact.recorded_at).leaf
    try:
        root = root_by_inclusion(leaf_hash(leaf), fact.leaf, checkpoint.size, hashes)
    except WrongProof:
        root = b""
    if root != checkpoint.root:
        return compared(What.PROOF, of, fact.leaf, None, Because.NOT_INCLUDED)
    return compared(What.PROOF, of, fact.leaf, fact.leaf)


def out_of_order(facts: Sequence[Fact]) -> Iterator[Figure]:
    """Leaves stand in the order of the feed."""
    placed = sorted((f.position, f.leaf) for f in facts if f.leaf is not None)
    for (_, before), (position, leaf) in pairwise(placed):
        if leaf <= before:
            yield compared(What.PROOF, f"#{position}", leaf, None, Because.NOT_INCLUDED)
