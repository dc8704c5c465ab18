"""The signing keys in one file, encrypted at rest: made, retired, given up, never deleted."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, product
from pathlib import Path
from string import ascii_lowercase
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict

from certificates import private_keys
from certificates.cose import EDDSA
from certificates.private_keys import PrivateKey
from certificates.public_keys import GivenUp, KeyState, PublicKey
from domain.refusals import Refused

_NONCE = 12


class KeyIdTaken(Refused):
    """There is a key of this id already; ids are never used twice."""

    code: ClassVar[str] = "key_id_taken"


class UnknownKey(Refused):
    """There is no key of this id."""

    code: ClassVar[str] = "key_unknown"


class KeyGivenUp(Refused):
    """The key was given up as stolen: nothing makes it trusted again."""

    code: ClassVar[str] = "key_given_up"


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

    def public_key(self, key_id: str) -> PublicKey:
        """Raises UnknownKey."""
        for key in self.public_keys():
            if key.key_id == key_id:
                return key
        raise UnknownKey(key_id=key_id)

    def create(
        self, key_id: str, signs_from: datetime, signs_until: datetime, algorithm: int = EDDSA
    ) -> PublicKey:
        """Make a key that signs in the window. Raises KeyIdTaken."""
        with self._changing() as entries:
            return self._made(entries, key_id, signs_from, signs_until, algorithm)

    def rotate(
        self,
        key_id: str,
        signs_from: datetime,
        signs_until: datetime,
        retired_at: datetime,
        algorithm: int = EDDSA,
    ) -> PublicKey:
        """Make a key and retire those of its kind that sign so far, in one change.

        Raises KeyIdTaken.
        """
        with self._changing() as entries:
            for name, entry in entries.items():
                if entry.key.state is KeyState.ACTIVE and entry.key.algorithm == algorithm:
                    entries[name] = _with(entry, state=KeyState.RETIRED, changed_at=retired_at)
            return self._made(entries, key_id, signs_from, signs_until, algorithm)

    def retire(self, key_id: str, at: datetime) -> PublicKey:
        """Stop signing with a key; what it signed before stays good. Retired again is no news.

        Raises UnknownKey, KeyGivenUp.
        """

        def retired(known: PublicKey) -> dict[str, object]:
            if known.is_compromised:
                raise KeyGivenUp(key_id=key_id)
            return {"state": KeyState.RETIRED, "changed_at": known.changed_at or at}

        return self._change(key_id, retired)

    def give_up(self, key_id: str, at: datetime, decided: GivenUp) -> PublicKey:
        """Declare a key compromised; what is not proved older is not believed. Raises UnknownKey.

        Declared again, the theft has another date; when it stopped signing stays.
        """

        def given_up(known: PublicKey) -> dict[str, object]:
            stopped = known.changed_at or at
            return {"state": KeyState.COMPROMISED, "changed_at": stopped, "given_up": decided}

        return self._change(key_id, given_up)

    def signer(self, at: datetime, algorithm: int = EDDSA) -> FileSigner:
        """Open the active key of this time, the newest of several. Raises NoSigningKey."""
        usable = [
            entry
            for entry in self._read().entries
            if entry.key.algorithm == algorithm and entry.key.may_sign_at(at)
        ]
        if not usable:
            raise NoSigningKey(at=at)
        return self._opened(max(usable, key=lambda entry: entry.key.signs_from))

    def hourly(self, at: datetime) -> tuple[FileSigner, datetime]:
        """Who signs lists now, and the time that stands in them: their bytes last an hour.

        Raises NoSigningKey.
        """
        signer = self.signer(at)
        begins = self.public_key(signer.key_id).signs_from
        return signer, max(at.replace(minute=0, second=0, microsecond=0), begins)

    def next_key_id(self, year: int) -> str:
        """Give the first free id of a year: `k2026a` to `k2026z`, then `k2026aa`."""
        taken = {entry.key.key_id for entry in self._read().entries}
        letters = (
            "".join(some) for length in count(1) for some in product(ascii_lowercase, repeat=length)
        )
        return next(name for each in letters if (name := f"k{year}{each}") not in taken)

    def _change(self, key_id: str, decide: Callable[[PublicKey], dict[str, object]]) -> PublicKey:
        # Decided on what the file says under its lock: another process may have given it up.
        with self._changing() as entries:
            if key_id not in entries:
                raise UnknownKey(key_id=key_id)
            entries[key_id] = _with(entries[key_id], **decide(entries[key_id].key))
            return entries[key_id].key

    def _made(
        self,
        entries: dict[str, _Entry],
        key_id: str,
        signs_from: datetime,
        signs_until: datetime,
        algorithm: int,
    ) -> PublicKey:
        if key_id in entries:
            raise KeyIdTaken(key_id=key_id)
        private = private_keys.generate(algorithm)
        public = private_keys.public_bytes(private).hex()
        key = PublicKey(
            key_id=key_id, public=public, signs_from=signs_from, signs_until=signs_until
        )
        entries[key_id] = self._sealed(key, private)
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


def _with(entry: _Entry, **changed: object) -> _Entry:
    return entry.model_copy(update={"key": entry.key.model_copy(update=changed)})


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
