"""Codes that rotate on the presenter's page, made from a key and the time: there is no table."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from api.access import codes
from api.access.codes import CodeExpired
from domain.refusals import Refused

TOKEN_CHARACTERS: Final = 10  # 50 bits
TYPED_DIGITS: Final = 6
EXPIRED_IS_TOLD_FOR: Final = timedelta(minutes=10)  # older than that, a code is simply wrong
_TOKEN_BYTES: Final = 8
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SPACES: Final = str.maketrans("", "", " -\t")


class CodeWrong(Refused):
    code = "code_wrong"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How long a code is shown, how long it is good afterwards, how early a fast clock shows it."""

    step: timedelta
    grace: timedelta
    early: timedelta

    def current(self, at: datetime) -> int:
        return (at - _EPOCH) // self.step

    def begins(self, step: int) -> datetime:
        return _EPOCH + step * self.step

    def accepted(self, at: datetime) -> range:
        """Give the steps whose code is good now, the oldest first."""
        oldest = (at - _EPOCH - self.step - self.grace) // self.step + 1
        return range(oldest, self.current(at + self.early) + 1)

    def expired(self, at: datetime) -> range:
        return range(self.current(at - EXPIRED_IS_TOLD_FOR), self.accepted(at).start)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code and when it stands on the screen."""

    step: int
    code: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RotatingCodes:
    """The scanned token and the typed code of every session. The rhythms are the rulebook's."""

    key: bytes
    scanned: Rhythm
    typed: Rhythm

    def codes_ahead(
        self, session_id: UUID, room: str, at: datetime, n: int = 25
    ) -> list[ShownCode]:
        """Give the token shown now and those after it, for a page that may lose its network."""
        return _ahead(self.scanned, self._tokens(session_id, room), at, n)

    def typed_ahead(self, session_id: UUID, room: str, at: datetime, n: int = 6) -> list[ShownCode]:
        """Give the typed code shown now and those after it."""
        return _ahead(self.typed, self._typed_codes(session_id, room), at, n)

    def redeem_token(self, session_id: UUID, room: str, token: str, at: datetime) -> int:
        """Return the step a scanned token was shown in. Refuses CodeExpired, CodeWrong."""
        text = codes.typed(token)
        if text is None or len(text) != TOKEN_CHARACTERS:
            raise CodeWrong
        return _recognised(text, self._tokens(session_id, room), self.scanned, at)

    def redeem_typed(self, session_id: UUID, room: str, code: str, at: datetime) -> int:
        """Return the step a typed code was shown in. Refuses CodeExpired, CodeWrong."""
        return _recognised(_digits(code), self._typed_codes(session_id, room), self.typed, at)

    def _tokens(self, session_id: UUID, room: str) -> Callable[[int], str]:
        session_key = self._session_key(session_id)

        def token(step: int) -> str:
            tag = _tag(session_key, b"checkin/1", session_id, room, step)
            return codes.encode(tag[:_TOKEN_BYTES], TOKEN_CHARACTERS)

        return token

    def _typed_codes(self, session_id: UUID, room: str) -> Callable[[int], str]:
        session_key = self._session_key(session_id)

        def typed_code(step: int) -> str:
            tag = _tag(session_key, b"checkin-typed/1", session_id, room, step)
            return f"{int.from_bytes(tag[:8], 'big') % 10**TYPED_DIGITS:0{TYPED_DIGITS}d}"

        return typed_code

    def _session_key(self, session_id: UUID) -> bytes:
        return hmac.digest(self.key, b"checkin-session/1" + session_id.bytes, "sha256")


def _tag(key: bytes, purpose: bytes, session_id: UUID, room: str, step: int) -> bytes:
    # The room comes last and all before it has a fixed length: no two messages look alike.
    message = purpose + session_id.bytes + step.to_bytes(8, "big", signed=True)
    return hmac.digest(key, message + room.encode("utf-8", "surrogatepass"), "sha256")


def _ahead(rhythm: Rhythm, code: Callable[[int], str], at: datetime, count: int) -> list[ShownCode]:
    first = rhythm.current(at)
    return [
        ShownCode(step, code(step), rhythm.begins(step), rhythm.begins(step + 1))
        for step in range(first, first + count)
    ]


def _recognised(text: str, code: Callable[[int], str], rhythm: Rhythm, at: datetime) -> int:
    step = _matching(text, code, rhythm.accepted(at))
    if step is not None:
        return step
    if _matching(text, code, rhythm.expired(at)) is not None:
        raise CodeExpired
    raise CodeWrong


def _matching(text: str, code: Callable[[int], str], steps: Iterable[int]) -> int | None:
    """Compare with every step's code, in the same time whichever it is; the latest one counts."""
    found = None
    for step in steps:
        if hmac.compare_digest(code(step), text):
            found = step
    return found


def _digits(code: str) -> str:
    if len(code) > codes.MOST_TYPED:
        raise CodeWrong
    digits = unicodedata.normalize("NFKC", code).translate(_SPACES)
    if len(digits) != TYPED_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise CodeWrong
    return digits
