"""The signing keys in one file, encrypted at rest: made, retired, given up, never deleted."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from string import ascii_lowercase
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict

from certificates import private_keys
from certificates.cose import EDDSA
from certificates.private_keys import PrivateKey
from certificates.public_keys import KeyState, PublicKey
from domain.refusals import Refused

_NONCE = 12


class KeyIdTaken(Refused):
    """There is a key of this id already; ids are never used twice."""

    code: ClassVar[str] = "key_id_taken"


class UnknownKey(Refused):
    """There is no key of this id."""

    code: ClassVar[str] = "key_unknown"


class NoSigningKey(Refused):
    """No active key may sign at this time."""

    code: ClassVar[str] = "signing_key_missing"


class KeysLocked(Refused):
    """The key-encryption key does not open the file, or somebody changed it."""

    code: ClassVar[str] = "signing_keys_locked"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: PublicKey
    nonce: str
    sealed: str


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    entries: tuple[_Entry, ...] = ()


@dataclass(frozen=True)
class FileSigner:
    """An opened key of the file."""

    key_id: str
    kid: bytes
    algorithm: int
    _private: PrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """64 bytes, the same each time, for either algorithm."""
        return private_keys.sign(self._private, data)


class FileKeyStore:
    """Keys at `path`, their private halves sealed by AES-256-GCM under 32 bytes given here."""

    def __init__(self, path: Path, key_encryption_key: bytes) -> None:
        if len(key_encryption_key) != 32:  # noqa: PLR2004 - AES-256, not a shorter sibling
            raise ValueError("the key-encryption key has 32 bytes")
        self._path = path
        self._cipher = AESGCM(key_encryption_key)

    def public_keys(self) -> tuple[PublicKey, ...]:
        return tuple(entry.key for entry in self._read().entries)

    def create(
        self, key_id: str, signs_from: datetime, signs_until: datetime, algorithm: int = EDDSA
    ) -> PublicKey:
        """Make a key that signs in the window. Raises KeyIdTaken."""
        private = private_keys.generate(algorithm)
        public = private_keys.public_bytes(private).hex()
        key = PublicKey(
            key_id=key_id, public=public, signs_from=signs_from, signs_until=signs_until
        )
        with self._changing() as entries:
            if key_id in entries:
                raise KeyIdTaken(key_id=key_id)
            entries[key_id] = self._sealed(key, private)
        return key

    def retire(self, key_id: str, at: datetime) -> PublicKey:
        """Stop signing with a key; what it signed before `at` stays good. Raises UnknownKey."""
        return self._change(key_id, KeyState.RETIRED, at)

    def give_up(self, key_id: str, at: datetime) -> PublicKey:
        """Declare a key compromised; nothing it signed is believed. Raises UnknownKey."""
        return self._change(key_id, KeyState.COMPROMISED, at)

    def signer(self, at: datetime, algorithm: int = EDDSA) -> FileSigner:
        """Open the active key of this time, the newest of several. Raises NoSigningKey."""
        usable = [
            entry
            for entry in self._read().entries
            if entry.key.state is KeyState.ACTIVE
            and entry.key.algorithm == algorithm
            and entry.key.may_have_signed_at(at)
        ]
        if not usable:
            raise NoSigningKey(at=at)
        return self._opened(max(usable, key=lambda entry: entry.key.signs_from))

    def next_key_id(self, year: int) -> str:
        """Give the first free id of a year: `k2026a`, `k2026b` and so on."""
        taken = {entry.key.key_id for entry in self._read().entries}
        candidates = (f"k{year}{letter}" for letter in ascii_lowercase)
        return next(candidate for candidate in candidates if candidate not in taken)

    def _change(self, key_id: str, state: KeyState, at: datetime) -> PublicKey:
        with self._changing() as entries:
            if key_id not in entries:
                raise UnknownKey(key_id=key_id)
            key = entries[key_id].key.model_copy(update={"state": state, "changed_at": at})
            entries[key_id] = entries[key_id].model_copy(update={"key": key})
        return key

    def _sealed(self, key: PublicKey, private: PrivateKey) -> _Entry:
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, private_keys.packed(private), _bound_to(key))
        return _Entry(key=key, nonce=nonce.hex(), sealed=sealed.hex())

    def _opened(self, entry: _Entry) -> FileSigner:
        key = entry.key
        try:
            nonce, sealed = bytes.fromhex(entry.nonce), bytes.fromhex(entry.sealed)
            private = self._cipher.decrypt(nonce, sealed, _bound_to(key))
        except InvalidTag as error:
            raise KeysLocked(key_id=key.key_id) from error
        opened = private_keys.unpacked(private, key.algorithm)
        return FileSigner(key.key_id, key.kid, key.algorithm, opened)

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return _File()

    @contextmanager
    def _changing(self) -> Generator[dict[str, _Entry]]:
        # Two processes that make a key at once must not lose one: a lost key cannot be had again.
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entries = {entry.key.key_id: entry for entry in self._read().entries}
            yield entries
            _replace(self._path, _File(entries=tuple(entries.values())).model_dump_json(indent=1))


def _bound_to(key: PublicKey) -> bytes:
    # A sealed key moved under another id or window does not open.
    window = f"{key.signs_from.timestamp():.0f}|{key.signs_until.timestamp():.0f}"
    return f"{key.key_id}|{key.public}|{window}".encode()


def _replace(path: Path, text: str) -> None:
    """Write so that a crash leaves the old file or the new one, for its owner's eyes only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
