"""Passwords of staff: which are good enough, and their argon2id hashes. It knows no accounts."""

from __future__ import annotations

import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import Parameters, PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from domain.refusals import Refused

# RFC 9106 section 4, second recommended option ("low memory").
RFC_9106_LOW_MEMORY = Parameters(
    type=Type.ID,
    version=19,
    salt_len=16,
    hash_len=32,
    time_cost=3,
    memory_cost=64 * 1024,
    parallelism=4,
)
LEAST_CHARACTERS = 10
MOST_CHARACTERS = 256
LEAST_DIFFERENT_CHARACTERS = 5
HASHES_AT_ONCE = 2  # each takes 64 MiB: a flood of logins must not take the memory
WAITING_AT_MOST = 8  # nor every thread of the process

_STEMS = (
    "password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "mima", "qwerty", "asdfgh",
    "zxcvbn",
    "1qaz2wsx", "qazwsx", "admin", "administrator", "welcome", "letmein", "iloveyou", "woaini",
    "changeme", "parentcredits", "jiazhang", "guangzhou", "xuexiao", "school", "teacher", "laoshi",
)  # fmt: skip
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()_+",
)
_ORNAMENT = "0123456789!?.,;:@#$%^&*()_+-= /\\~'\""


class PasswordTooShort(Refused):
    code = "password_too_short"


class PasswordTooLong(Refused):
    code = "password_too_long"


class PasswordMalformed(Refused):
    """Control characters, or code points that are no text."""

    code = "password_malformed"


class PasswordsBusy(Refused):
    """Too many are signing in at this moment; the next second is a better one."""

    code = "passwords_busy"


class PasswordObvious(Refused):
    """A run, a repetition, a well-known word or the user name, with or without ornament."""

    code = "password_obvious"


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of one comparison; `renewed` is a fresh hash when the parameters have changed."""

    fits: bool
    renewed: str | None = None


class Passwords:
    """Hash and verify under one set of parameters."""

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._turn = BoundedSemaphore(HASHES_AT_ONCE)
        self._queue = BoundedSemaphore(HASHES_AT_ONCE + WAITING_AT_MOST)
        # Somebody unknown is compared with this: the answer takes as long as for somebody known.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str, user_name: str) -> str:
        """Refuses what is too short, too long, malformed or obvious, and PasswordsBusy."""
        text = checked(password, user_name)
        with self._in_turn():
            return self._hasher.hash(text)

    def verify(self, stored: str | None, password: str) -> Verified:
        """Compare with a stored hash; None (no such user) costs the same time and never fits.

        Refuses PasswordsBusy.
        """
        text = _normal(password) or ""
        with self._in_turn():
            fits = self._fits(stored or self._nobody, text) and stored is not None
            if fits and stored and self._hasher.check_needs_rehash(stored):
                return Verified(fits=True, renewed=self._hasher.hash(text))
        return Verified(fits=fits)

    @contextmanager
    def _in_turn(self) -> Generator[None]:
        if not self._queue.acquire(blocking=False):
            raise PasswordsBusy
        try:
            with self._turn:
                yield
        finally:
            self._queue.release()

    def _fits(self, stored: str, text: str) -> bool:
        try:
            return self._hasher.verify(stored, text)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str | None:
    """Give the text that is hashed, or None where no password could be that."""
    if len(password) > MOST_CHARACTERS:
        return None
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        return None
    return unicodedata.normalize("NFC", password)


def are_same(one: str, other: str) -> bool:
    """Say whether two passwords have one hash, however their accents were typed."""
    return _normal(one) == _normal(other)


def checked(password: str, user_name: str) -> str:
    """Return the text that is hashed. Refuses what is too short, too long, malformed or obvious."""
    if len(password) > MOST_CHARACTERS:
        raise PasswordTooLong(most=MOST_CHARACTERS)
    text = _normal(password)
    if text is None:
        raise PasswordMalformed
    if len(text) < LEAST_CHARACTERS:
        raise PasswordTooShort(least=LEAST_CHARACTERS)
    if _is_obvious(text.casefold(), user_name.casefold()):
        raise PasswordObvious
    return text


def _is_obvious(text: str, user_name: str) -> bool:
    if len(set(text)) < LEAST_DIFFERENT_CHARACTERS or _is_run(text) or _repeats(text):
        return True
    core = text.strip(_ORNAMENT)
    return core in {"", *_STEMS, user_name} or any(
        text.replace(word, "").strip(_ORNAMENT) == "" for word in (*_STEMS, user_name) if word
    )


def _is_run(text: str) -> bool:
    return any(text in row or text[::-1] in row for run in _RUNS for row in (run, run * 2))


def _repeats(text: str) -> bool:
    """Say whether a piece of at most half the length makes up the whole: abcdeabcde."""
    return text in (text + text)[1:-1]
