"""C2SP signed notes: a text, and who signed it. Keys travel as `name+id+base64`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.signing import SigningKey

from domain.refusals import Refused

PLAIN, COSIGNATURE = 1, 4  # the kinds of Ed25519 signatures that C2SP assigned
MOST_BYTES = 64 * 1024
MOST_SIGNATURES = 64
ID_BYTES, TIME_BYTES, PUBLIC_BYTES = 4, 8, 32

_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "— "


class BadKey(Refused):
    """Not a key of a log or a witness: `name+id+base64`, Ed25519."""

    code: ClassVar[str] = "log_key_malformed"


class BadNote(Refused):
    """Not a signed note: a text, a blank line, and lines of signatures."""

    code: ClassVar[str] = "log_note_malformed"


class NotSigned(Refused):
    """None of the keys that are trusted here signed it."""

    code: ClassVar[str] = "log_note_not_signed"


class WrongSignature(Refused):
    """It bears a signature in the name of a trusted key that this key never made."""

    code: ClassVar[str] = "log_note_wrong_signature"


@dataclass(frozen=True)
class Key:
    """The public half of a key that signs notes or cosigns checkpoints."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parsed(cls, text: str) -> Key:
        """Raises BadKey."""
        name, _, rest = text.strip().partition("+")
        identity, _, encoded = rest.partition("+")
        content = decoded(encoded)
        if content is None or len(content) != 1 + PUBLIC_BYTES or not _NAME.fullmatch(name):
            raise BadKey
        key = cls(name, content[0], content[1:])
        if key.kind not in {PLAIN, COSIGNATURE} or key.identity.hex() != identity:
            raise BadKey
        return key

    @cached_property
    def identity(self) -> bytes:
        content = f"{self.name}\n".encode() + bytes([self.kind]) + self.public
        return hashlib.sha256(content).digest()[:ID_BYTES]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.identity.hex()}+{encoded}"

    def verifies(self, text: str, signature: bytes) -> bool:
        signed = text.encode()
        if self.kind == COSIGNATURE:
            at = int.from_bytes(signature[:TIME_BYTES])
            signed, signature = cosigned(text, at), signature[TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
        except InvalidSignature:
            return False
        return True


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs of a checkpoint at a time in seconds."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True)
class Signature:
    name: str
    identity: bytes
    content: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.identity + self.content).decode()}\n"

    @property
    def cosigned_at(self) -> int:
        """The time that a witness gave, in seconds."""
        return int.from_bytes(self.content[:TIME_BYTES])

    @classmethod
    def parsed(cls, line: str) -> Signature:
        """Raises BadNote."""
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        content = decoded(encoded)
        if not line.startswith(_DASH) or not _NAME.fullmatch(name):
            raise BadNote
        if content is None or len(content) <= ID_BYTES:
            raise BadNote
        return cls(name, content[:ID_BYTES], content[ID_BYTES:])


@dataclass(frozen=True)
class Note:
    text: str
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def parsed(cls, content: bytes) -> Note:
        """Raises BadNote."""
        try:
            whole = content.decode()
        except UnicodeDecodeError as error:
            raise BadNote from error
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or len(content) > MOST_BYTES or _CONTROL.search(whole):
            raise BadNote
        if not lines.endswith("\n") or lines.count("\n") > MOST_SIGNATURES:
            raise BadNote
        signatures = tuple(map(Signature.parsed, lines[:-1].split("\n")))
        return cls(f"{text}\n", signatures)

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(each.line for each in self.signatures)}"

    def signed_by(self, keys: Iterable[Key]) -> dict[Key, Signature]:
        """Which of these keys signed. Raises WrongSignature, NotSigned."""
        found: dict[Key, Signature] = {}
        known = {(key.name, key.identity): key for key in keys}
        for signature in self.signatures:
            key = known.get((signature.name, signature.identity))
            if key is None:
                continue
            if not key.verifies(self.text, signature.content):
                raise WrongSignature(key=key.name)
            found[key] = signature
        if not found:
            raise NotSigned
        return found

    def joined(self, others: Sequence[Signature]) -> Note:
        return Note(self.text, (*self.signatures, *others))


@dataclass(frozen=True)
class NoteSigner:
    """A key that signs notes in a name. libsodium signs in two thirds of OpenSSL's time."""

    key: Key
    _private: SigningKey = field(repr=False)

    @classmethod
    def of(cls, name: str, seed: bytes) -> NoteSigner:
        private = SigningKey(seed)
        return cls(Key(name, PLAIN, bytes(private.verify_key)), private)

    def sign(self, text: str) -> Note:
        content = self._private.sign(text.encode()).signature
        return Note(text, (Signature(self.key.name, self.key.identity, content),))


def decoded(text: str) -> bytes | None:
    """Strict base64, or None."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
