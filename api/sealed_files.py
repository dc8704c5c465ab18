"""Files of any size under a passphrase: encrypted piece by piece, in little memory.

A head (a line of text, salt, beginning of the nonces) and pieces of 64 KiB, each sealed by
AES-256-GCM under its number and whether it is the last (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár). A piece that was touched, moved, left out, or a missing end do
not open.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

HEAD: Final = b"parent-credits sealed file 1\n"
SALT, PREFIX, TAG = 16, 7, 16
PIECE = 1 << 16
COST = 1 << 17  # of scrypt: N


class BackupError(Exception):
    """A backup or restore that cannot go on; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


def derive(passphrase: str, salt: bytes) -> bytes:
    """Scrypt with the parameters of RFC 7914 for files (N=2^17, r=8, p=1: about 0.4 s, 128 MB)."""
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())


@dataclass(frozen=True)
class Seal:
    """The key of one file and the beginning of its nonces. No two files have the same."""

    head: bytes
    key: bytes = field(repr=False)

    @classmethod
    def new(cls, passphrase: str) -> Seal:
        salt = random.token_bytes(SALT)
        return cls(HEAD + salt + random.token_bytes(PREFIX), derive(passphrase, salt))

    @classmethod
    def of(cls, source: BinaryIO, passphrase: str) -> Seal:
        """That of a file which begins here. Raises BackupError backup_damaged."""
        head = source.read(len(HEAD) + SALT + PREFIX)
        if not head.startswith(HEAD) or len(head) < len(HEAD) + SALT + PREFIX:
            raise BackupError("backup_damaged", "head")
        return cls(head, derive(passphrase, head[len(HEAD) : len(HEAD) + SALT]))

    def close(self, source: IO[bytes], target: BinaryIO) -> None:
        """Write the sealed form of all that comes."""
        target.write(self.head)
        cipher, number = AESGCM(self.key), 0
        piece, following = source.read(PIECE), source.read(PIECE)
        while following:
            target.write(cipher.encrypt(self._nonce(number, is_last=False), piece, self.head))
            piece, following, number = following, source.read(PIECE), number + 1
        target.write(cipher.encrypt(self._nonce(number, is_last=True), piece, self.head))

    def open(self, source: BinaryIO) -> Iterator[bytes]:
        """What was sealed; `source` stands after the head.

        Raises BackupError: passphrase_wrong (or the first piece was touched), backup_damaged.
        What was handed out before is as it was sealed, and yet not all of it.
        """
        cipher, number = AESGCM(self.key), 0
        piece, following = source.read(PIECE + TAG), source.read(PIECE + TAG)
        while True:
            nonce = self._nonce(number, is_last=not following)
            try:
                yield cipher.decrypt(nonce, piece, self.head)
            except (InvalidTag, ValueError) as broken:
                code = "backup_damaged" if number else "passphrase_wrong"
                raise BackupError(code, f"piece {number}") from broken
            if not following:
                return
            piece, following, number = following, source.read(PIECE + TAG), number + 1

    def _nonce(self, number: int, *, is_last: bool) -> bytes:
        return self.head[-PREFIX:] + number.to_bytes(4, "big") + bytes([is_last])


def is_sealed(source: BinaryIO) -> bool:
    """Whether the file is one of these; it is left at its beginning."""
    begins = source.read(len(HEAD))
    source.seek(0)
    return begins == HEAD
