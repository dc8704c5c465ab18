"""The audit of a term's archive pack, offline: nothing but the file, and a key from elsewhere.

Every file is the one of the list, every event hashes to its leaf, and every leaf is proved to be in
the log of the checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from zipfile import BadZipFile, ZipFile

from pydantic import BaseModel, ConfigDict, ValidationError

from api.audit import Kept, Part
from api.exports.archive_proofs import CHECKPOINT, EVENTS, KEYS, LEAVES, NOT_YET, PROOFS
from api.exports.zipping import SUMS
from domain.refusals import Refused
from ledger.log.auditing import Fault
from ledger.log.checkpoint import Checkpoint
from ledger.log.leaf import LoggedEvent
from ledger.log.merkle import WrongProof, leaf_hash, root_by_inclusion
from ledger.log.note import Key, Note, decoded


class NoArchive(Refused):
    """The file is no archive pack with proofs in it: `file` is what is missing."""

    code: ClassVar[str] = "log_archive_malformed"


class ArchivedEvent(BaseModel):
    """A line of events.jsonl. What may not be read yet has no state."""

    model_config = ConfigDict(strict=True, extra="forbid")

    position: int
    stream_id: str
    version: int
    topic: str
    recorded_at: str
    state: str | None

    @property
    def logged(self) -> LoggedEvent:
        state = (self.state or "").encode()
        place = (self.position, self.stream_id, self.version, self.topic, self.recorded_at)
        return LoggedEvent(*place, state)


class Pack:
    """The files of a pack by their names in its one folder."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.names = {name.partition("/")[2]: name for name in archive.namelist()}

    def read(self, name: str) -> bytes:
        """Raises NoArchive."""
        if name not in self.names:
            raise NoArchive(file=name)
        return self._archive.read(self.names[name])

    def hash_of(self, name: str) -> str:
        with self._archive.open(self.names[name]) as member:
            return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]  # read like a file


def audit_archive(path: Path, kept: Kept) -> Part:
    """Raises NoArchive, BadNote, ForeignOrigin, WrongSignature, NotSigned."""
    try:
        with ZipFile(path) as archive:
            pack = Pack(archive)
            key = kept.key or Key.parsed(pack.read(KEYS).decode().split("\n")[0])
            note = Note.parsed(pack.read(CHECKPOINT))
            checkpoint = Checkpoint.opened(note, [key], key.name)
            faults = [*files_touched(pack), *events_touched(pack, checkpoint)]
            faults += differing(kept, key, checkpoint)
            return Part(path.name, pack.read(LEAVES).count(b"\n\n"), tuple(faults))
    except (BadZipFile, UnicodeDecodeError, ValidationError) as error:
        raise NoArchive(file=path.name) from error


def differing(kept: Kept, key: Key, checkpoint: Checkpoint) -> Iterator[Fault]:
    """A kept checkpoint of the same size says the same."""
    for note in kept.notes:
        other = Checkpoint.opened(note, [key], checkpoint.origin)
        if other.size == checkpoint.size and other.root != checkpoint.root:
            yield Fault("root_differs", size=other.size, kept=True)


def files_touched(pack: Pack) -> Iterator[Fault]:
    listed = dict(sum_of(line) for line in pack.read(SUMS).decode().splitlines())
    for name in sorted({*listed, *pack.names} - {SUMS, ""}):
        there = name in listed and name in pack.names
        if not there or pack.hash_of(name) != listed[name]:
            yield Fault("file_differs", event=name)


def sum_of(line: str) -> tuple[str, str]:
    digest, _, name = line.partition("  ")
    return name, digest


def events_touched(pack: Pack, checkpoint: Checkpoint) -> Iterator[Fault]:
    """Events, leaves and proofs go beside each other, line by line."""
    leaves = pack.read(LEAVES).split(b"\n\n")[:-1]
    proofs = pack.read(PROOFS).decode().splitlines()
    events = [ArchivedEvent.model_validate_json(each) for each in pack.read(EVENTS).splitlines()]
    if not len(leaves) == len(proofs) == len(events):
        yield Fault("file_differs", event=PROOFS)
    for found, leaf, proof in zip(events, leaves, proofs, strict=False):
        event = found.logged
        lines, own = leaf.decode().split("\n"), event.leaf.decode().split("\n")
        told = slice(6) if found.state is None else slice(7)
        if lines[told] != own[told]:
            yield Fault("state_differs", position=event.position, event=str(event))
        if proof != NOT_YET and not leads_to(leaf + b"\n", proof, checkpoint):
            yield Fault("not_included", position=event.position, event=str(event))


def leads_to(leaf: bytes, proof: str, checkpoint: Checkpoint) -> bool:
    index, *hashes = proof.split(" ")
    known = [decoded(each) or b"" for each in hashes]
    try:
        number = int(index) if index.isdecimal() else -1
        root = root_by_inclusion(leaf_hash(leaf), number, checkpoint.size, known)
    except WrongProof:
        return False
    return root == checkpoint.root
