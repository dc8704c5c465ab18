"""Drawing a sample that anybody draws again: SHA-256 of the seed and each id, the smallest first.

For an id: `printf '%s %s' "$SEED" "$ID" | sha256sum`. The ids with the smallest digests are drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID


def population_text(session_ids: Iterable[UUID]) -> str:
    """The population as it is published: one id a line, in their order, each line ended."""
    return "".join(f"{each}\n" for each in sorted(set(session_ids)))


def population_sha256(session_ids: Iterable[UUID]) -> str:
    return hashlib.sha256(population_text(session_ids).encode()).hexdigest()


def digest(seed: str, session_id: UUID) -> str:
    return hashlib.sha256(f"{seed} {session_id}".encode()).hexdigest()


def draw(seed: str, session_ids: Iterable[UUID], size: int) -> tuple[UUID, ...]:
    """So many of them, in the order of their digests."""
    return tuple(sorted(set(session_ids), key=lambda each: digest(seed, each))[:size])
