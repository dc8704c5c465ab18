"""C2SP checkpoints: origin, size and root of a tree, signed; and the proof that goes with one."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from domain.refusals import Refused
from ledger.log.merkle import (
    HASH_BYTES,
    MOST_HASHES,
    WrongProof,
    check_consistency,
    leaf_hash,
    root_by_inclusion,
)
from ledger.log.note import Key, Note, NoteSigner, decoded

MIME = "text/plain; charset=utf-8"
LINES = 3  # origin, size and root; what follows them is for others
PROOF_HEAD = "c2sp.org/tlog-proof@v1"

_SIZE = re.compile(r"0|[1-9]\d{0,18}")


class BadCheckpoint(Refused):
    """Not a checkpoint: origin, size and root, a line each."""

    code: ClassVar[str] = "log_checkpoint_malformed"


class ForeignOrigin(Refused):
    """The checkpoint is of another log."""

    code: ClassVar[str] = "log_origin_foreign"


class RolledBack(Refused):
    """A checkpoint that was published is larger than the tree: the log was rolled back."""

    code: ClassVar[str] = "log_rolled_back"


class Forked(Refused):
    """The tree is not the one that a published checkpoint speaks of: history was changed."""

    code: ClassVar[str] = "log_forked"


class BadProof(Refused):
    """Not a proof of inclusion (c2sp.org/tlog-proof@v1)."""

    code: ClassVar[str] = "log_proof_malformed"


class NotIncluded(Refused):
    """The proof does not lead from the leaf to the root of the checkpoint."""

    code: ClassVar[str] = "log_not_included"


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of its tree."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parsed(cls, text: str) -> Checkpoint:
        """Lines after the third one are for others. Raises BadCheckpoint."""
        lines = text.split("\n")
        if len(lines) <= LINES or not text.endswith("\n") or not all(lines[:-1]):
            raise BadCheckpoint
        root = decoded(lines[2])
        if not _SIZE.fullmatch(lines[1]) or root is None or len(root) != HASH_BYTES:
            raise BadCheckpoint
        return cls(lines[0], int(lines[1]), root)

    @classmethod
    def opened(cls, note: Note, keys: Iterable[Key], origin: str | None = None) -> Checkpoint:
        """Raises ForeignOrigin, BadCheckpoint, WrongSignature, NotSigned."""
        checkpoint = cls.parsed(note.text)
        if origin is not None and checkpoint.origin != origin:
            raise ForeignOrigin(origin=checkpoint.origin)
        signed = note.signed_by(keys)
        if all(key.name != checkpoint.origin for key in signed):
            raise ForeignOrigin(origin=checkpoint.origin)
        return checkpoint

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    def signed(self, signer: NoteSigner) -> Note:
        return signer.sign(self.text)

    def follows(self, older: Checkpoint, proof: list[bytes]) -> None:
        """Raises ForeignOrigin, RolledBack, Forked."""
        if older.origin != self.origin:
            raise ForeignOrigin(origin=older.origin)
        if older.size > self.size:
            raise RolledBack(published=older.size, size=self.size)
        try:
            check_consistency(older.size, older.root, self.size, self.root, proof)
        except WrongProof as error:
            raise Forked(published=older.size, size=self.size) from error


@dataclass(frozen=True)
class Proof:
    """That a leaf is in the tree of a checkpoint, with all it takes to check it offline."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note

    @classmethod
    def parsed(cls, content: bytes) -> Proof:
        """Raises BadProof, BadNote."""
        head, blank, note = content.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise BadProof from error
        extra = lines[1:2] and lines[1].startswith("extra ")
        name, index = (lines[2 if extra else 1 :] or [""])[0].partition(" ")[::2]
        hashes = [decoded(line) for line in lines[3 if extra else 2 :]]
        whole = [each for each in hashes if each is not None and len(each) == HASH_BYTES]
        if not blank or lines[0] != PROOF_HEAD or name != "index" or not _SIZE.fullmatch(index):
            raise BadProof
        if len(whole) != len(hashes) or len(whole) > MOST_HASHES:
            raise BadProof
        return cls(int(index), tuple(whole), Note.parsed(note))

    def __str__(self) -> str:
        hashes = "".join(f"{b64encode(each).decode()}\n" for each in self.hashes)
        return f"{PROOF_HEAD}\nindex {self.index}\n{hashes}\n{self.note}"

    def check(self, leaf: bytes, keys: Iterable[Key], origin: str | None = None) -> Checkpoint:
        """The checkpoint that holds the leaf. Raises NotIncluded, and what opening one raises."""
        checkpoint = Checkpoint.opened(self.note, keys, origin)
        try:
            root = root_by_inclusion(leaf_hash(leaf), self.index, checkpoint.size, self.hashes)
        except WrongProof as error:
            raise NotIncluded(index=self.index) from error
        if root != checkpoint.root:
            raise NotIncluded(index=self.index)
        return checkpoint
