"""Identities made of their parts: what may happen once has an id that says so (ADR 0003)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

# Fixed from the first commit: every derived id in every ledger hangs on it.
ROOT = uuid5(NAMESPACE_URL, "urn:parent-credits")

_ROOTED = hashlib.sha1(ROOT.bytes, usedforsecurity=False)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=8_192, typed=True)  # one decision asks for the same id again and again
def derived(*parts: str | int | UUID) -> UUID:
    """A name-based id: the same parts give the same id, in every process and every year."""
    return named("\x1f".join(map(str, parts)))


def named(name: str) -> UUID:
    """uuid5 of a name under our root, at half of its cost: everything derived passes here."""
    digest = _ROOTED.copy()
    digest.update(name.encode())
    return _stamp(digest.digest()[:16], version=5)


@lru_cache(maxsize=8_192)
def attendance_id(session_id: UUID, learner_id: UUID) -> UUID:
    """The one attendance of a learner at a session: a UUIDv8 that begins like the session's id.

    One evening's attendances lie together in the index; the rest is a digest of both ids.
    """
    digest = hashlib.sha256(session_id.bytes + learner_id.bytes).digest()
    return _stamp(session_id.bytes[:6] + digest[:10], version=8)


def beside(session_id: UUID, *parts: str | int | UUID) -> UUID:
    """The id of something else of a session, found like its attendances behind the same 6 bytes."""
    return _stamp(session_id.bytes[:6] + derived(session_id, *parts).bytes[:10], version=8)


def timed_id(at: datetime, *parts: str | int | UUID) -> UUID:
    """A UUIDv7 of a planned time whose random bits are a digest of what is planned.

    The same row of the same plan is the same session, however often it is imported. Ids are
    ordered by the planned second; the milliseconds are a digest too, because many schools begin
    at seven and the index finds a session's attendances by the first 6 bytes of its id.
    """
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    jitter = int.from_bytes(digest[10:14]) % 1000
    milliseconds = (at - _EPOCH) // _SECOND * 1000 + jitter
    return _stamp(milliseconds.to_bytes(6) + digest[:10], version=7)


def _stamp(raw: bytes, version: int) -> UUID:
    """Set the version and variant bits of RFC 9562."""
    value = int.from_bytes(raw) & ~(0xF000 << 64) & ~(0xC000 << 48)
    return UUID(int=value | version << 76 | 0x8000 << 48)
